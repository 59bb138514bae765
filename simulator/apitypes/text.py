"""Reads schemas: structs and their fields, as they stand in the text."""

from __future__ import annotations

from msgspec import Struct


class Member(Struct, frozen=True):
    """A field of a struct. `json` is its name in documents; those of an embedded one stand among its struct's own."""

    name: str
    kind: str
    json: str
    omitempty: bool
    embedded: bool


def members_by_struct(text: str) -> dict[str, list[Member]]:
    """The fields of all structs of a schema, by the structs' names, in the order of the text."""
    found: dict[str, list[Member]] = {}
    struct = ""
    for line in text.strip().split("\n"):
        if line.startswith(" "):
            found[struct].append(_member(line))
        else:
            struct = line.strip()
            found[struct] = []
    return found


def _member(line: str) -> Member:
    name, kind, *marks = line.replace("interface {}", "interface{}").replace("struct {}", "struct{}").split()
    kind = kind.replace("interface{}", "interface {}").replace("struct{}", "struct {}")
    json = next((mark.removeprefix("json=") for mark in marks if mark.startswith("json=")), name)
    return Member(name, kind, json, "omitempty" in marks, "embedded" in marks)
