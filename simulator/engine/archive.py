"""`docker diff` and `docker cp`: what a container has changed, and files in and out of it as tar archives.

Mirrors moby's pkg/archive changes and daemon/archive.go; what `docker cp` puts in is unpacked in extract.py.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING

from simulator.engine.container import Container
from simulator.engine.errors import InvalidParameter, NotFound, System
from simulator.engine.fields import Document
from simulator.engine.files import MOUNTED
from simulator.engine.layer import GRAPH
from simulator.engine.moments import utc
from simulator.kernel.archive import pack
from simulator.kernel.disk import Disk, Node

if TYPE_CHECKING:
    from simulator.engine.daemon import Daemon

# Mounted in the container's own mount namespace: empty directories to the engine.
INNER = ("/proc", "/sys", "/dev/pts", "/dev/shm")
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
        merged = f"{GRAPH}/{container.graph_id}/merged"
        raise System(f"lstat {merged}{posixpath.join('/', path)}: not a directory")
    mode = node.mode | {"directory": _GO_DIRECTORY, "link": _GO_LINK}.get(node.kind, 0)
    name = posixpath.basename(posixpath.normpath(path)) or "/"
    return {"name": name, "size": node.size, "mode": mode, "mtime": utc(node.mtime), "linkTarget": node.target}


def _node(container: Container, path: str) -> Node:
    if not path:
        raise InvalidParameter("bad parameter: pathcannot be empty")
    try:
        if posixpath.normpath(path).startswith(tuple(f"{inner}/" for inner in INNER)):
            raise FileNotFoundError(path)
        return container.disk.lookup(posixpath.join("/", path), follow=path.endswith("/"))
    except OSError:
        raise NotFound(f"Could not find the file {path} in container {container.name}") from None


def get(daemon: Daemon, container: Container, path: str) -> tuple[Document, bytes]:
    """What is at a path, as a tar archive, and its stat."""
    full = posixpath.normpath(posixpath.join("/", path))
    found = stat(container, path)
    first = "." if path.endswith("/.") else posixpath.basename(full) or "/"
    data = pack(_below(container.disk, full, first))
    daemon.container_event(container, "archive-path")
    return found, data


def _below(disk: Disk, path: str, name: str) -> Iterator[tuple[str, Node]]:
    node = disk.lookup(path, follow=False)
    if node.kind != "directory":
        yield name, node
        return
    yield posixpath.join(name, ""), node
    for inside in disk.listdir(path) if path not in INNER else []:
        yield from _below(disk, posixpath.join(path, inside), posixpath.join(name, inside))
