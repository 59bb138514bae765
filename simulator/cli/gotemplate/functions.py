"""The functions of templates: Go's own and those that docker adds. See text/template/funcs.go, docker/cli/templates."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

from msgspec import Struct

from simulator.cli.gotemplate import compare
from simulator.cli.gotemplate.escape import html_escaped, js_escaped, query_escaped
from simulator.cli.gotemplate.failure import CallFailure
from simulator.cli.gotemplate.printing import printed, sprint, sprintf, sprintln
from simulator.cli.gotemplate.tojson import json_text
from simulator.cli.gotemplate.values import (
    Type,
    Value,
    bytes_of,
    indirect,
    is_true,
    of_bool,
    of_int,
    of_strings,
    of_text,
    string_of_bytes,
    unboxed,
    zero,
)

__all__ = ["FUNCTIONS", "CallFailure", "Function", "indexed_pairs"]


class Function(Struct, frozen=True):
    """A function of templates. `parameters` are the types of the fixed ones, `variadic` that of further ones."""

    apply: Callable[..., Value | None]
    parameters: tuple[str, ...] = ()
    variadic: str = ""
    is_logic: bool = False

    def kinds(self, number: int) -> list[str]:
        """The types of so many arguments."""
        return [*self.parameters, *[self.variadic] * (number - len(self.parameters))][: max(number, 0)]


def indexed_pairs(value: Value | None) -> list[tuple[Value, Value]] | None:
    """What a range goes through: index and element, or key and value by key. None if the value has no such thing."""
    if value is None:
        return []
    if value.kind == "slice":
        return [(of_int(index), item) for index, item in enumerate(value.data or [])]
    if value.kind == "map":
        key = value.type.key or Type("string", "string")
        return [(Value(key, name), item) for name, item in sorted((value.data or {}).items())]
    return None


def _index(item: Value | None, *indexes: Value | None) -> Value | None:
    item = unboxed(item)
    if item is None:
        raise CallFailure("index of untyped nil")
    for index in indexes:
        item, is_nil = indirect(item)
        if item is None or is_nil:
            raise CallFailure("index of nil pointer")
        item = _element(item, unboxed(index))
    return item


def _element(item: Value, index: Value | None) -> Value:
    if item.kind == "map":
        key, kind = item.type.key, item.type.element
        assert key is not None and kind is not None
        if index is None:
            raise CallFailure(f"value is nil; should be of type {key.name}")
        if index.type.name != key.name:
            raise CallFailure(f"value has type {index.type.name}; should be {key.name}")
        found: Value | None = (item.data or {}).get(index.data)
        return found or zero(kind)
    if item.kind not in ("slice", "string"):
        raise CallFailure(f"can't index item of type {item.type.name}")
    elements = bytes_of(item.data) if item.kind == "string" else item.data or []
    at = _position(index, len(elements))
    if at == len(elements):
        raise CallFailure(f"reflect: {item.kind} index out of range")
    element: Any = elements[at]
    return Value(Type("uint", "uint8"), element) if item.kind == "string" else element


def _position(index: Value | None, capacity: int) -> int:
    if index is None:
        raise CallFailure("cannot index slice/array with nil")
    if index.kind not in ("int", "uint"):
        raise CallFailure(f"cannot index slice/array with type {index.type.name}")
    if not 0 <= index.data <= capacity:
        raise CallFailure(f"index out of range: {index.data}")
    return int(index.data)


def _slice(item: Value | None, *indexes: Value | None) -> Value:
    item = unboxed(item)
    if item is None:
        raise CallFailure("slice of untyped nil")
    if len(indexes) > 3:
        raise CallFailure(f"too many slice indexes: {len(indexes)}")
    if item.kind not in ("slice", "string"):
        raise CallFailure(f"can't slice item of type {item.type.name}")
    if item.kind == "string" and len(indexes) == 3:
        raise CallFailure("cannot 3-index slice a string")
    content: Any = bytes_of(item.data) if item.kind == "string" else item.data or []
    bounds = [0, len(content)]
    for at, index in enumerate(indexes):
        position = _position(index, len(content))
        bounds[at : at + 1] = [position]
    for low, high in pairwise(bounds):
        if low > high:
            raise CallFailure(f"invalid slice index: {low} > {high}")
    part = content[bounds[0] : bounds[1]]
    return Value(item.type, string_of_bytes(part) if item.kind == "string" else part)


def _length(item: Value | None) -> Value:
    found, is_nil = indirect(item)
    if is_nil:
        raise CallFailure("len of nil pointer")
    if found is None:
        raise CallFailure("reflect: call of reflect.Value.Type on zero Value")
    if found.kind not in ("slice", "map", "string"):
        raise CallFailure(f"len of type {found.type.name}")
    return of_int(len(bytes_of(found.data)) if found.kind == "string" else len(found.data or ()))


def _call(function: Value | None, *_arguments: Value | None) -> Value:
    found = unboxed(function)
    raise CallFailure("call of nil" if found is None else f"non-function of type {found.type.name}")


def _text_function(change: Callable[[str], str]) -> Function:
    """A function of one string."""
    return Function(lambda text: of_text(change(text.data)), ("string",))


def _escaper(escape: Callable[[str], str]) -> Function:
    """A function of anything that is printed first."""

    def apply(*values: Value | None) -> Value:
        arguments: Iterable[Value | None] = [printed(unboxed(value)) for value in values]
        only = list(arguments)
        text = only[0].data if len(only) == 1 and only[0] and only[0].type.name == "string" else sprint(only)
        return of_text(escape(text))

    return Function(apply, variadic="any")


def _title(text: str) -> str:
    """strings.Title: the first letter of every word in upper case."""
    parts, before = [], " "
    for char in text:
        starts = not (before.isalnum() or before == "_")
        parts.append(char.upper() if starts else char)
        before = char
    return "".join(parts)


def _split(text: Value, separator: Value) -> Value:
    return of_strings(text.data.split(separator.data) if separator.data else list(text.data))


def _join(items: Value, separator: Value) -> Value:
    return of_text(separator.data.join(item.data for item in items.data or []))


def _pad(text: Value, before: Value, after: Value) -> Value:
    if not text.data:
        return text
    if before.data < 0 or after.data < 0:
        raise CallFailure("strings: negative Repeat count")
    return of_text(" " * before.data + text.data + " " * after.data)


def _truncate(text: Value, length: Value) -> Value:
    data = bytes_of(text.data)
    if len(data) >= length.data < 0:
        raise CallFailure("runtime error: slice bounds out of range")
    return of_text(string_of_bytes(data[: length.data]))


def _sprintf(form: Value, *values: Value | None) -> Value:
    return of_text(sprintf(form.data, [unboxed(value) for value in values]))


FUNCTIONS: dict[str, Function] = {
    "and": Function(lambda *_: None, ("any",), "any", is_logic=True),
    "or": Function(lambda *_: None, ("any",), "any", is_logic=True),
    "not": Function(lambda value: of_bool(not is_true(unboxed(value))), ("any",)),
    "len": Function(_length, ("any",)),
    "index": Function(_index, ("any",), "any"),
    "slice": Function(_slice, ("any",), "any"),
    "call": Function(_call, ("any",), "any"),
    "print": Function(lambda *values: of_text(sprint([unboxed(value) for value in values])), variadic="any"),
    "println": Function(lambda *values: of_text(sprintln([unboxed(value) for value in values])), variadic="any"),
    "printf": Function(_sprintf, ("string",), "any"),
    "html": _escaper(html_escaped),
    "js": _escaper(js_escaped),
    "urlquery": _escaper(query_escaped),
    "eq": Function(compare.equal, ("any",), "any"),
    "ne": Function(compare.not_equal, ("any", "any")),
    "lt": Function(compare.less, ("any", "any")),
    "le": Function(compare.less_or_equal, ("any", "any")),
    "gt": Function(compare.greater, ("any", "any")),
    "ge": Function(compare.greater_or_equal, ("any", "any")),
    "json": Function(lambda value: of_text(json_text(value)), ("any",)),
    "split": Function(_split, ("string", "string")),
    "join": Function(_join, ("[]string", "string")),
    "title": _text_function(_title),
    "lower": _text_function(str.lower),
    "upper": _text_function(str.upper),
    "pad": Function(_pad, ("string", "int", "int")),
    "truncate": Function(_truncate, ("string", "int")),
}
