"""`docker diff` and `docker cp`: what a container has changed, and files in and out of it as tar archives.

Mirrors moby's pkg/archive changes and daemon/archive.go. Left out: owners and times other than the second.
"""

from __future__ import annotations

import io
import posixpath
import tarfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from simulator.clock import S
from simulator.engine.container import Container
from simulator.engine.errors import Forbidden, InvalidParameter, NotFound, System
from simulator.engine.fields import Document
from simulator.engine.files import MOUNTED
from simulator.engine.moments import utc
from simulator.kernel.disk import Disk, Node

if TYPE_CHECKING:
    from simulator.engine.daemon import Daemon

MODIFIED, ADDED, DELETED = 0, 1, 2
_GO_DIRECTORY, _GO_LINK = 1 << 31, 1 << 27  # bits of Go's os.FileMode


def changes(container: Container) -> list[Document] | None:
    """What the container's layer has over its image, sorted by path."""
    below, kinds = container.disk.lower, {}
    assert below is not None
    for path, node in container.disk.changed().items():
        if path in MOUNTED or path == "/":
            continue
        known = below._at(path) is not None
        kinds[path] = DELETED if node is None else MODIFIED if known else ADDED
        _mark_parents(kinds, below, path)
    return [{"Path": path, "Kind": kinds[path]} for path in sorted(kinds)] or None


def _mark_parents(kinds: dict[str, int], below: Disk, path: str) -> None:
    """A directory in which something changed has changed."""
    parent = posixpath.dirname(path)
    while parent != "/" and parent not in kinds and below._at(parent) is not None:
        kinds[parent] = MODIFIED
        parent = posixpath.dirname(parent)


def stat(container: Container, path: str) -> Document:
    """What the header X-Docker-Container-Path-Stat tells. Raises NotFound, System for what only a directory could be."""
    node = _node(container, path)
    if path.endswith(("/", "/.")) and node.kind != "directory":
        raise System(f"lstat {posixpath.join('/', path)}: not a directory")
    mode = node.mode | {"directory": _GO_DIRECTORY, "link": _GO_LINK}.get(node.kind, 0)
    name = posixpath.basename(posixpath.normpath(path)) or "/"
    return {"name": name, "size": node.size, "mode": mode, "mtime": utc(node.mtime), "linkTarget": node.target}


def _node(container: Container, path: str) -> Node:
    if not path:
        raise InvalidParameter("bad parameter: pathcannot be empty")
    try:
        return container.disk.lookup(posixpath.join("/", path), follow=path.endswith("/"))
    except OSError:
        raise NotFound(f"Could not find the file {path} in container {container.name}") from None


def get(daemon: Daemon, container: Container, path: str) -> tuple[Document, bytes]:
    """What is at a path, as a tar archive, and its stat."""
    full = posixpath.normpath(posixpath.join("/", path))
    found = stat(container, path)
    first = "." if path.endswith("/.") else posixpath.basename(full) or "/"
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, node in _below(container.disk, full, first):
            archive.addfile(*_entry(name, node))
    daemon.container_event(container, "archive-path")
    return found, buffer.getvalue()


def _below(disk: Disk, path: str, name: str) -> Iterator[tuple[str, Node]]:
    node = disk.lookup(path, follow=False)
    yield name, node
    if node.kind == "directory":
        for inside in disk.listdir(path):
            yield from _below(disk, posixpath.join(path, inside), posixpath.join(name, inside))


def _entry(name: str, node: Node) -> tuple[tarfile.TarInfo, io.BytesIO | None]:
    info = tarfile.TarInfo(name)
    info.mode, info.mtime, info.uid = node.mode, node.mtime // S, node.uid
    if node.kind == "directory":
        info.type = tarfile.DIRTYPE
    elif node.kind == "link":
        info.type, info.linkname = tarfile.SYMTYPE, node.target
    else:
        info.size = len(node.data)
        return info, io.BytesIO(node.data)
    return info, None


def put(daemon: Daemon, container: Container, path: str, data: bytes) -> None:
    """Unpacks an archive into a directory of the container. Raises NotFound, InvalidParameter, Forbidden, System."""
    full = posixpath.normpath(posixpath.join("/", path))
    _node(container, full)
    if not container.disk.is_directory(full):
        raise InvalidParameter("extraction point is not a directory")
    _check_writable(container, full)
    try:
        _unpack_all(container.disk, full, data)
    except tarfile.ReadError:
        problem = "unexpected EOF" if len(data) < tarfile.BLOCKSIZE else "archive/tar: invalid tar header"
        raise System(f"Error processing tar file(exit status 1): {problem}") from None
    except OSError as failure:
        problem = f"open {failure.filename}: {(failure.strerror or '').lower()}"
        raise System(f"Error processing tar file(exit status 1): {problem}") from None
    daemon.container_event(container, "extract-to-dir")


def _check_writable(container: Container, path: str) -> None:
    """Whether the mount that a path is on takes files (checkIfPathIsInAVolume). Raises Forbidden."""
    around = [mount for mount in container.mounts if f"{path}/".startswith(f"{mount.destination}/")]
    if around and not max(around, key=lambda mount: len(mount.destination)).writable:
        raise Forbidden("mounted volume is marked read-only")
    if not around and container.host["ReadonlyRootfs"]:
        raise Forbidden("container rootfs is marked read-only")


def _unpack_all(disk: Disk, folder: str, data: bytes) -> None:
    if not data:
        return
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for info in archive:
            path = posixpath.normpath(posixpath.join(folder, info.name.lstrip("/")))
            _make_way(disk, path, folder, info)
            _unpack(disk, path, archive, info)


def _make_way(disk: Disk, path: str, folder: str, info: tarfile.TarInfo) -> None:
    """What is there goes, unless both or neither are directories. Raises System."""
    try:
        there = disk.lookup(path, follow=False).kind == "directory"
    except OSError:
        return
    if there != info.isdir():
        one, other = ("directory", "non-directory") if there else ("non-directory", "directory")
        problem = f'cannot overwrite {one} "{path}" with {other} "{folder}"'
        raise System(f"Error processing tar file(exit status 1): {problem}")
    if not there:
        disk.remove(path)


def _unpack(disk: Disk, path: str, archive: tarfile.TarFile, info: tarfile.TarInfo) -> None:
    if info.isdir():
        disk.make_directory(path, parents=True)
    elif info.issym():
        disk.symlink(info.linkname, path)
    elif info.isfile():
        content = archive.extractfile(info)
        disk.write(path, content.read() if content else b"")
        disk.set_mode(path, info.mode)
