"""Values as JSON: encoding/json without HTML escaping, as docker's `json` function writes it."""

from __future__ import annotations

import json
from typing import Any

from simulator.cli.gotemplate.values import Field, Value

_EMPTY: tuple[Any, ...] = (None, False, 0, "", [], {})


def json_text(value: Value | None) -> str:
    """A value on one line. What an object's own MarshalJSON wrote is escaped for HTML, as json.Marshal does."""
    return dumps(document_of(value), escape_html=value is not None and "MarshalJSON" in value.type.methods)


def dumps(document: Any, *, escape_html: bool = False) -> str:
    """A document on one line, as Go writes it."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    if escape_html:
        text = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return text


def document_of(value: Value | None) -> Any:
    """A value as the document it stands for: maps by key, fields of structs in their order."""
    if value is None or value.is_nil:
        return None
    if value.type.name == "time.Time":
        return value.data
    if "MarshalJSON" in value.type.methods:
        return value.type.methods["MarshalJSON"](value.data)
    if value.kind in ("ptr", "interface"):
        return document_of(value.data)
    if value.kind == "slice":
        return [document_of(item) for item in value.data]
    if value.kind == "map":
        return {str(name): document_of(item) for name, item in sorted(value.data.items())}
    if value.kind == "struct":
        return _struct(value)
    if value.type.name == "json.Number":
        return int(value.data) if value.data.lstrip("-").isdigit() else float(value.data)
    return value.data


def _struct(value: Value) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for field in value.type.fields:
        inner: Value = value.data[field.name]
        if field.json == "-":
            continue
        if field.embedded:
            document.update(document_of(inner) or {})
        elif not (field.omit_empty and _is_empty(field, inner)):
            document[field.json] = document_of(inner)
    return document


def _is_empty(field: Field, value: Value) -> bool:
    return field.type.kind != "struct" and any(value.data is empty or value.data == empty for empty in _EMPTY)
