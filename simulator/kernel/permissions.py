"""What a process that is not almighty may do with files: the permission bits of inode(7), and capabilities(7).

Left out: the right to pass through directories, set-user-id bits, and groups of files: all are of the group root.
"""

from __future__ import annotations

import errno
import posixpath
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from simulator.kernel.disk import Disk, Node
from simulator.kernel.errors import error
from simulator.kernel.readonly import View

if TYPE_CHECKING:
    from simulator.kernel.process import Process

READ, WRITE = 4, 2
OVERRIDING = ("DAC_OVERRIDE", "CHOWN", "FOWNER")  # who has these may do everything


class Guarded(View):
    """A disk as one process meets it."""

    def __init__(self, disk: Disk, process: Process) -> None:
        super().__init__(disk)
        self._process = process

    def locate(self, path: str, *, follow: bool = True, links: int = 0) -> tuple[Disk, str]:
        disk, real = self._disk.locate(path, follow=follow, links=links)
        return Guarded(disk, self._process), real

    def read(self, path: str, process: Any = None) -> bytes:
        self._demand(self.lookup(path), READ, path)
        return self._disk.read(path, process)

    def listdir(self, path: str) -> list[str]:
        self._demand(self.lookup(path), READ, path)
        return self._disk.listdir(path)

    def _put(self, real: str, node: Node) -> None:
        there = self._disk._at(real)
        if there is None:
            self._demand_folder(real)
            node = replace(node, uid=self._process.uid)
        elif (there.mode, there.uid) != (node.mode, node.uid):
            self._demand_ownership(there, node, real)
        else:
            self._demand(there, WRITE, real)
        self._disk._put(real, node)

    def _drop(self, real: str) -> None:
        self._demand_folder(real)
        self._disk._drop(real)

    def _demand_folder(self, real: str) -> None:
        folder = self._disk._at(posixpath.dirname(real))
        if folder is not None:
            self._demand(folder, WRITE, real)

    def _demand(self, node: Node, right: int, path: str) -> None:
        """Raises OSError EACCES without the right to read or write."""
        who = self._process.credentials
        shift = 6 if who.uid == node.uid else 3 if 0 in who.all_groups else 0
        if not node.mode >> shift & right and not self._process.may("DAC_OVERRIDE"):
            raise error(errno.EACCES, path)

    def _demand_ownership(self, there: Node, node: Node, path: str) -> None:
        """Raises OSError EPERM for who may not give a file another owner or mode."""
        capability = "CHOWN" if there.uid != node.uid else "FOWNER"
        mine = capability == "FOWNER" and self._process.uid == there.uid
        if not mine and not self._process.may(capability):
            raise error(errno.EPERM, path)
