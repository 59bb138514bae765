"""The files and commands that an awk program names: print > "file", print | "command", getline < "file".

What is printed into a command reaches it when the program closes it or ends; its output then follows.
"""

from __future__ import annotations

from simulator.clock import Steps
from simulator.kernel.files import MemoryFile, OpenFile
from simulator.kernel.process import Process
from simulator.userland.program import decode, encode

MODES = {">": "w", ">>": "a"}


class ProcessFiles:
    """Those of one process."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._written: dict[str, OpenFile] = {}
        self._read: dict[str, list[str]] = {}
        self._commands: dict[str, bytes] = {}
        self._closed: list[tuple[str, bytes]] = []

    def write(self, way: str, name: str, shown: str) -> None:
        if way == "|":
            self._commands[name] = self._commands.get(name, b"") + encode(shown)
            return
        if name not in self._written:
            self._written[name] = self._process.open(name, MODES[way])
        self._written[name].write(encode(shown))

    def line(self, name: str) -> str | None:
        if name not in self._read:
            path = self._process.path(name)
            self._read[name] = decode(self._process.disk.read(path, self._process)).splitlines()[::-1]
        return self._read[name].pop() if self._read[name] else None

    def close(self, name: str) -> bool:
        if name in self._commands:
            self._closed.append((name, self._commands.pop(name)))
            return True
        return (self._written.pop(name, None) or self._read.pop(name, None)) is not None

    def run_commands(self) -> Steps:
        """Hands the commands what was printed into them, one after the other."""
        for command, data in [*self._closed, *self._commands.items()]:
            files = self._process.files | {0: MemoryFile(self._process.clock, data)}
            yield self._process.spawn(["sh", "-c", command], files=files).exited
