"""What COPY and ADD take: files of the context or of another stage by path or pattern, and the digest that tells them.

Mirrors moby's builder/dockerfile/copy.go and the sums of its tarsum. Left out: sums that are the same as its.
"""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Iterable, Sequence

from msgspec import Struct

from simulator.engine.errors import System
from simulator.golang.match import has_wildcards, path_match
from simulator.kernel.archive import KINDS
from simulator.kernel.disk import Disk, Node


class Source(Struct, frozen=True):
    """One file or directory that is copied. `archive`: ADD may unpack it."""

    disk: Disk
    path: str  # on its disk, without a slash in front
    digest: str
    archive: bool = True


def sources(disk: Disk, paths: Iterable[str], *, from_context: bool) -> list[Source]:
    """Raises System."""
    return [source for path in paths for source in _found(disk, path, from_context=from_context)]


def _found(disk: Disk, given: str, *, from_context: bool) -> list[Source]:
    path = given.removeprefix("/").removeprefix("./")
    if from_context and posixpath.normpath(path).split("/")[0] == "..":
        raise System(f"forbidden path outside the build context: {path} ()")
    if has_wildcards(path):
        names = sorted((name[1:] for name in disk.nodes() if name != "/"), key=lambda name: name.split("/"))
        return [_source(disk, name, from_context=from_context) for name in names if _matches(path, name)]
    return [_source(disk, path, from_context=from_context)]


def _matches(pattern: str, name: str) -> bool:
    try:
        return path_match(pattern, name)
    except ValueError:
        return False


def _source(disk: Disk, path: str, *, from_context: bool) -> Source:
    try:
        node = disk.lookup(f"/{path}")
    except OSError:
        why = f"stat {path}: file does not exist"
        where = "file not found in build context or excluded by .dockerignore: " if from_context else ""
        raise System(where + why) from None
    if node.kind != "directory":
        return Source(disk, path, f"file:{_sum(path, node)}")
    sums = sorted(_sum(name, inside) for name, inside in below(disk, path))
    return Source(disk, path, together("dir", sums))


def below(disk: Disk, path: str) -> list[tuple[str, Node]]:
    """What is in a directory, at any depth, by its path there, in the order of a walk."""
    _, real = disk.locate(f"/{path}")
    front = real.rstrip("/") + "/"
    inside = [(name[len(front) :], node) for name, node in disk.nodes().items() if name.startswith(front)]
    return sorted(((name, node) for name, node in inside if name and node.kind in KINDS), key=_walking)


def _walking(entry: tuple[str, Node]) -> list[str]:
    return entry[0].split("/")


def _sum(name: str, node: Node) -> str:
    """The digest of a file: all that is in its header but the time, and its contents."""
    kind = "file" if node.kind == "program" else node.kind
    head = f"{name}\0{kind}\0{node.mode:o}\0{node.uid}\0{node.target}\0"
    return hashlib.sha256(head.encode() + (node.contents if kind == "file" else b"")).hexdigest()


def together(prefix: str, sums: Iterable[str]) -> str:
    return f"{prefix}:{hashlib.sha256(','.join(sums).encode()).hexdigest()}"


def digest(found: Sequence[Source]) -> str:
    """What the history and the cache know all of them by."""
    return found[0].digest if len(found) == 1 else together("multi", (source.digest for source in found))


def downloaded(name: str, data: bytes, mtime: int) -> Source:
    """A file that came over the network, called by its name there."""
    disk = Disk()
    node = Node("file", data, 0o600, mtime)
    disk.place(f"/{name}", node)
    return Source(disk, name, _sum(name, node), archive=False)
