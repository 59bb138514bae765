"""Disks seen through something: a read-only mount (mount(8), EROFS in errno(3)) may be looked at and not changed."""

from __future__ import annotations

import errno
from typing import NoReturn

from simulator.kernel.disk import Disk, Node
from simulator.kernel.errors import error


class View(Disk):
    """Another disk, as it is at every moment. What is mounted on one of the two is on both."""

    def __init__(self, disk: Disk) -> None:
        super().__init__(disk, wall=disk.wall)
        self._disk = disk
        self._mounts = disk._mounts

    def changed(self) -> dict[str, Node | None]:
        return self._disk.changed()

    def _at(self, real: str) -> Node | None:
        return self._disk._at(real)

    def _names(self, real: str) -> list[str]:
        return self._disk._names(real)


class ReadOnly(View):
    """Writing ends with EROFS."""

    def _put(self, real: str, node: Node) -> NoReturn:
        raise error(errno.EROFS, real)

    def _drop(self, real: str) -> NoReturn:
        raise error(errno.EROFS, real)
