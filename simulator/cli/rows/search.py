"""What a search of a registry found. See docker/cli/cli/command/registry/formatter_search.go."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from simulator.cli.listing import TABLE, Noun, ellipsis

DESCRIPTION_WIDTH = 45
_TABLE = "table {{.Name}}\t{{.Description}}\t{{.StarCount}}\t{{.IsOfficial}}\t{{.IsAutomated}}"


class SearchRow(Struct, frozen=True):
    """A repository as `docker search` shows it."""

    document: dict[str, Any]
    short: bool


def default_format(form: str) -> str:
    return _TABLE if form in ("", TABLE) else form


def _description(row: SearchRow) -> str:
    text: str = row.document["description"].replace("\n", " ").replace("\r", " ")
    return ellipsis(text, DESCRIPTION_WIDTH) if row.short else text


def _mark(row: SearchRow, key: str) -> str:
    return "[OK]" if row.document.get(key) else ""


NOUN = Noun(
    "*registry.searchContext",
    {
        "Name": ("NAME", lambda row: row.document["name"]),
        "Description": ("DESCRIPTION", _description),
        "StarCount": ("STARS", lambda row: str(row.document["star_count"])),
        "IsOfficial": ("OFFICIAL", lambda row: _mark(row, "is_official")),
        "IsAutomated": ("AUTOMATED", lambda row: _mark(row, "is_automated")),
    },
)
