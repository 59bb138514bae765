"""`docker cp` into a container: an archive unpacked into a directory of it.

Mirrors moby's daemon/archive.go and pkg/archive's Unpack and createTarFile, with what they refuse. Left out: devices,
FIFOs, extended attributes; a hard link is one more file.
"""

from __future__ import annotations

import io
import posixpath
import tarfile
from typing import TYPE_CHECKING

from simulator.clock import S
from simulator.engine.archive import stat
from simulator.engine.container import Container
from simulator.engine.errors import EngineError, Forbidden, System
from simulator.kernel.archive import NoArchive, decompressed
from simulator.kernel.disk import Disk

if TYPE_CHECKING:
    from simulator.engine.daemon import Daemon


def put(daemon: Daemon, container: Container, path: str, data: bytes) -> None:
    """Unpacks an archive into a directory of the container. Raises NotFound, Forbidden, System."""
    full = posixpath.normpath(posixpath.join("/", path))
    stat(container, full)
    if not container.disk.is_directory(full):
        raise System("extraction point is not a directory")
    _check_writable(container, full)
    try:
        _unpack(container.disk, full, decompressed(data))
    except (NoArchive, tarfile.ReadError):
        raise no_archive(data) from None
    except OSError as failure:
        raise _failure(f"open {failure.filename}: {(failure.strerror or '').lower()}") from None
    daemon.container_event(container, "extract-to-dir")


def no_archive(data: bytes) -> EngineError:
    """Of what is no archive: whether it ends too early or does not begin like one."""
    if len(data) < tarfile.BLOCKSIZE:
        return _failure("unexpected EOF")
    try:
        tarfile.TarInfo.frombuf(data[: tarfile.BLOCKSIZE], "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return _failure("archive/tar: invalid tar header")
    return _failure("unexpected EOF")


def _failure(problem: str) -> EngineError:
    """What the process that unpacks has said."""
    return System(f"Error processing tar file(exit status 1): {problem}")


def _check_writable(container: Container, path: str) -> None:
    """Whether the mount that a path is on takes files (checkIfPathIsInAVolume). Raises Forbidden."""
    around = [mount for mount in container.mounts if f"{path}/".startswith(f"{mount.destination}/")]
    if around and not max(around, key=lambda mount: len(mount.destination)).writable:
        raise Forbidden("mounted volume is marked read-only")
    if not around and container.host["ReadonlyRootfs"]:
        raise Forbidden("container rootfs is marked read-only")


def _unpack(disk: Disk, folder: str, data: bytes) -> None:
    if not data:
        return
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        for info in archive:
            path = posixpath.normpath(posixpath.join(folder, info.name.lstrip("/")))
            if not _is_in(path, folder):
                raise _failure(f'"{posixpath.normpath(info.name)}" is outside of "{folder}"')
            _make_parents(disk, posixpath.dirname(path))
            _make_way(disk, path, folder, info)
            _make(disk, path, folder, info, archive)


def _is_in(path: str, folder: str) -> bool:
    return f"{path}/".startswith(posixpath.join(folder, ""))


def _make_parents(disk: Disk, path: str) -> None:
    """An archive may leave out the directories that lead to a file."""
    try:
        disk.lookup(path)
    except FileNotFoundError:
        disk.make_directory(path, parents=True)


def _make_way(disk: Disk, path: str, folder: str, info: tarfile.TarInfo) -> None:
    """What is there goes, unless both or neither are directories. Raises System."""
    try:
        there = disk.lookup(path, follow=False).kind == "directory"
    except FileNotFoundError:
        return
    if there != info.isdir():
        one, other = ("directory", "non-directory") if there else ("non-directory", "directory")
        raise _failure(f'cannot overwrite {one} "{path}" with {other} "{folder}"')
    if not there:
        disk.remove(path)


def _make(disk: Disk, path: str, folder: str, info: tarfile.TarInfo, archive: tarfile.TarFile) -> None:
    if info.issym():
        if not _is_in(posixpath.normpath(f"{posixpath.dirname(path)}/{info.linkname}"), folder):
            raise _failure(f'invalid symlink "{path}" -> "{info.linkname}"')
        disk.symlink(info.linkname, path)
        return
    if info.isdir():
        disk.make_directory(path, parents=True)
    elif info.isfile():
        content = archive.extractfile(info)
        disk.write(path, content.read() if content else b"")
    elif info.islnk():
        _link(disk, posixpath.normpath(f"{folder}/{info.linkname}"), path, folder)
        return
    else:
        return
    disk.set_mode(path, info.mode & 0o7777)
    disk.set_owner(path, info.uid)
    disk.touch(path, wall=int(info.mtime) * S)


def _link(disk: Disk, known: str, path: str, folder: str) -> None:
    if not _is_in(known, folder):
        raise _failure(f'invalid hardlink "{known}" -> "{posixpath.relpath(known, folder)}"')
    try:
        disk.write(path, disk.read(known))
        disk.set_mode(path, disk.lookup(known).mode)
    except FileNotFoundError:
        raise _failure(f"link {known} {path}: no such file or directory") from None
