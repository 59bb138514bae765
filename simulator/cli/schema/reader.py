"""Reads schemas and makes typed values of documents, as encoding/json decodes into a struct."""

from __future__ import annotations

from typing import Any

from simulator.apitypes.text import Member, members_by_struct
from simulator.cli.gotemplate.values import BOOL, FLOAT, INT, INTERFACE, STRING, Field, Type, Value, of_json, zero
from simulator.cli.moments import go_time
from simulator.clock import Zone
from simulator.golang.duration import go_duration

_BASIC: dict[str, Type] = {
    "bool": BOOL,
    "int": INT,
    "int32": Type("int", "int32"),
    "int64": Type("int", "int64"),
    "uint": Type("uint", "uint"),
    "uint8": Type("uint", "uint8"),
    "uint16": Type("uint", "uint16"),
    "uint32": Type("uint", "uint32"),
    "uint64": Type("uint", "uint64"),
    "float64": FLOAT,
    "string": STRING,
    "interface {}": INTERFACE,
    "time.Duration": Type("int", "time.Duration", text=go_duration),
}
ZERO_TIME = "0001-01-01T00:00:00Z"


class Schema:
    """The structs of one text; the first is the document's own."""

    def __init__(self, text: str, zone: Zone | None = None) -> None:
        self._structs = members_by_struct(text)
        self.root = next(iter(self._structs))
        self._types: dict[str, Type] = dict(_BASIC)
        self._types["time.Time"] = Type("struct", "time.Time", text=lambda moment: go_time(moment, zone))

    def typed(self, document: Any, *, pointer: bool = False) -> Value:
        """The document as its Go struct, or as a pointer to it."""
        value = decoded(self.type(self.root), document)
        return Value(Type("ptr", f"*{self.root}", value.type), value) if pointer else value

    def type(self, text: str) -> Type:
        if text not in self._types:
            self._types[text] = self._made(text)
        return self._types[text]

    def _made(self, text: str) -> Type:
        name, equals, base = text.partition("=")
        if equals and "[" not in name:
            plain = self.type(base)
            return Type(plain.kind, name, plain.element, plain.key, plain.fields)
        if text.startswith("*"):
            return self._of("ptr", "*", self.type(text[1:]))
        if text.startswith("["):
            brackets, _, element = text.partition("]")
            return self._of("slice", f"{brackets}]", self.type(element))
        if text.startswith("map["):
            keys, _, element = text[4:].partition("]")
            key, value = self.type(keys), self.type(element)
            return Type("map", f"map[{key.name}]{value.name}", value, key)
        return Type("struct", text, fields=tuple(self._field(member) for member in self._structs[text]))

    def _of(self, kind: str, prefix: str, element: Type) -> Type:
        return Type(kind, prefix + element.name, element)

    def _field(self, member: Member) -> Field:
        return Field(member.name, self.type(member.kind), member.json, member.omitempty, member.embedded)


def decoded(kind: Type, document: Any) -> Value:
    """A document as a value of this type; what it lacks has its zero value."""
    if kind.name == "time.Time":
        return Value(kind, document or ZERO_TIME)
    if document is None:
        return zero(kind)
    element = kind.element
    if kind.kind == "slice" and element:
        return Value(kind, [decoded(element, item) for item in document])
    if kind.kind == "map" and element:
        return Value(kind, {name: decoded(element, item) for name, item in document.items()})
    if kind.kind == "ptr" and element:
        return Value(kind, decoded(element, document))
    if kind.kind == "interface":
        return Value(kind, of_json(document))
    if kind.kind == "struct":
        return Value(kind, {item.name: _member(item, document) for item in kind.fields})
    return Value(kind, document)


def _member(item: Field, document: dict[str, Any]) -> Value:
    return decoded(item.type, document if item.embedded else document.get(item.json))
