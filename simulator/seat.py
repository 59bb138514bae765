"""A terminal of a machine with an interactive shell, and what it waits for.

Nothing here waits for real time: whoever drives the clock looks at `waiting` and decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum
from typing import Any

from simulator.kernel.machine import Machine
from simulator.kernel.tty import Tty
from simulator.terminal import ENVIRONMENT, IDLE, PROMPT, QUIET

RC = "/root/.bashrc"
RC_TEXT = "PS1='\\u@\\h:\\w\\$ '\nPS2=''\n"
TAIL = 400
_PASSING = frozenset({"_", "PIPESTATUS", "OLDPWD", "LINENO", "BASH_COMMAND", "OPTIND", "COLUMNS", "LINES"})


class Waiting(Enum):
    """What a terminal waits for."""

    SHELL = "its shell waits for a line"
    PROGRAM = "a program shows a prompt and waits for a line"
    INPUT = "a program waits for keys"
    NOTHING = "something runs"
    GONE = "its shell has ended"


class Seat:
    """A terminal of a machine with an interactive shell."""

    def __init__(self, machine: Machine, rows: int, columns: int, show: Callable[[Seat, bytes], None]) -> None:
        self.machine, self.clock = machine, machine.clock
        if not machine.disk.exists(RC):
            machine.disk.write(RC, RC_TEXT)
        self.tty = Tty(machine.clock, rows=rows, columns=columns)
        self._show = show
        self._tail = bytearray()
        self._echo = b""  # what a container's terminal is about to repeat
        self.last_shown = self.last_typed = int(machine.clock.now)
        self.tty.watch(self._shown)
        self.shell = machine.spawn(["bash"], env=ENVIRONMENT, cwd="/root", tty=self.tty)

    def _shown(self, data: bytes) -> None:
        self.last_shown = int(self.clock.now)
        while self._echo and data:
            if data[0] != self._echo[0]:
                self._echo = b""
                break
            self._echo, data = self._echo[1:], data[1:]
        if data:
            self._tail = (self._tail + data)[-TAIL:]
            self._show(self, data)

    @property
    def last_line(self) -> str:
        """What stands in the line of the cursor."""
        return re.split("[\r\n]", bytes(self._tail).decode("utf-8", "replace"))[-1]

    @property
    def typed_ahead(self) -> str:
        """What was typed before anybody asked, not yet ended by Enter."""
        return self.tty.pending.decode("utf-8", "replace")

    @property
    def waiting(self) -> Waiting:
        if self.shell.status is not None:
            return Waiting.GONE
        tty = self.tty
        if tty.ready or not tty.slave.awaited:
            return Waiting.NOTHING
        if tty.canonical:
            at_shell = tty.foreground == self.shell.group
            return Waiting.SHELL if at_shell else Waiting.INPUT if self._quiet(QUIET) else Waiting.NOTHING
        if PROMPT.fullmatch(self.last_line) and self._quiet(QUIET):
            return Waiting.PROGRAM
        return Waiting.INPUT if self._quiet(IDLE) else Waiting.NOTHING

    def _quiet(self, duration: int) -> bool:
        """Whether nothing is due until the screen has been still for so long."""
        return self.clock.peek() > max(self.last_shown, self.last_typed) + duration

    def type_line(self, text: str) -> None:
        """Types a line that the person has seen already."""
        data = text.encode("utf-8", "surrogateescape")
        self.last_typed = int(self.clock.now)
        if self.tty.canonical:
            echo, self.tty.echo = self.tty.echo, False
            self.tty.type(b"\x15" + data + b"\n")
            self.tty.echo = echo
        else:
            self._echo = data.replace(b"\n", b"\r\n") + b"\r\n"
            self.tty.type(data.replace(b"\n", b"\r") + b"\r")
        self._tail.clear()

    def type_keys(self, keys: str) -> None:
        self.last_typed = int(self.clock.now)
        self.tty.type(keys.encode("utf-8", "surrogateescape"))

    @property
    def kept(self) -> str:
        """What its shell keeps between lines: where it is, its variables, functions, aliases, options."""
        shell: Any = self.shell.state.get("shell")
        if shell is None or self.shell.status is not None:
            return f"{self.machine.name} {self.shell.status}"
        variables = sorted((name, repr(value)) for name, value in shell.variables.table.items() if name not in _PASSING)
        kept = (
            self.shell.cwd,
            variables,
            sorted(shell.functions),
            sorted(shell.aliases.items()),
            sorted(shell.options),
        )
        return f"{self.machine.name} {kept} {self.waiting.name} {len(shell.jobs.table)}"
