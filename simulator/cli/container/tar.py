"""Files of a disk as a tar archive and back, for `docker cp`."""

from __future__ import annotations

import io
import posixpath
import tarfile
from collections.abc import Iterator

from simulator.clock import S
from simulator.kernel.disk import Disk, Node


def pack(disk: Disk, path: str, name: str) -> bytes:
    """What is at a path, called `name` in the archive."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for inside, node in _below(disk, path, name):
            info = tarfile.TarInfo(inside)
            info.mode, info.mtime, info.uid = node.mode, node.mtime // S, node.uid
            info.type = {"directory": tarfile.DIRTYPE, "link": tarfile.SYMTYPE}.get(node.kind, tarfile.REGTYPE)
            info.linkname = node.target if node.kind == "link" else ""
            info.size = len(node.data) if info.isreg() else 0
            archive.addfile(info, io.BytesIO(node.data))
    return buffer.getvalue()


def _below(disk: Disk, path: str, name: str) -> Iterator[tuple[str, Node]]:
    node = disk.lookup(path, follow=False)
    yield name, node
    if node.kind == "directory":
        for inside in disk.listdir(path):
            yield from _below(disk, posixpath.join(path, inside), posixpath.join(name, inside))


def rename(data: bytes, old: str, new: str) -> bytes:
    """The same archive with `new` for the first `old` in each name."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(data)) as given, tarfile.open(fileobj=buffer, mode="w") as made:
        for info in given:
            info.name = info.name.replace(old, new, 1)
            made.addfile(info, given.extractfile(info) if info.isreg() else None)
    return buffer.getvalue()


def unpack(disk: Disk, data: bytes, folder: str) -> None:
    """Puts what is in an archive into a directory of a disk."""
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for info in archive:
            _write(disk, archive, info, posixpath.normpath(posixpath.join(folder, info.name.lstrip("/"))))


def _write(disk: Disk, archive: tarfile.TarFile, info: tarfile.TarInfo, path: str) -> None:
    if info.isdir():
        disk.make_directory(path, parents=True)
        return
    if _is_there(disk, path):
        disk.remove(path, recursive=True)
    if info.issym():
        disk.symlink(info.linkname, path)
    else:
        content = archive.extractfile(info)
        disk.write(path, content.read() if content else b"", mode=info.mode)


def _is_there(disk: Disk, path: str) -> bool:
    try:
        disk.lookup(path, follow=False)
    except OSError:
        return False
    return True
