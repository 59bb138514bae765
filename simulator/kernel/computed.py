"""File systems that have no files: what is looked at is computed then and there, as /proc and /sys are."""

from __future__ import annotations

import errno
from collections.abc import Callable
from typing import Any

from simulator.kernel.disk import Disk, Node
from simulator.kernel.errors import error

FOLDER = Node("directory", mode=0o555)

Text = Callable[[Any], str]  # of the process that reads; None if nobody in particular does


def computed(text: Text, *, write: Callable[[Any, bytes], None] | None = None, mode: int = 0o444) -> Node:
    """A file whose text(process) is made at each reading; write(process, data) takes what is written."""

    def content(process: Any) -> bytes:
        return text(process).encode("utf-8", "surrogateescape")

    return Node("virtual", mode=0o644 if write else mode, content=content, writer=write)


class Computed(Disk):
    """A tree that `look` knows: a node for a path, or the names in a directory for a path of one."""

    def __init__(self) -> None:
        super().__init__()
        self._nodes = {}

    def look(self, parts: list[str]) -> Node | list[str] | None:
        """What is at a path, given by its parts: a file, the names in a directory, or nothing."""
        raise NotImplementedError

    def _at(self, real: str) -> Node | None:
        found = self.look([part for part in real.split("/") if part])
        return FOLDER if isinstance(found, list) else found

    def _names(self, real: str) -> list[str]:
        found = self.look([part for part in real.split("/") if part])
        return found if isinstance(found, list) else []

    def _put(self, real: str, node: Node) -> None:
        raise error(errno.ENOENT if self._at(real) is None else errno.EPERM, real)

    def _drop(self, real: str) -> None:
        raise error(errno.EPERM, real)
