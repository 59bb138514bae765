"""What stat(2) tells of a file, for ls, stat and find: letters, sizes in blocks, links, numbers of inodes.

The disk keeps no inodes. Numbers are made from the path, so they are the same in every run; a program, which has no
bytes here, is as large as busybox is.
"""

from __future__ import annotations

import posixpath
import zlib

from simulator.kernel.disk import Disk, Node

BLOCK = 4096  # bytes of a block of the file system
FOLDER_SIZE = 4096
PROGRAM_SIZE = 1_982_256
INODES = 1 << 22
DEVICE_NUMBERS = {"null": (1, 3), "zero": (1, 5), "full": (1, 7), "random": (1, 8), "urandom": (1, 9), "tty": (5, 0)}
STANDARD = {"stdin": "/proc/self/fd/0", "stdout": "/proc/self/fd/1", "stderr": "/proc/self/fd/2"}
FORMATS = {"-": 0o100000, "d": 0o040000, "l": 0o120000, "s": 0o140000, "c": 0o020000}
NAMES = {"d": "directory", "l": "symbolic link", "s": "socket", "c": "character special file"}


def letter(node: Node) -> str:
    """The first letter of `ls -l`: -, d, l, s, c."""
    if node.kind == "device":
        return "l" if node.target in STANDARD else "c"
    return {"directory": "d", "link": "l", "socket": "s"}.get(node.kind, "-")


def type_name(node: Node) -> str:
    """The kind of file in stat's words."""
    plain = "regular file" if size(node) or node.kind == "virtual" else "regular empty file"
    return NAMES.get(letter(node), plain)


def permissions(node: Node) -> int:
    return 0o777 if letter(node) == "l" else node.mode


def raw_mode(node: Node) -> int:
    """st_mode: the type and the permissions in one number."""
    return FORMATS[letter(node)] | permissions(node)


def mode_text(node: Node) -> str:
    """drwxr-xr-x"""
    mode = permissions(node)
    text = "".join("rwx"[i % 3] if mode >> (8 - i) & 1 else "-" for i in range(9))
    for bit, at, mark in ((0o4000, 2, "s"), (0o2000, 5, "s"), (0o1000, 8, "t")):
        if mode & bit:
            text = text[:at] + (mark if text[at] == "x" else mark.upper()) + text[at + 1 :]
    return letter(node) + text


def link_target(node: Node) -> str:
    return STANDARD.get(node.target, node.target)


def size(node: Node) -> int:
    """st_size in bytes."""
    if node.kind == "program":
        return PROGRAM_SIZE
    if letter(node) == "l":
        return len(link_target(node).encode())
    return FOLDER_SIZE if node.kind == "directory" else node.size


def kilobytes(node: Node) -> int:
    """What the file takes on the disk, in units of 1024 bytes."""
    if letter(node) not in "-d":
        return 0
    return -(-size(node) // BLOCK) * (BLOCK // 1024)


def links(disk: Disk, path: str, node: Node) -> int:
    """st_nlink: a directory is named by its parent, by itself and by each directory in it."""
    if node.kind != "directory":
        return 1
    inside = (disk.lookup(posixpath.join(path, name), follow=False) for name in disk.listdir(path))
    return 2 + sum(below.kind == "directory" for below in inside)


def number(disk: Disk, path: str) -> int:
    """st_ino"""
    _, real = disk.locate(path, follow=False)
    return zlib.crc32(real.encode("utf-8", "surrogateescape")) % INODES + 11


def device_numbers(node: Node) -> tuple[int, int]:
    """Major and minor number of a device."""
    return DEVICE_NUMBERS.get(node.target, (1, 3))
