"""Files as a tar archive and back: POSIX.1-2001 pax as Go's archive/tar writes it, in a fixed form. See tar(5).

The same files give the same bytes everywhere. Reading takes what gzip, bzip2 and xz have packed as well. Left out:
groups, devices, sparse files; a hard link is read as one more file.
"""

from __future__ import annotations

import importlib
import io
import posixpath
import stat
import tarfile
import zlib
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from simulator.clock import S
from simulator.kernel.disk import Disk, Node

BLOCK = 512
END = bytes(2 * BLOCK)
PACKERS = {b"\x1f\x8b\x08": "gzip", b"BZh": "bz2", b"\xfd7zXZ\x00": "lzma"}  # by what a packed file begins with
TYPES = {tarfile.REGTYPE: stat.S_IFREG, tarfile.DIRTYPE: stat.S_IFDIR, tarfile.SYMTYPE: stat.S_IFLNK}
KINDS = {"file": tarfile.REGTYPE, "program": tarfile.REGTYPE, "directory": tarfile.DIRTYPE, "link": tarfile.SYMTYPE}


class NoArchive(ValueError):
    """What was given is no tar archive, or ends too early."""


def pack(members: Iterable[tuple[str, Node]]) -> bytes:
    """An archive of files by name. Sockets, devices and computed files have no place in it."""
    parts = []
    for name, node in members:
        if node.kind in KINDS:
            data = b"" if node.kind in ("directory", "link") else node.contents
            parts += [_header(name, node, len(data)), data, bytes(-len(data) % BLOCK)]
    return b"".join(parts) + END


def _header(name: str, node: Node, size: int) -> bytes:
    """The header of one file, and before it that of what has no room in it."""
    target = node.target if node.kind == "link" else ""
    name = f"{name}/" if node.kind == "directory" and not name.endswith("/") else name
    plain = (name + target).isascii() and max(size, node.mtime // S) < 8**11 and node.uid < 8**7
    write = _ustar if plain and len(name) <= 100 and len(target) <= 100 else _pax
    return write(name, node, size, target)


def _pax(name: str, node: Node, size: int, target: str) -> bytes:
    info = tarfile.TarInfo(name)
    info.type, info.size, info.linkname = KINDS[node.kind], size, target
    info.mode, info.mtime, info.uid = node.mode, node.mtime // S, node.uid
    if not node.uid:
        info.uname = info.gname = "root"
    return _with_type(info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape"), TYPES[info.type] | node.mode)


def _with_type(header: bytes, mode: int) -> bytes:
    """The mode with the bits of the file's type, as moby's pkg/archive has it; Python leaves them out."""
    block = bytearray(header[-BLOCK:])
    block[100:108], block[148:156] = b"%07o\0" % mode, b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return header[:-BLOCK] + bytes(block)


def _ustar(name: str, node: Node, size: int, target: str) -> bytes:
    """The same in a tenth of the time for what needs nothing but POSIX.1-1988's header, as most files do."""
    kind, owner = KINDS[node.kind], b"" if node.uid else b"root"
    numbers = b"%07o\0%07o\0%07o\0%011o\0%011o\0"
    before = name.encode().ljust(100, b"\0") + numbers % (TYPES[kind] | node.mode, node.uid, 0, size, node.mtime // S)
    after = kind + target.encode().ljust(100, b"\0") + b"ustar\x0000" + 2 * owner.ljust(32, b"\0")
    checksum = sum(before) + sum(after) + 8 * ord(" ")  # the sum counts itself as blanks
    return (before + b"%06o\0 " % checksum + after).ljust(BLOCK, b"\0")


def decompressed(data: bytes) -> bytes:
    """What gzip, bzip2 or xz have packed, as it was; anything else as it is. Raises NoArchive."""
    for magic, module in PACKERS.items():
        if data.startswith(magic):
            try:
                unpacked: bytes = importlib.import_module(module).decompress(data)
            except (EOFError, OSError, ValueError, zlib.error) as failure:
                raise NoArchive(str(failure)) from None
            return unpacked
    return data


def unpack(data: bytes) -> Iterator[tuple[str, Node]]:
    """The files in an archive by their names, which have no slash at either end. Raises NoArchive."""
    files: dict[str, Node] = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(decompressed(data)), mode="r:") as archive:
            for info in archive:
                name = _inside(info.name)
                node = files.get(_inside(info.linkname)) if info.islnk() else _node(archive, info)
                if node is not None:
                    files[name] = node
                    yield name, node
    except (tarfile.TarError, EOFError, OSError, ValueError) as failure:
        raise NoArchive(str(failure)) from None


def _inside(name: str) -> str:
    return posixpath.normpath(posixpath.join("/", name)).lstrip("/")


def _node(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Node | None:
    kind = "directory" if info.isdir() else "link" if info.issym() else "file" if info.isfile() else ""
    content = archive.extractfile(info) if kind == "file" else None
    node = Node(kind, content.read() if content else b"", info.mode & 0o7777, int(info.mtime) * S, info.uid)
    return replace(node, target=info.linkname) if kind == "link" else node if kind else None


def below(disk: Disk, path: str, name: str, *, follow: bool = False) -> Iterator[tuple[str, Node]]:
    """What is at a path and below it, what is mounted there included, called `name` in an archive.

    `follow`: what a link at the path leads to.
    """
    node = disk.lookup(path, follow=follow)
    yield name, node
    if node.kind == "directory":
        for inside in disk.listdir(path):
            yield from below(disk, posixpath.join(path, inside), posixpath.join(name, inside))
