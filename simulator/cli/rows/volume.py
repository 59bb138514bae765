"""Volumes in lists. See docker/cli/cli/command/formatter/volume.go."""

from __future__ import annotations

from typing import Any

from simulator.cli.listing import RAW, TABLE, Noun, labels_text
from simulator.cli.units import human_size

VolumeRow = dict[str, Any]


def default_format(form: str, *, quiet: bool) -> str:
    if form == TABLE:
        return "{{.Name}}" if quiet else "table {{.Driver}}\t{{.Name}}"
    if form == RAW:
        return "name: {{.Name}}" if quiet else "name: {{.Name}}\ndriver: {{.Driver}}\n"
    return form


def _links(row: VolumeRow) -> str:
    return str(row["UsageData"]["RefCount"]) if row.get("UsageData") else "N/A"


def _size(row: VolumeRow) -> str:
    return human_size(row["UsageData"]["Size"]) if row.get("UsageData") else "N/A"


NOUN = Noun(
    "*formatter.volumeContext",
    {
        "Name": ("VOLUME NAME", lambda row: row["Name"]),
        "Driver": ("DRIVER", lambda row: row["Driver"]),
        "Scope": ("SCOPE", lambda row: row["Scope"]),
        "Mountpoint": ("MOUNTPOINT", lambda row: row["Mountpoint"]),
        "Labels": ("LABELS", lambda row: labels_text(row.get("Labels"))),
        "Links": ("LINKS", _links),
        "Size": ("SIZE", _size),
    },
    methods={"Label": lambda row, name: (row.get("Labels") or {}).get(name, "")},
)
