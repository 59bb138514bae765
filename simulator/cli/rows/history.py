"""The layers of an image in a list. See docker/cli/cli/command/image/formatter_history.go."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from simulator.cli.listing import QUIET, TABLE, Noun, ellipsis, short_id
from simulator.cli.units import human_duration, human_size
from simulator.clock import Clock, S

CREATED_BY_WIDTH = 45


class HistoryRow(Struct, frozen=True):
    """A step of how an image was made, as `docker history` shows it."""

    document: dict[str, Any]
    short: bool
    human: bool
    clock: Clock


def default_format(form: str, *, quiet: bool, human: bool) -> str:
    if form != TABLE:
        return form
    created = "{{.CreatedSince}}" if human else "{{.CreatedAt}}"
    return QUIET if quiet else f"table {{{{.ID}}}}\t{created}\t{{{{.CreatedBy}}}}\t{{{{.Size}}}}\t{{{{.Comment}}}}"


def _id(row: HistoryRow) -> str:
    identifier: str = row.document["Id"]
    return short_id(identifier) if row.short else identifier


def _created_at(row: HistoryRow) -> str:
    moment = row.clock.at(row.document["Created"] * S).isoformat(timespec="seconds")
    return moment.replace("+00:00", "Z")


def _created_since(row: HistoryRow) -> str:
    if not row.human:
        return _created_at(row)
    return human_duration(row.clock.wall() - row.document["Created"] * S) + " ago"


def _created_by(row: HistoryRow) -> str:
    command: str = row.document["CreatedBy"].replace("\t", " ")
    return ellipsis(command, CREATED_BY_WIDTH) if row.short else command


def _size(row: HistoryRow) -> str:
    return human_size(row.document["Size"], 3) if row.human else str(row.document["Size"])


NOUN = Noun(
    "*image.historyContext",
    {
        "ID": ("IMAGE", _id),
        "CreatedSince": ("CREATED", _created_since),
        "CreatedAt": ("CREATED AT", _created_at),
        "CreatedBy": ("CREATED BY", _created_by),
        "Size": ("SIZE", _size),
        "Comment": ("COMMENT", lambda row: row.document["Comment"]),
    },
)
