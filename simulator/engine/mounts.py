"""What a container sees at other paths than its image put there: volumes, folders of the host, tmpfs.

Mirrors moby's volume/mounts parser and daemon/volumes.go. Left out: propagation and SELinux modes beyond their
spelling.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from simulator.engine.errors import InvalidParameter, NotFound, System
from simulator.engine.fields import Document
from simulator.engine.mount_config import is_mode, propagation, wrong_target
from simulator.engine.volumes import Volume
from simulator.kernel.disk import Disk
from simulator.kernel.readonly import ReadOnly

if TYPE_CHECKING:
    from simulator.engine.container import Container
    from simulator.engine.daemon import Daemon


class Mount(Struct, frozen=True):
    """One mount point. `kind` is volume, bind or tmpfs; `name` a volume's name."""

    kind: str
    destination: str
    source: str = ""
    name: str = ""
    mode: str = ""
    writable: bool = True
    anonymous: bool = False
    propagation: str = ""

    def document(self, *, listed: bool = False) -> Document:
        """The API's MountPoint; in lists a volume that the container's configuration asks for has no source."""
        document: Document = {"Type": self.kind}
        if self.kind == "volume":
            document["Name"] = self.name
        document["Source"] = "" if listed and self.anonymous and not self.mode else self.source
        document["Destination"] = self.destination
        if self.kind == "volume":
            document["Driver"] = "local"
        return document | {"Mode": self.mode, "RW": self.writable, "Propagation": self.propagation}


def mounts_wanted(daemon: Daemon, config: Document, host: Document) -> list[Mount]:
    """All mounts that a create request asks for. Volumes are made on the way. Raises the parser's refusals."""
    found: dict[str, Mount] = {}
    for spec in host["VolumesFrom"] or []:
        found |= {mount.destination: mount for mount in _taken_over(daemon, spec)}
    bound: set[str] = set()
    for mount in (*_binds(daemon, host), *_described(daemon, host)):
        if mount.destination in bound or mount.destination in (host["Tmpfs"] or {}):
            raise InvalidParameter(f"Duplicate mount point: {mount.destination}")
        bound.add(mount.destination)
        found[mount.destination] = mount
    for path in sorted(config["Volumes"] or {}):
        destination = posixpath.normpath(path)
        if destination not in found:
            volume = daemon.volumes.create(driver=host["VolumeDriver"])
            found[destination] = _volume(volume, destination, anonymous=True)
    for path in host["Tmpfs"] or {}:
        found.pop(path, None)
    return list(found.values())


def _binds(daemon: Daemon, host: Document) -> Iterator[Mount]:
    for spec in host["Binds"] or []:
        source, destination, mode = _parts(spec)
        writable = "ro" not in mode.split(",")
        if not source:
            yield _volume(daemon.volumes.create(), destination, anonymous=True)
        elif source.startswith("/"):
            if not daemon.machine.disk.exists(source):
                daemon.machine.disk.make_directory(source, parents=True)
            spread = propagation(mode.split(","))
            path = posixpath.normpath(source)
            yield Mount("bind", destination, path, mode=mode, writable=writable, propagation=spread)
        else:
            volume = daemon.volumes.create(source, driver=host["VolumeDriver"])
            yield _volume(volume, destination, mode=mode or "z", writable=writable)


def _parts(spec: str) -> tuple[str, str, str]:
    """source, destination and mode of `[source:]destination[:mode]`."""
    parts = spec.split(":")
    if len(parts) > 3 or not all(parts):
        raise System(f"invalid volume specification: '{spec}'")
    source, destination, mode = ("", *parts, "") if len(parts) == 1 else (*parts, "")[:3]
    if not is_mode(mode):
        raise System(f"invalid mode: {mode}")
    wrong = wrong_target(destination)
    if wrong:
        kind = "bind" if source.startswith("/") else "volume"
        raise System(f"invalid volume specification: '{spec}': invalid mount config for type \"{kind}\": {wrong}")
    return source, posixpath.normpath(destination), mode


def _described(daemon: Daemon, host: Document) -> Iterator[Mount]:
    """The mounts of `--mount`."""
    for entry in host["Mounts"] or []:
        kind, target = entry.get("Type", ""), entry.get("Target", "")
        source = entry.get("Source", "")
        writable = not entry.get("ReadOnly")
        if kind == "bind":
            spread = propagation([(entry.get("BindOptions") or {}).get("Propagation", "")])
            yield Mount("bind", target, posixpath.normpath(source), writable=writable, propagation=spread)
        elif kind == "volume":
            options = entry.get("VolumeOptions") or {}
            driver = options.get("DriverConfig") or {}
            volume = daemon.volumes.create(
                source, driver=driver.get("Name") or "", labels=options.get("Labels"), options=driver.get("Options")
            )
            yield _volume(volume, target, mode="z", writable=writable, anonymous=not source)
        else:
            yield Mount("tmpfs", target, writable=writable)


def _volume(
    volume: Volume, destination: str, *, mode: str = "", writable: bool = True, anonymous: bool = False
) -> Mount:
    return Mount("volume", destination, volume.mountpoint, volume.name, mode, writable, anonymous)


def _taken_over(daemon: Daemon, spec: str) -> list[Mount]:
    """The mounts of another container: `--volumes-from NAME[:ro|rw]`."""
    name, _, mode = spec.partition(":")
    if mode not in ("", "ro", "rw", "z", "Z"):
        raise InvalidParameter(f"invalid mode: {mode}")
    other: Container = daemon.find_for_option(name)
    if any(mount.kind == "tmpfs" for mount in other.mounts):
        raise NotFound("get : no such volume")  # the engine looks for a volume without a name
    return [replace(mount, mode="", writable=mount.writable and mode != "ro") for mount in other.mounts]


def mount_all(daemon: Daemon, container: Container) -> None:
    """Puts the mounts into the container's tree; a new volume first gets what the image has at its path."""
    for mount in container.mounts:
        path = posixpath.normpath(posixpath.join("/", mount.destination))
        if mount.kind == "tmpfs":
            container.disk.mount(path, Disk(wall=daemon.clock.wall))
            continue
        if mount.kind == "volume":
            _fill(daemon, container, mount, path)
            daemon.volumes.find(mount.name).users.append(container.id)
        host = daemon.machine.disk
        container.disk.mount(path, host if mount.writable else ReadOnly(host), mount.source)
    for path in container.host["Tmpfs"] or {}:
        container.disk.mount(path, Disk(wall=daemon.clock.wall))


def _fill(daemon: Daemon, container: Container, mount: Mount, path: str) -> None:
    host = daemon.machine.disk
    if "nocopy" in mount.mode or host.listdir(mount.source) or not container.disk.is_directory(path):
        return
    _copy(container.disk, path, host, mount.source)


def _copy(source: Disk, path: str, target: Disk, goal: str) -> None:
    for name in source.listdir(path):
        here, there = f"{path.rstrip('/')}/{name}", f"{goal}/{name}"
        node = source.lookup(here, follow=False)
        if node.kind == "directory":
            target.make_directory(there)
            _copy(source, here, target, there)
        elif node.kind == "link":
            target.symlink(node.target, there)
        elif node.kind == "program":
            target.install(there, node.content)
        elif node.kind == "file":
            target.write(there, node.data, mode=node.mode)


def mount_events(daemon: Daemon, container: Container, action: str) -> None:
    """`volume mount` and `volume unmount`, for each volume of a container that starts or has ended."""
    for mount in sorted(container.mounts, key=lambda mount: mount.destination):
        if mount.kind != "volume":
            continue
        attributes = {"container": container.id, "driver": "local"}
        if action == "mount":
            writable = "true" if mount.writable else "false"
            attributes |= {"destination": mount.destination, "propagation": "", "read/write": writable}
        daemon.events.publish("volume", action, mount.name, attributes)


def release(daemon: Daemon, container: Container, *, with_volumes: bool) -> None:
    """The container is removed: its anonymous volumes go with it if asked for, when nobody else has them."""
    for mount in container.mounts:
        if mount.kind != "volume":
            continue
        volume = daemon.volumes.find(mount.name)
        if container.id in volume.users:
            volume.users.remove(container.id)
        if with_volumes and mount.anonymous and not volume.users:
            daemon.volumes.remove(mount.name)
