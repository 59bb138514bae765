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
from simulator.engine.errors import InvalidParameter, NotFound
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
    """What the header X-Docker-Container-Path-Stat tells. Raises NotFound."""
    node = _node(container, path)
    mode = node.mode | {"directory": _GO_DIRECTORY, "link": _GO_LINK}.get(node.kind, 0)
    name = posixpath.basename(posixpath.normpath(path)) or "/"
    return {"name": name, "size": node.size, "mode": mode, "mtime": utc(node.mtime), "linkTarget": node.target}


def _node(container: Container, path: str) -> Node:
    try:
        return container.disk.lookup(posixpath.join("/", path), follow=False)
    except OSError:
        raise NotFound(f"Could not find the file {path} in container {container.name}") from None


def get(daemon: Daemon, container: Container, path: str) -> tuple[Document, bytes]:
    """What is at a path, as a tar archive, and its stat."""
    full = posixpath.normpath(posixpath.join("/", path))
    found = stat(container, path)
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, node in _below(container.disk, full, posixpath.basename(full) or "."):
            archive.addfile(*_entry(name, node))
    daemon.container_event(container, "archive-path")
    return found, buffer.getvalue()


def _below(disk: Disk, path: str, name: str) -> Iterator[tuple[str, Node]]:
    node = disk.lookup(path, follow=False)
    yield name, node
    if node.kind == "directory":
        for inside in disk.listdir(path):
            yield from _below(disk, f"{path.rstrip('/')}/{inside}", f"{name}/{inside}")


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
    """Unpacks an archive into a directory of the container. Raises NotFound, InvalidParameter."""
    full = posixpath.normpath(posixpath.join("/", path))
    _node(container, full)
    if not container.disk.is_directory(full):
        raise InvalidParameter("extraction point is not a directory")
    try:
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            for info in archive:
                _unpack(container.disk, full, archive, info)
    except tarfile.TarError as failure:
        raise InvalidParameter(str(failure)) from None
    daemon.container_event(container, "extract-to-dir")


def _unpack(disk: Disk, folder: str, archive: tarfile.TarFile, info: tarfile.TarInfo) -> None:
    path = posixpath.normpath(posixpath.join(folder, info.name))
    if info.isdir():
        disk.make_directory(path, parents=True)
    elif info.issym():
        disk.symlink(info.linkname, path)
    elif info.isfile():
        content = archive.extractfile(info)
        disk.write(path, content.read() if content else b"")
        disk.set_mode(path, info.mode)
