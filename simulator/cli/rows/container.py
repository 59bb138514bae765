"""Containers in lists. See docker/cli/cli/command/formatter/container.go."""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from simulator.cli.listing import QUIET, RAW, TABLE, Noun, ellipsis, labels_text, short_id
from simulator.cli.moments import local_time
from simulator.cli.rows.ports import ports_text
from simulator.cli.units import human_duration, human_size
from simulator.clock import Clock, S
from simulator.golang.quote import quote
from simulator.golang.reference import reference_from_text

COMMAND_WIDTH, MOUNT_WIDTH = 20, 15
_TABLE = "table {{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}"
_RAW = """\
container_id: {{.ID}}
image: {{.Image}}
command: {{.Command}}
created_at: {{.CreatedAt}}
state: {{- pad .State 1 0}}
status: {{- pad .Status 1 0}}
names: {{.Names}}
labels: {{- pad .Labels 1 0}}
ports: {{- pad .Ports 1 0}}
"""


class ContainerRow(Struct, frozen=True):
    """A container as `docker ps` shows it."""

    document: dict[str, Any]
    short: bool
    clock: Clock


def default_format(form: str, *, quiet: bool, size: bool) -> str:
    if form == TABLE:
        return QUIET if quiet else _TABLE + ("\t{{.Size}}" if size else "")
    if form == RAW:
        return "container_id: {{.ID}}" if quiet else _RAW + ("size: {{.Size}}\n" if size else "")
    return form


def _id(row: ContainerRow) -> str:
    identifier: str = row.document["Id"]
    return short_id(identifier) if row.short else identifier


def _names(row: ContainerRow) -> str:
    """All names; a short row leaves those out that are links."""
    names = [name[1:] for name in row.document["Names"] or []]
    own = [name for name in names if "/" not in name]
    return ",".join(own[:1] if row.short and own else names)


def _image(row: ContainerRow) -> str:
    image: str = row.document["Image"]
    if not image:
        return "<no image>"
    if not row.short:
        return image
    identifier = short_id(row.document["ImageID"])
    return identifier if identifier == short_id(image) else _without_digest(image)


def _without_digest(image: str) -> str:
    """A name in its familiar form, without its digest; a text that is no name stays as it is."""
    try:
        reference = reference_from_text(image)
    except ValueError:
        return image
    return str(replace(reference, digest=""))


def _command(row: ContainerRow) -> str:
    command: str = row.document["Command"]
    return quote(ellipsis(command, COMMAND_WIDTH) if row.short else command)


def _running_for(row: ContainerRow) -> str:
    return human_duration(row.clock.wall() - row.document["Created"] * S) + " ago"


def _size(row: ContainerRow) -> str:
    written, whole = row.document.get("SizeRw", 0), row.document.get("SizeRootFs", 0)
    text = human_size(written, 3)
    return f"{text} (virtual {human_size(whole, 3)})" if whole > 0 else text


def _mounts(row: ContainerRow) -> str:
    names = [mount.get("Name") or mount["Source"] for mount in row.document.get("Mounts") or []]
    return ",".join(ellipsis(name, MOUNT_WIDTH) if row.short else name for name in names)


def _local_volumes(row: ContainerRow) -> str:
    return str(sum(mount.get("Driver") == "local" for mount in row.document.get("Mounts") or []))


NOUN = Noun(
    "*formatter.ContainerContext",
    {
        "ID": ("CONTAINER ID", _id),
        "Names": ("NAMES", _names),
        "Image": ("IMAGE", _image),
        "Command": ("COMMAND", _command),
        "CreatedAt": ("CREATED AT", lambda row: local_time(row.clock, row.document["Created"] * S)),
        "RunningFor": ("CREATED", _running_for),
        "Ports": ("PORTS", lambda row: ports_text(row.document["Ports"])),
        "State": ("STATE", lambda row: row.document["State"]),
        "Status": ("STATUS", lambda row: row.document["Status"]),
        "Size": ("SIZE", _size),
        "Labels": ("LABELS", lambda row: labels_text(row.document["Labels"])),
        "Mounts": ("MOUNTS", _mounts),
        "LocalVolumes": ("LOCAL VOLUMES", _local_volumes),
        "Networks": ("NETWORKS", lambda row: ",".join(row.document["NetworkSettings"]["Networks"])),
    },
    methods={"Label": lambda row, name: (row.document["Labels"] or {}).get(name, "")},
)

# What a template is tried on before there are containers.
NOTHING: dict[str, Any] = {
    "Id": "",
    "Names": [],
    "Image": "",
    "ImageID": "",
    "Command": "",
    "Created": 0,
    "Ports": [],
    "State": "",
    "Status": "",
    "Labels": {},
    "NetworkSettings": {"Networks": {}},
}
