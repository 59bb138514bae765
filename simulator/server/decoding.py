"""Documents of requests decoded into the engine's types, with Go's words for what does not fit (encoding/json).

Names are found whatever their case, unknown ones are dropped, null leaves a value that is no reference as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from msgspec import Struct

from simulator.apitypes.text import Member, members_by_struct
from simulator.server.structs import STRUCTS

Fields = Mapping[str, tuple[str, str]]  # a name in lower case -> the name and its type

_BITS = {"int": (True, 64), "int64": (True, 64), "uint": (False, 64), "uint64": (False, 64), "uint16": (False, 16)}
_BITS |= {"uint32": (False, 32), "time.Duration": (True, 64)}
_WORDS = "strslice.StrSlice"
_NOTHING = object()


class Place(Struct, frozen=True):
    """Where in a document something stands: the struct around it, and the names of fields that lead there."""

    struct: str = ""
    path: tuple[str, ...] = ()

    def refusal(self, value: str, kind: str) -> ValueError:
        field = f"struct field {self.struct.rpartition('.')[2]}.{'.'.join(self.path)}" if self.path else "value"
        return ValueError(f"json: cannot unmarshal {value} into Go {field} of type {kind}")


@lru_cache
def structs() -> dict[str, Fields]:
    """The structs that a request may have, by name."""
    known = members_by_struct(STRUCTS)
    return {name: dict(_fields(known, name)) for name, members in known.items() if members}


def _fields(known: Mapping[str, list[Member]], struct: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """The fields of a struct, those of embedded ones among them: each one's name in lower case, its name and type."""
    for member in known[struct]:
        if member.embedded:
            yield from _fields(known, member.kind.lstrip("*"))
        else:
            yield member.json.lower(), (member.json, member.kind)


def decode(document: Any, struct: str) -> dict[str, Any]:
    """The document as a struct of this name. Raises ValueError."""
    made = _value(document, struct, Place())
    return made if isinstance(made, dict) else {}


def decode_map(document: Any, kind: str) -> dict[str, Any]:
    """The document as a map of this type, without what is null in it. Raises ValueError."""
    made = _value(document, kind, Place()) or {}
    return {key: value for key, value in made.items() if value is not None}


def _value(value: Any, kind: str, place: Place) -> Any:
    """A value of a Go type. `_NOTHING`: what was there stays."""
    name, plain = named(kind.lstrip("*"))
    if value is None:
        return None if kind.startswith("*") or plain.startswith(("[", "map[")) else _NOTHING
    if name == _WORDS:
        return _words(value, place)
    if plain.startswith("map["):
        return _map(value, plain.partition("]")[2], name, place)
    if plain.startswith("["):
        return _array(value, plain.partition("]")[2], name, place)
    if plain in structs() or plain == "struct {}":
        return _struct(value, plain, place)
    return _scalar(value, plain, name, place)


def named(kind: str) -> tuple[str, str]:
    """The name of a type, and what may stand there: `nat.PortSet=map[nat.Port=string]struct {}`."""
    name, named, base = kind.partition("=")
    return (name, base) if named and "[" not in name else (kind, kind)


def _struct(value: Any, name: str, place: Place) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise place.refusal(_kind(value), name)
    fields, made = structs().get(name, {}), {}
    for key, inner in value.items():
        if key.lower() in fields:
            field, kind = fields[key.lower()]
            decoded = _value(inner, kind, Place(name, (*place.path, field)))
            if decoded is not _NOTHING:
                made[field] = decoded
    return made


def _map(value: Any, element: str, name: str, place: Place) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise place.refusal(_kind(value), name)
    return {key: _or_zero(_value(inner, element, place), element) for key, inner in value.items()}


def _array(value: Any, element: str, name: str, place: Place) -> list[Any]:
    if not isinstance(value, list):
        raise place.refusal(_kind(value), name)
    return [_or_zero(_value(inner, element, place), element) for inner in value]


def _or_zero(value: Any, element: str) -> Any:
    """What null in a list or a map comes to: the type's zero."""
    if value is not _NOTHING:
        return value
    return {} if element in structs() or element == "struct {}" else "" if element == "string" else 0


def _words(value: Any, place: Place) -> list[str]:
    """Words, or one alone: what is no list of texts is read as a text."""
    if isinstance(value, list) and all(word is None or isinstance(word, str) for word in value):
        return [word or "" for word in value]
    if not isinstance(value, str):
        raise place.refusal(_kind(value), "string")
    return [value]


def _scalar(value: Any, plain: str, name: str, place: Place) -> Any:
    if plain in _BITS and isinstance(value, int | float) and not isinstance(value, bool):
        signed, bits = _BITS[plain]
        low, high = (-(1 << bits - 1), 1 << bits - 1) if signed else (0, 1 << bits)
        if isinstance(value, float) or not low <= value < high:
            raise place.refusal(f"number {value}", name)
        return value
    wanted = {"string": str, "bool": bool}.get(plain)
    if wanted is None or not isinstance(value, wanted):
        raise place.refusal(_kind(value), name)
    return value


def _kind(value: Any) -> str:
    return {dict: "object", list: "array", str: "string", bool: "bool"}.get(type(value), "number")
