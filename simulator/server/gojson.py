"""JSON as the real engine writes and reads it: Go's encoding/json, with its words for what is no JSON.

Left out: refusing fields of a wrong type, field by field.
"""

from __future__ import annotations

import json
from typing import Any

_EXPECTED = (
    ("Expecting property name", "looking for beginning of object key string"),
    ("Expecting value", "looking for beginning of value"),
    ("Expecting ':'", "after object key"),
    ("Expecting ','", "after object key:value pair"),
    ("Extra data", "after top-level value"),
    ("Invalid control character", "in string literal"),
    ("Invalid \\", "in string escape code"),
    ("Illegal trailing comma", "looking for beginning of object key string"),
)


def encoded(document: Any) -> bytes:
    """A document as json.Encoder writes it without escaping HTML: compact, in one line."""
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def progress(document: Any) -> bytes:
    """A report of progress as pkg/streamformatter writes it: one line, safe inside HTML."""
    text = encoded(document)[:-1].replace(b"<", b"\\u003c").replace(b">", b"\\u003e").replace(b"&", b"\\u0026")
    return text + b"\r\n"


def decoded(text: str) -> Any:
    """Raises ValueError with Go's words."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as failure:
        raise ValueError(_complaint(text, failure)) from None
    except RecursionError:
        raise ValueError("exceeded max depth") from None


def _complaint(text: str, failure: json.JSONDecodeError) -> str:
    position = failure.pos
    while position < len(text) and text[position] in " \t\r\n":
        position += 1
    if position >= len(text) or failure.msg.startswith("Unterminated"):
        return "unexpected end of JSON input" if not text.strip() else "unexpected EOF"
    after = next(
        (words for start, words in _EXPECTED if failure.msg.startswith(start)), "looking for beginning of value"
    )
    return f"invalid character '{text[position]}' {after}"
