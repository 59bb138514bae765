"""Volumes: folders of the host that outlive containers. Mirrors moby's volume/service and its local driver."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from msgspec import Struct, field

from simulator.clock import Clock, S
from simulator.engine.errors import Conflict, InvalidParameter, NotFound
from simulator.engine.events import EventLog
from simulator.engine.fields import Document
from simulator.engine.filters import Filters, boolean, check_filters, labels_match, matches, prune_match
from simulator.kernel.disk import Disk

ROOT = "/var/lib/docker/volumes"
LIST_FILTERS = ("dangling", "name", "driver", "label")
PRUNE_FILTERS = ("label", "label!")
OPTIONS = {"type": ("device",), "o": ("device", "type"), "device": ("type",), "size": ()}  # which others each needs

_VALID = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+", re.ASCII)


class Volume(Struct):
    """One volume. `users` are the ids of the containers that have it."""

    name: str
    created: str
    labels: dict[str, str] | None
    options: dict[str, str] | None
    users: list[str] = field(default_factory=list)

    @property
    def mountpoint(self) -> str:
        return f"{ROOT}/{self.name}/_data"

    def document(self) -> Document:
        return {
            "CreatedAt": self.created,
            "Driver": "local",
            "Labels": self.labels,
            "Mountpoint": self.mountpoint,
            "Name": self.name,
            "Options": self.options,
            "Scope": "local",
        }


class Volumes:
    """All volumes of an engine. Their files are on the host's disk."""

    def __init__(self, clock: Clock, disk: Disk, events: EventLog, local: Callable[[int], str]) -> None:
        self._clock, self._disk, self._events, self._local = clock, disk, events, local
        self._volumes: dict[str, Volume] = {}

    def find(self, name: str) -> Volume:
        if name not in self._volumes:
            raise NotFound(f"get {name}: no such volume" if name else "get: no such volume")
        return self._volumes[name]

    def create(
        self,
        name: str = "",
        *,
        driver: str = "",
        labels: Mapping[str, str] | None = None,
        options: Mapping[str, str] | None = None,
    ) -> Volume:
        """The volume of this name, made if it is not there; without a name a new one with a random name."""
        name = name or self._clock.chance.hex("volume name", 64)
        _check(name, driver)
        _check_options(name, options or {})
        if name not in self._volumes:
            now = self._clock.wall()
            self._volumes[name] = Volume(name, self._local(now - now % S), _sorted(labels), _sorted(options))
            self._disk.make_directory(self._volumes[name].mountpoint, parents=True)
        self._events.publish("volume", "create", name, {"driver": "local"})
        return self._volumes[name]

    def listed(self, filters: Filters) -> Document:
        check_filters(filters, LIST_FILTERS)
        dangling = boolean(filters, "dangling")
        chosen = [
            volume.document()
            for volume in self._volumes.values()
            if matches(filters, "name", volume.name)
            and ("local" in filters["driver"] if filters.get("driver") else True)
            and labels_match(filters, volume.labels)
            and dangling in (None, not volume.users)
        ]
        return {"Volumes": chosen, "Warnings": None}

    def remove(self, name: str, *, force: bool = False) -> None:
        """Raises Conflict while a container has it; NotFound unless forced."""
        if force and name not in self._volumes:
            return
        volume = self.find(name)
        if volume.users:
            raise Conflict(f"remove {name}: volume is in use - [{', '.join(volume.users)}]")
        del self._volumes[name]
        self._disk.remove(f"{ROOT}/{name}", recursive=True)
        self._events.publish("volume", "destroy", name, {"driver": "local"})

    def prune(self, filters: Filters) -> Document:
        check_filters(filters, PRUNE_FILTERS)
        unused = [
            volume.name
            for volume in self._volumes.values()
            if not volume.users and not volume.options and prune_match(filters, volume.labels)
        ]
        reclaimed = sum(size_of(self._disk, self._volumes[name].mountpoint) for name in unused)
        for name in unused:
            self.remove(name)
        self._events.publish("volume", "prune", "", {"reclaimed": str(reclaimed)})
        return {"VolumesDeleted": unused, "SpaceReclaimed": reclaimed}

    def sizes(self) -> list[tuple[Volume, int]]:
        return [(volume, size_of(self._disk, volume.mountpoint)) for volume in self._volumes.values()]


def _check(name: str, driver: str) -> None:
    if driver not in ("", "local"):
        raise NotFound(f'create {name}: error looking up volume plugin {driver}: plugin "{driver}" not found')
    if len(name) == 1:
        raise InvalidParameter(
            f"create {name}: volume name is too short, names should be at least two alphanumeric characters"
        )
    if not _VALID.fullmatch(name):
        raise InvalidParameter(
            f'create {name}: "{name}" includes invalid characters for a local volume name, only '
            '"[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. If you intended to pass a host directory, use absolute path'
        )


def _check_options(name: str, options: Mapping[str, str]) -> None:
    """What the local driver mounts (volume/local/local_unix.go). The file systems of a lab have no quotas."""
    for option in options:
        if option not in OPTIONS:
            raise InvalidParameter(f'create {name}: invalid option: "{option}"')
    for option in options:
        for needed in OPTIONS[option]:
            if needed not in options:
                raise InvalidParameter(f'create {name}: missing required option: "{needed}"')
    if "size" in options:
        raise InvalidParameter(f"create {name}: quota size requested but no quota support")


def _sorted(table: Mapping[str, str] | None) -> dict[str, str] | None:
    return None if table is None else dict(sorted(table.items()))


def size_of(disk: Disk, path: str) -> int:
    """Bytes of all files below a path."""
    node = disk.lookup(path, follow=False)
    if node.kind != "directory":
        return node.size
    return sum(size_of(disk, f"{path.rstrip('/')}/{name}") for name in disk.listdir(path))
