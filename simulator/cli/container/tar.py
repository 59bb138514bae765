"""Files of a disk as a tar archive and back, for `docker cp`."""

from __future__ import annotations

import io
import posixpath
import tarfile
from collections.abc import Iterator

from simulator.clock import S
from simulator.kernel.disk import Disk, Node


def is_directory(data: bytes) -> bool:
    """Whether the first thing in an archive is a directory."""
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        first = archive.next()
        return first is not None and first.isdir()


def pack(disk: Disk, path: str, name: str, *, follow: bool) -> bytes:
    """What is at a path, called `name` in the archive. `follow`: what a link at the path leads to."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for inside, node in _below(disk, path, name, follow=follow):
            info = tarfile.TarInfo(inside)
            info.mode, info.mtime, info.uid = node.mode, node.mtime // S, node.uid
            info.type = {"directory": tarfile.DIRTYPE, "link": tarfile.SYMTYPE}.get(node.kind, tarfile.REGTYPE)
            info.linkname = node.target if node.kind == "link" else ""
            info.size = len(node.data) if info.isreg() else 0
            archive.addfile(info, io.BytesIO(node.data))
    return buffer.getvalue()


def _below(disk: Disk, path: str, name: str, *, follow: bool = False) -> Iterator[tuple[str, Node]]:
    node = disk.lookup(path, follow=follow)
    yield name, node
    if node.kind == "directory":
        for inside in disk.listdir(path):
            yield from _below(disk, posixpath.join(path, inside), posixpath.join(name, inside))


def unpack(disk: Disk, data: bytes, place: str) -> None:
    """Puts what is in an archive on a disk; its first entry becomes `place`."""
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for info in archive:
            _, _, below = info.name.partition("/")
            _write(disk, archive, info, posixpath.normpath(posixpath.join(place, below)))


def _write(disk: Disk, archive: tarfile.TarFile, info: tarfile.TarInfo, path: str) -> None:
    if info.isdir():
        disk.make_directory(path, parents=True)
    elif info.issym():
        disk.symlink(info.linkname, path)
    else:
        content = archive.extractfile(info)
        disk.write(path, content.read() if content else b"", mode=info.mode)
