"""The context of a build: a directory of the host as an archive, without what .dockerignore leaves out.

Mirrors docker/cli's cli/command/image/build/context.go. Left out: contexts from git and by URL.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from simulator.cli.errors import CommandError
from simulator.golang.match import ignore_patterns, ignored, may_hold_kept
from simulator.kernel.archive import BLOCK, END, PACKERS, NoArchive, pack, unpack
from simulator.kernel.disk import Disk, Node
from simulator.kernel.process import Process

DOCKERFILE, IGNORE, STDIN = "Dockerfile", ".dockerignore", "-"


class Context(Struct, frozen=True):
    """The archive, and the name of the Dockerfile in it."""

    data: bytes
    dockerfile: str
    unsent: int = 0  # bytes at the end that the client leaves away

    @property
    def sent(self) -> int:
        return len(self.data) - self.unsent


def context_from_stdin(data: bytes, dockerfile: str) -> Context:
    """An archive, or a Dockerfile alone. Raises CommandError."""
    if is_archive(data):
        return Context(data, dockerfile)
    if dockerfile == STDIN:
        raise CommandError("unable to prepare context: build context is not an archive")
    return Context(pack([(DOCKERFILE, Node("file", data, 0o600))]), DOCKERFILE)


def is_archive(data: bytes) -> bool:
    if data.startswith(tuple(PACKERS)):
        return True
    try:
        return len(data) >= BLOCK and next(unpack(data), None) is not None
    except NoArchive:
        return False


def context_from_directory(process: Process, given: str, dockerfile: str, typed: bytes | None) -> Context:
    """`typed`: the Dockerfile, where it comes from standard input. Raises CommandError."""
    disk, root = process.disk, _real(process.disk, process.path(given))
    if not disk.is_directory(root):
        raise CommandError(f"unable to prepare context: context must be a directory: {root}")
    name = dockerfile if typed is not None else _dockerfile(process, root, dockerfile)
    if name.startswith("../"):
        typed = _outside(process, dockerfile)
    patterns = _patterns(disk, root)
    excluded = _kept(patterns, name, from_stdin=typed is not None)
    members = {path: _as_root(node) for path, node in _files(disk, root, "", excluded)}
    if typed is None:
        return Context(pack(members.items()), name)
    return _with_dockerfile(members, typed, process.clock.chance.hex("dockerfile", 20))


def _real(disk: Disk, path: str) -> str:
    _, real = disk.locate(path)
    return real


def _dockerfile(process: Process, root: str, given: str) -> str:
    """The Dockerfile's path from the context on."""
    disk = process.disk
    path = process.path(given) if given else posixpath.join(root, DOCKERFILE)
    lower = posixpath.join(root, DOCKERFILE.lower())
    if not given and not disk.exists(path) and disk.exists(lower):
        path = lower
    if not disk.exists(path):
        why = f"lstat {_missing(disk, path)}: no such file or directory"
        raise CommandError(f"unable to prepare context: unable to evaluate symlinks in Dockerfile path: {why}")
    return posixpath.relpath(_real(disk, path), root)


def _missing(disk: Disk, path: str) -> str:
    """The first part of a path that is not there."""
    while not disk.exists(posixpath.dirname(path)):
        path = posixpath.dirname(path)
    return path


def _outside(process: Process, dockerfile: str) -> bytes:
    try:
        return process.disk.read(process.path(dockerfile), process)
    except OSError as failure:
        raise CommandError(f"read {dockerfile}: {(failure.strerror or '').lower()}") from None


def _patterns(disk: Disk, root: str) -> list[str]:
    path = posixpath.join(root, IGNORE)
    return ignore_patterns(disk.read(path).decode("utf-8", "replace")) if disk.exists(path) else []


def _kept(patterns: list[str], dockerfile: str, *, from_stdin: bool) -> list[str]:
    """What is left out, but not the files that the engine itself reads."""
    needed = [IGNORE] if from_stdin else [IGNORE, dockerfile]
    return patterns + [f"!{name}" for name in needed if ignored(name, patterns)]


def _files(disk: Disk, root: str, folder: str, patterns: Sequence[str]) -> Iterator[tuple[str, Node]]:
    for name in disk.listdir(posixpath.join(root, folder)):
        path = posixpath.join(folder, name)
        node = disk.lookup(posixpath.join(root, path), follow=False)
        left_out = ignored(path, patterns)
        if node.kind == "directory":
            if not left_out:
                yield f"{path}/", node
            if not left_out or may_hold_kept(path, patterns):
                yield from _files(disk, root, path, patterns)
        elif not left_out:
            yield path, node


def _as_root(node: Node) -> Node:
    return replace(node, uid=0)


def _with_dockerfile(members: dict[str, Node], typed: bytes, digits: str) -> Context:
    """With a Dockerfile that is none of the directory's, under a name that .dockerignore hides.

    The archive is written anew, and not to its end: what fills its last block and what ends it are not sent.
    """
    name = f".dockerfile.{digits}"
    known = members.pop(IGNORE, Node("file", IGNORE.encode(), 0o600))
    members[name] = Node("file", typed, 0o600)
    members[IGNORE] = replace(known, data=known.data + f"\n{name}\n".encode())
    return Context(pack(members.items()), name, len(END) + -len(members[IGNORE].data) % BLOCK)
