"""Lists of things by a format: a table of columns, or any Go template. See docker/cli/cli/command/formatter.

What a template may name are the fields of a `Noun`. A table of bare fields, which is the usual case, is made without
the template engine.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from simulator.cli.table import aligned

TABLE, RAW = "table", "raw"
QUIET = "{{.ID}}"
_BARE = re.compile(r"\{\{\.(\w+)\}\}")
_TRUNCATED = 12  # digits of a shortened id

Row = Any
Column = tuple[str, Callable[[Row], str]]  # the heading, and what a row has there


class Noun(Struct, frozen=True):
    """What is listed: its Go type (for errors), its fields, and fields that take an argument."""

    type_name: str
    columns: Mapping[str, Column]
    methods: Mapping[str, Callable[[Row, str], str]] = field(default_factory=dict)


def listing(noun: Noun, rows: Sequence[Row], form: str, *, minimum: int) -> str:
    """The rows as the format says. Raises CommandError for a wrong template."""
    is_table = form.startswith(TABLE)
    inner = (form[len(TABLE) :] if is_table else form).strip(" ").replace("\\t", "\t").replace("\\n", "\n")
    names = _BARE.findall(inner)
    if "{" in _BARE.sub("", inner) or any(name not in noun.columns for name in names):
        from simulator.cli.templates import rendered

        heading, lines = rendered(noun, rows, inner, heading=is_table)
    else:
        heading = _BARE.sub(lambda match: noun.columns[match[1]][0], inner)
        lines = [_BARE.sub(lambda match, row=row: noun.columns[match[1]][1](row), inner) for row in rows]  # type: ignore[misc]
    body = "".join(line + "\n" for line in lines)
    return aligned(f"{heading}\n{body}", minimum=minimum) if is_table else body


def short_id(identifier: str) -> str:
    """An id without the name of its digest, cut to twelve digits."""
    return identifier.rpartition(":")[2][:_TRUNCATED]


def ellipsis(text: str, width: int) -> str:
    """The text cut to so many columns, with … where it goes on."""
    if width <= 0:
        return ""
    if width == 1:
        return text[:1]
    if sum(map(_columns, text)) <= width:
        return text
    shown, used = "", 0
    for char in text:
        used += _columns(char)
        if used > width - 1:
            break
        shown += char
    return shown + "…"


def _columns(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def labels_text(labels: Mapping[str, str] | None) -> str:
    return ",".join(f"{name}={value}" for name, value in (labels or {}).items())


def natural_key(text: str) -> list[tuple[int, int, str]]:
    """Sorts n9 before n10: github.com/fvbommel/sortorder.NaturalLess."""
    return [_natural_part(part) for part in re.findall(r"[0-9]+|[^0-9]", text)]


def _natural_part(part: str) -> tuple[int, int, str]:
    """A number comes before other characters, by its value and then by its leading zeros."""
    if part[0] in "0123456789":
        return -1, int(part), "0" * len(part)
    return ord(part), 0, part
