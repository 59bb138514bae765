"""Files of a disk as a tar archive and back, for `docker cp`."""

from __future__ import annotations

import io
import posixpath
import tarfile

from simulator.kernel import archive
from simulator.kernel.disk import Disk


def pack(disk: Disk, path: str, name: str) -> bytes:
    """What is at a path, called `name` in the archive."""
    return archive.pack(archive.below(disk, path, name))


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
    with tarfile.open(fileobj=io.BytesIO(data)) as given:
        for info in given:
            _write(disk, given, info, posixpath.normpath(posixpath.join(folder, info.name.lstrip("/"))))


def _write(disk: Disk, given: tarfile.TarFile, info: tarfile.TarInfo, path: str) -> None:
    if info.isdir():
        disk.make_directory(path, parents=True)
        return
    if _is_there(disk, path):
        disk.remove(path, recursive=True)
    if info.issym():
        disk.symlink(info.linkname, path)
    else:
        content = given.extractfile(info)
        disk.write(path, content.read() if content else b"", mode=info.mode)


def _is_there(disk: Disk, path: str) -> bool:
    try:
        disk.lookup(path, follow=False)
    except OSError:
        return False
    return True
