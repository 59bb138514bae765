"""What takes up the disk: a row for each kind of thing. See docker/cli/cli/command/formatter/disk_usage.go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from simulator.cli.listing import Noun
from simulator.cli.units import human_size

TABLE_FORMAT = "table {{.Type}}\t{{.TotalCount}}\t{{.Active}}\t{{.Size}}\t{{.Reclaimable}}"
RAW_FORMAT = """\
type: {{.Type}}
total: {{.TotalCount}}
active: {{.Active}}
size: {{.Size}}
reclaimable: {{.Reclaimable}}
"""
IMAGES = (
    "table {{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{.CreatedSince}}\t{{.VirtualSize}}\t{{.SharedSize}}\t{{.UniqueSize}}"
    "\t{{.Containers}}"
)
CONTAINERS = (
    "table {{.ID}}\t{{.Image}}\t{{.Command}}\t{{.LocalVolumes}}\t{{.Size}}\t{{.RunningFor}}\t{{.Status}}\t{{.Names}}"
)
VOLUMES = "table {{.Name}}\t{{.Links}}\t{{.Size}}"
CACHE_HEADING = "CACHE ID\tCACHE TYPE\tSIZE\tCREATED\tLAST USED\tUSAGE\tSHARED\n"
_ACTIVE = ("running", "paused", "restarting")
UNKNOWN = -1


class UsageRow(Struct, frozen=True):
    """One kind of thing: how many there are, how many in use, how large they are, and what could be freed."""

    kind: str
    total: int
    active: int
    size: int
    reclaimable: int
    with_share: bool = True


def rows_of(document: dict[str, Any]) -> list[UsageRow]:
    return [
        _images(document["Images"] or [], document["LayersSize"]),
        _containers(document["Containers"] or []),
        _volumes(document["Volumes"] or []),
        _cache(document.get("BuildCache") or []),
    ]


def _images(images: Sequence[dict[str, Any]], size: int) -> UsageRow:
    used = [image for image in images if image["Containers"] > 0]
    known = [image for image in used if UNKNOWN not in (image["VirtualSize"], image["SharedSize"])]
    held = sum(image["VirtualSize"] - image["SharedSize"] for image in known)
    return UsageRow("Images", len(images), len(used), size, size - held)


def _containers(containers: Sequence[dict[str, Any]]) -> UsageRow:
    active = [container for container in containers if any(word in container["State"] for word in _ACTIVE)]
    size = sum(container.get("SizeRw", 0) for container in containers)
    held = sum(container.get("SizeRw", 0) for container in active)
    return UsageRow("Containers", len(containers), len(active), size, size - held)


def _volumes(volumes: Sequence[dict[str, Any]]) -> UsageRow:
    sizes = {volume["Name"]: max(volume["UsageData"]["Size"], 0) for volume in volumes}
    active = [volume for volume in volumes if volume["UsageData"]["RefCount"] > 0]
    held = sum(sizes[volume["Name"]] for volume in active)
    return UsageRow("Local Volumes", len(volumes), len(active), sum(sizes.values()), sum(sizes.values()) - held)


def _cache(records: Sequence[dict[str, Any]]) -> UsageRow:
    size = sum(record["Size"] for record in records if not record["Shared"])
    held = sum(record["Size"] for record in records if record["InUse"] and not record["Shared"])
    active = sum(1 for record in records if record["InUse"])
    return UsageRow("Build Cache", len(records), active, size, size - held, with_share=False)


def _reclaimable(row: UsageRow) -> str:
    text = human_size(row.reclaimable)
    return f"{text} ({row.reclaimable * 100 // row.size}%)" if row.size > 0 and row.with_share else text


NOUN = Noun(
    "*formatter.diskUsageImagesContext",
    {
        "Type": ("TYPE", lambda row: row.kind),
        "TotalCount": ("TOTAL", lambda row: str(row.total)),
        "Active": ("ACTIVE", lambda row: str(row.active)),
        "Size": ("SIZE", lambda row: human_size(row.size)),
        "Reclaimable": ("RECLAIMABLE", _reclaimable),
    },
)
