"""COPY and ADD: files put into a layer, with the directories above them; ADD unpacks archives.

Mirrors moby's builder/dockerfile/copy.go and internals_linux.go. Left out: groups.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from msgspec.structs import replace

from simulator.engine.build.sources import Source, below
from simulator.engine.errors import System
from simulator.kernel.archive import NoArchive, decompressed, unpack
from simulator.kernel.disk import Disk, Node

UNKNOWN = "unable to convert uid/gid chown string to host mapping"


def destination(directory: str, given: str) -> str:
    """Where a path of COPY leads; a slash at its end is kept."""
    if given.startswith("/"):
        return given
    path = posixpath.normpath(posixpath.join("/", directory, given))
    return f"{path.rstrip('/')}/" if given.endswith("/") else path


def owner(disk: Disk, text: str) -> int:
    """The user of --chown, whose group must be known, too. Raises System."""
    user, _, group = text.partition(":")
    if ":" in group:
        raise System(f"{UNKNOWN}: invalid chown string format: {text}")
    uid = _number(disk, "/etc/passwd", user, f"can't find uid for user {user}: no such user: {user}")
    group = group or user
    _number(disk, "/etc/group", group, f"can't find gid for group {group}: no such group: {group}")
    return uid


def _number(disk: Disk, path: str, name: str, unknown: str) -> int:
    """The number of a name in an account file; a number is its own. Raises System."""
    if name.isdecimal():
        return int(name)
    rows = disk.read(path).decode("utf-8", "replace").splitlines() if disk.exists(path) else []
    for row in rows:
        fields = row.split(":")
        if fields[0] == name and len(fields) > 2:
            return int(fields[2])
    raise System(f"{UNKNOWN}: {unknown}")


def copy(source: Source, disk: Disk, goal: str, *, uid: int | None, unpacks: bool, merged: Callable[[], str]) -> None:
    """Copies one source; `uid` is whose the copies are, None: whose they were. Raises System.

    `merged` gives where the engine has the disk mounted, for its complaints.
    """
    node = source.disk.lookup(f"/{source.path}")
    try:
        if node.kind == "directory":
            _copy_directory(source, disk, goal, uid)
        elif not (unpacks and source.archive and _unpack(node, disk, goal)):
            _copy_file(source, node, disk, goal, uid)
    except OSError as failure:
        call = "failed to copy directory: mkdir" if node.kind == "directory" else "lstat"
        raise System(f"failed to copy files: {call} {merged()}{goal}: {str(failure.strerror).lower()}") from None


def _copy_directory(source: Source, disk: Disk, goal: str, uid: int | None) -> None:
    _make(disk, goal, uid)
    for name, node in below(source.disk, source.path):
        _place(disk, posixpath.join(goal, name), node, uid)


def _copy_file(source: Source, node: Node, disk: Disk, goal: str, uid: int | None) -> None:
    inside = goal.endswith("/") or disk.is_directory(goal)
    path = posixpath.join(goal, posixpath.basename(source.path)) if inside else goal
    _make(disk, posixpath.dirname(path), uid)
    _place(disk, path, node, uid)


def _make(disk: Disk, folder: str, uid: int | None) -> None:
    """The directories of a path, each new one the owner's."""
    path = "/"
    for part in [part for part in posixpath.normpath(folder).split("/") if part]:
        path = posixpath.join(path, part)
        if not disk.exists(path):
            disk.make_directory(path)
            disk.set_owner(path, uid or 0)


def _place(disk: Disk, path: str, node: Node, uid: int | None) -> None:
    """Puts a file in the place of what is there; a directory stays if it is to be one."""
    if node.kind != "directory" and disk.is_directory(path):
        disk.remove(path, recursive=True)
    disk.place(path, node if uid is None else replace(node, uid=uid))


def _unpack(node: Node, disk: Disk, goal: str) -> bool:
    """Unpacks what is an archive; whether it was one."""
    try:
        members = list(unpack(decompressed(node.contents)))
    except NoArchive:
        return False
    if not members:
        return False
    _make(disk, goal, 0)
    for name, member in members:
        path = posixpath.join(goal, name)
        _make(disk, posixpath.dirname(path), 0)
        if name and not (member.kind == "directory" and disk.is_directory(path)):
            _place(disk, path, member, None)
    return True
