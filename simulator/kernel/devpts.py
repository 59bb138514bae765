"""/dev/pts: the terminals of the processes in sight, to be written to. See pts(4).

Left out: reading from them, and ptmx as more than a name.
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from simulator.kernel.computed import Computed, computed
from simulator.kernel.disk import Node
from simulator.kernel.errors import error

if TYPE_CHECKING:
    from simulator.kernel.process import Process
    from simulator.kernel.tty import Tty


class DevPts(Computed):
    def __init__(self, processes: dict[int, Process]) -> None:
        super().__init__()
        self._processes = processes

    def look(self, parts: list[str]) -> Node | list[str] | None:
        terminals = self._terminals()
        if not parts:
            return [*map(str, sorted(terminals)), "ptmx"]
        if parts == ["ptmx"]:
            return computed(lambda _: "")
        tty = terminals.get(int(parts[0])) if parts[0].isdecimal() and len(parts) == 1 else None
        return computed(lambda _: "", write=lambda _, data: tty.slave.write(data)) if tty else None

    def _put(self, real: str, node: Node) -> None:
        raise error(errno.EACCES, real)

    def _terminals(self) -> dict[int, Tty]:
        return {process.tty.number: process.tty for process in self._processes.values() if process.tty}
