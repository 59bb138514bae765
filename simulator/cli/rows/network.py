"""Networks in lists. See docker/cli/cli/command/network/formatter.go."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from simulator.cli.listing import QUIET, RAW, TABLE, Noun, labels_text, short_id
from simulator.cli.moments import go_time
from simulator.clock import Clock

_TABLE = "table {{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.Scope}}"
_RAW = "network_id: {{.ID}}\nname: {{.Name}}\ndriver: {{.Driver}}\nscope: {{.Scope}}\n"


class NetworkRow(Struct, frozen=True):
    """A network as `docker network ls` shows it."""

    document: dict[str, Any]
    short: bool
    clock: Clock


def default_format(form: str, *, quiet: bool) -> str:
    if form == TABLE:
        return QUIET if quiet else _TABLE
    if form == RAW:
        return "network_id: {{.ID}}" if quiet else _RAW
    return form


def _id(row: NetworkRow) -> str:
    identifier: str = row.document["Id"]
    return short_id(identifier) if row.short else identifier


def _boolean(row: NetworkRow, key: str) -> str:
    return "true" if row.document.get(key) else "false"


NOUN = Noun(
    "*network.networkContext",
    {
        "ID": ("NETWORK ID", _id),
        "Name": ("NAME", lambda row: row.document["Name"]),
        "Driver": ("DRIVER", lambda row: row.document["Driver"]),
        "Scope": ("SCOPE", lambda row: row.document["Scope"]),
        "IPv6": ("IPV6", lambda row: _boolean(row, "EnableIPv6")),
        "Internal": ("INTERNAL", lambda row: _boolean(row, "Internal")),
        "Labels": ("LABELS", lambda row: labels_text(row.document.get("Labels"))),
        "CreatedAt": ("CREATED AT", lambda row: go_time(row.document["Created"], row.clock.zone)),
    },
    methods={"Label": lambda row, name: (row.document.get("Labels") or {}).get(name, "")},
)
