"""Files by path: a copy-on-write disk over a shared lower one, as an overlay file system has it.

A node is a value that is replaced when it is written. Besides files, directories and symbolic links there are
programs (a generator function, or the text "module:function" that is imported when it first runs), unix sockets
(any object that listens), devices, and files computed at each reading (/proc). See path_resolution(7), overlayfs.
Left out: permissions other than the execute bit, hard links, file descriptors of directories.
"""

from __future__ import annotations

import errno
import posixpath
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from simulator.kernel import binary
from simulator.kernel.errors import error

FILE_SIZE = 8 << 20  # bytes of a file, so that an endless one ends: the disk is full
DISK_SIZE = 64 << 20  # and of all that was written to a disk
MAX_LINKS = 40  # symbolic links on the way to one file: path_resolution(7)


class Node(Struct, frozen=True):
    """One file. `kind`: file, directory, link, program, socket, device or virtual."""

    kind: str
    data: bytes = b""
    mode: int = 0o644
    mtime: int = 0  # ns since the Unix epoch
    uid: int = 0
    target: str = ""  # of a link; the name of a device
    content: Any = None  # the program, the endpoint of a socket, the function of a virtual file
    writer: Callable[..., None] | None = None  # of a virtual file: (process, data)

    @property
    def contents(self) -> bytes:
        """What is read from it; a program's file holds its name."""
        return binary.contents(self.content) if self.kind == "program" else self.data

    @property
    def size(self) -> int:
        return len(self.target) if self.kind == "link" else len(self.contents)


class Disk:
    """A tree of nodes. Raises OSError (ENOENT, ENOTDIR, EISDIR, EEXIST, ENOTEMPTY, ELOOP) as the system calls do."""

    def __init__(self, lower: Disk | None = None, *, wall: Callable[[], int] | None = None) -> None:
        self.lower = lower
        self.wall: Callable[[], int] = wall or (lower.wall if lower else lambda: 0)
        self._nodes: dict[str, Node | None] = {} if lower else {"/": Node("directory", mode=0o755)}
        self._inside: dict[str, set[str]] | None = None  # the names in each directory; made when somebody lists one
        self._mounts: dict[str, tuple[Disk, str]] = {}
        self._used = 0  # bytes

    # -- looking ----------------------------------------------------------------------------------------------------

    def lookup(self, path: str, *, follow: bool = True) -> Node:
        """The node at an absolute path; a symbolic link at its end is followed unless told not to."""
        disk, real = self.locate(path, follow=follow)
        node = disk._at(real)
        if node is None:
            raise error(errno.ENOENT, path)
        return node

    def locate(self, path: str, *, follow: bool = True, links: int = 0) -> tuple[Disk, str]:
        """The disk and the path on it that a path means, through links and mounts; the last part need not exist."""
        real = ""  # of the directory reached so far: "" for the root
        parts = [part for part in posixpath.normpath(path).split("/") if part]
        for index, part in enumerate(parts):
            here = f"{real}/{part}"
            last = index == len(parts) - 1
            if here in self._mounts:
                disk, root = self._mounts[here]
                rest = posixpath.join(root, *parts[index + 1 :])
                return disk.locate(rest, follow=follow, links=links)
            node = self._at(here)
            if node is not None and node.kind == "link" and (follow or not last):
                if links >= MAX_LINKS:
                    raise error(errno.ELOOP, path)
                goal = posixpath.join(real or "/", node.target, *parts[index + 1 :])
                return self.locate(goal, follow=follow, links=links + 1)
            if not last and node is not None and node.kind != "directory":
                raise error(errno.ENOTDIR, path)
            if not last and node is None:
                raise error(errno.ENOENT, path)
            real = here
        return self, real or "/"

    def find(self, path: str) -> Node | None:
        """The node at a path, or None where nothing can be reached."""
        try:
            disk, real = self.locate(path)
        except OSError:
            return None
        return disk._at(real)

    def exists(self, path: str) -> bool:
        return self.find(path) is not None

    def is_directory(self, path: str) -> bool:
        node = self.find(path)
        return node is not None and node.kind == "directory"

    def read(self, path: str, process: Any = None) -> bytes:
        """The contents of a file; `process` is who reads, for files computed at reading."""
        node = self.lookup(path)
        if node.kind == "directory":
            raise error(errno.EISDIR, path)
        if node.kind == "virtual":
            return bytes(node.content(process))
        if node.kind == "socket":
            raise error(errno.ENXIO, path)
        return node.contents

    def listdir(self, path: str) -> list[str]:
        """The names in a directory, sorted."""
        if self.lookup(path).kind != "directory":
            raise error(errno.ENOTDIR, path)
        disk, real = self.locate(path)
        return disk._names(real)

    def changed(self) -> dict[str, Node | None]:
        """What this disk has over its lower one: path to node, None where something was removed."""
        return dict(self._nodes)

    def nodes(self) -> dict[str, Node]:
        """All files by path, those of the lower disks included; what is mounted is left out."""
        found = self.lower.nodes() if self.lower else {}
        for path, node in self._nodes.items():
            if node is None:
                found.pop(path, None)
            else:
                found[path] = node
        return found

    @classmethod
    def over(cls, lower: Disk | None, nodes: Mapping[str, Node | None]) -> Disk:
        """A disk with these files over another one; None hides what that has at the path."""
        made = cls(lower)
        made._nodes |= nodes
        return made

    # -- changing ---------------------------------------------------------------------------------------------------

    def write(
        self, path: str, data: bytes | str, *, append: bool = False, mode: int = 0o644, process: Any = None
    ) -> None:
        """Makes a file or replaces its contents."""
        content = data.encode() if isinstance(data, str) else data
        disk, real = self.locate(path)
        node = disk._at(real)
        if node is not None and node.kind == "directory":
            raise error(errno.EISDIR, path)
        if node is not None and node.kind == "virtual":
            if node.writer is None:
                raise error(errno.EACCES, path)
            node.writer(process, content)
            return
        if node is not None and node.kind == "file":
            if append and len(node.data) + len(content) > FILE_SIZE:
                raise error(errno.ENOSPC, path)
            content = node.data + content if append else content
            disk._take(len(content) - len(node.data), path)
            disk._put(real, replace(node, data=content, mtime=disk.wall()))
            return
        disk._take(len(content), path)
        disk._put(real, Node("file", content, mode, disk.wall()))

    def _take(self, size: int, path: str) -> None:
        """Takes so much of the room that there is, or (less than 0) gives it back. Raises OSError ENOSPC."""
        if size > 0 and self._used + size > DISK_SIZE:
            raise error(errno.ENOSPC, path)
        self._used += size

    def make_directory(self, path: str, *, parents: bool = False, mode: int = 0o755) -> None:
        if parents and self.is_directory(path):
            return
        disk, real = self.locate(path) if not parents else self._with_parents(path)
        node = disk._at(real)
        if node is not None:
            raise error(errno.EEXIST, path)
        if node is None:
            disk._put(real, Node("directory", mode=mode, mtime=disk.wall()))

    def remove(self, path: str, *, recursive: bool = False) -> None:
        """Removes a file, a link or a directory (an empty one unless recursive)."""
        disk, real = self.locate(path, follow=False)
        node = disk._at(real)
        if node is None:
            raise error(errno.ENOENT, path)
        names = disk._names(real) if node.kind == "directory" else []
        if names and not recursive:
            raise error(errno.ENOTEMPTY, path)
        for name in names:
            disk.remove(posixpath.join(real, name), recursive=True)
        disk._drop(real)

    def symlink(self, target: str, path: str) -> None:
        self._new(path, Node("link", target=target, mode=0o777, mtime=self.wall()))

    def install(self, path: str, program: Any, *, mode: int = 0o755) -> None:
        """Puts a program on the disk, with the directories above it."""
        self.make_directory(posixpath.dirname(path), parents=True)
        disk, real = self.locate(path, follow=False)
        disk._put(real, Node("program", mode=mode, mtime=disk.wall(), content=program))

    def place(self, path: str, node: Node) -> None:
        """Puts a file as it is at a path; a directory that is there keeps what is in it."""
        disk, real = self.locate(path, follow=False)
        known = disk._at(real)
        if known is not None and known.kind == "directory" and node.kind != "directory":
            raise error(errno.EISDIR, path)
        disk._put(real, node)

    def bind(self, path: str, endpoint: Any) -> None:
        """Makes a unix socket: whoever connects to the path gets the endpoint."""
        self.make_directory(posixpath.dirname(path), parents=True)
        disk, real = self.locate(path)
        disk._put(real, Node("socket", mode=0o660, mtime=disk.wall(), content=endpoint))

    def keep_namespace(self, path: str, namespace: Any) -> None:
        """Makes a file that stands for a namespace: what a bind mount of /proc/PID/ns/net does."""
        self.make_directory(posixpath.dirname(path), parents=True)
        disk, real = self.locate(path)
        disk._put(real, Node("file", mode=0o444, mtime=disk.wall(), content=namespace))

    def device(self, path: str, name: str) -> None:
        self.make_directory(posixpath.dirname(path), parents=True)
        disk, real = self.locate(path)
        disk._put(real, Node("device", mode=0o666, mtime=disk.wall(), target=name))

    def mount(self, path: str, disk: Disk, root: str = "/") -> None:
        """Shows another disk (from its root) at a path of this one, as a bind mount does."""
        if not self.exists(path):
            self.make_directory(path, parents=True)
        self._mounts[posixpath.normpath(path)] = (disk, root)

    def rename(self, old: str, new: str) -> None:
        node = self.lookup(old, follow=False)
        names = self.listdir(old) if node.kind == "directory" else []
        disk, real = self.locate(new, follow=False)
        disk._put(real, node)
        for name in names:
            self.rename(posixpath.join(old, name), posixpath.join(new, name))
        self.remove(old)

    def set_mode(self, path: str, mode: int) -> None:
        self._change(path, mode=mode)

    def set_owner(self, path: str, uid: int) -> None:
        self._change(path, uid=uid)

    def touch(self, path: str, *, wall: int | None = None) -> None:
        """Makes an empty file, or sets the time of one that is there: to now, or to this wall time in ns."""
        if not self.exists(path):
            self.write(path, b"")
        self._change(path, mtime=self.wall() if wall is None else wall)

    # -- inside -----------------------------------------------------------------------------------------------------

    def _at(self, real: str) -> Node | None:
        disk: Disk | None = self
        while disk is not None:
            if real in disk._nodes:
                return disk._nodes[real]
            disk = disk.lower
        return None

    def _put(self, real: str, node: Node) -> None:
        above = self._at(posixpath.dirname(real))
        if above is None:
            raise error(errno.ENOENT, real)
        if above.kind != "directory":
            raise error(errno.ENOTDIR, real)
        self._set(real, node)

    def _drop(self, real: str) -> None:
        node = self._nodes.get(real)
        self._used -= len(node.data) if node else 0
        if self.lower is not None and self.lower._at(real) is not None:
            self._set(real, None)
            return
        del self._nodes[real]
        if self._inside is not None:
            folder, name = posixpath.split(real)
            self._inside[folder].discard(name)
            self._inside.pop(real, None)

    def _set(self, real: str, node: Node | None) -> None:
        self._nodes[real] = node
        if self._inside is not None:
            self._index(self._inside, real)

    def _new(self, path: str, node: Node) -> None:
        disk, real = self.locate(path, follow=False)
        if disk._at(real) is not None:
            raise error(errno.EEXIST, path)
        disk._put(real, node)

    def _change(self, path: str, **changes: Any) -> None:
        node = self.lookup(path)
        disk, real = self.locate(path)
        disk._put(real, replace(node, **changes))

    def _names(self, real: str) -> list[str]:
        if self._inside is None:
            self._inside = {}
            for path in self._nodes:
                self._index(self._inside, path)
        names = set() if self.lower is None else set(self.lower._names(real))
        for name in self._inside.get(real, ()):
            (names.discard if self._nodes[posixpath.join(real, name)] is None else names.add)(name)
        return sorted(names)

    @staticmethod
    def _index(inside: dict[str, set[str]], path: str) -> None:
        folder, name = posixpath.split(path)
        if name:
            inside.setdefault(folder, set()).add(name)

    def _with_parents(self, path: str) -> tuple[Disk, str]:
        above = posixpath.dirname(posixpath.normpath(posixpath.join("/", path)))
        if above != "/" and not self.exists(above):
            self.make_directory(above, parents=True)
        return self.locate(path)
