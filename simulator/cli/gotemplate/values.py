"""Go values as a template meets them: data with a type. What package reflect is to text/template.

An invalid value (an untyped nil) is None. Data by kind: bool, int, float and str as they are; a slice is a list of
values, a map a dict from native keys to values, a struct a dict of values by field name, a pointer or interface the
value inside; None is nil for the last five.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct, field


class Field(Struct, frozen=True):
    """A field of a struct type: its name in Go and in JSON."""

    name: str
    type: Type
    json: str
    omit_empty: bool = False
    embedded: bool = False


class Type(Struct, frozen=True):
    """A Go type. `kind` is reflect's, `name` what Go prints for it."""

    kind: str
    name: str
    element: Type | None = None
    key: Type | None = None
    fields: tuple[Field, ...] = ()
    text: Callable[[Any], str] | None = None  # its String method
    methods: Mapping[str, Callable[..., Any]] = field(default_factory=dict)

    def field(self, name: str) -> tuple[Field, ...]:
        """The way to a field: itself, or through embedded structs. Empty if there is none."""
        for item in self.fields:
            if item.name == name:
                return (item,)
        for item in self.fields:
            if item.embedded:
                inner = item.type.element if item.type.kind == "ptr" else item.type
                deeper = inner.field(name) if inner else ()
                if deeper:
                    return (item, *deeper)
        return ()


class Value(Struct, frozen=True):
    """A value with its Go type: reflect.Value."""

    type: Type
    data: Any

    @property
    def kind(self) -> str:
        return self.type.kind

    @property
    def is_nil(self) -> bool:
        return self.data is None


BOOL = Type("bool", "bool")
INT = Type("int", "int")
FLOAT = Type("float", "float64")
STRING = Type("string", "string")
NUMBER = Type("string", "json.Number")
INTERFACE = Type("interface", "interface {}")
STRINGS = Type("slice", "[]string", STRING)
RAW_SLICE = Type("slice", "[]interface {}", INTERFACE)
RAW_MAP = Type("map", "map[string]interface {}", INTERFACE, STRING)


def of_bool(data: bool) -> Value:
    return Value(BOOL, data)


def of_int(data: int) -> Value:
    return Value(INT, data)


def of_float(data: float) -> Value:
    return Value(FLOAT, data)


def of_text(data: str) -> Value:
    return Value(STRING, data)


def of_strings(data: list[str]) -> Value:
    return Value(STRINGS, [of_text(item) for item in data])


def of_json(document: Any) -> Value | None:
    """A JSON document as encoding/json decodes it into an interface{}, numbers kept as json.Number."""
    if document is None:
        return None
    if isinstance(document, bool):
        return of_bool(document)
    if isinstance(document, int | float):
        return Value(NUMBER, repr(document))
    if isinstance(document, str):
        return of_text(document)
    if isinstance(document, list):
        return Value(RAW_SLICE, [Value(INTERFACE, of_json(item)) for item in document])
    return Value(RAW_MAP, {name: Value(INTERFACE, of_json(item)) for name, item in document.items()})


def indirect(value: Value | None) -> tuple[Value | None, bool]:
    """What a chain of pointers and interfaces leads to, and whether it ends in nil."""
    while value is not None and value.kind in ("ptr", "interface"):
        if value.is_nil:
            return value, True
        value = value.data
    return value, False


def unboxed(value: Value | None) -> Value | None:
    """The concrete value in an interface, None for a nil one."""
    return value.data if value is not None and value.kind == "interface" else value


def is_true(value: Value | None) -> bool:
    """Whether a value is not the zero of its type."""
    if value is None:
        return False
    if value.kind == "struct":
        return True
    if value.kind in ("ptr", "interface"):
        return not value.is_nil
    return bool(value.data)


def zero(kind: Type) -> Value:
    """The zero value of a type."""
    if kind.kind == "struct":
        return Value(kind, {item.name: zero(item.type) for item in kind.fields})
    return Value(kind, {"bool": False, "int": 0, "uint": 0, "float": 0.0, "string": ""}.get(kind.kind))


def string_of_bytes(data: bytes) -> str:
    """Go strings are bytes; those that are not UTF-8 are kept apart until they are written."""
    return data.decode("utf-8", "surrogateescape")


def bytes_of(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
