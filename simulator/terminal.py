"""A terminal of a lab's machine, and somebody who types into it and waits until the screen is quiet.

It moves simulated time forward as far as needed and no further. Lessons, sessions, the sandbox and tests all type
through it; none of them knows what the commands mean.
"""

from __future__ import annotations

import re

from simulator.clock import MS, Clock, Event, S
from simulator.kernel.machine import Machine
from simulator.kernel.process import Process
from simulator.kernel.tty import Tty

# What a shell of a container shows before a typed line: ash as root (its directory), or bash as root.
PROMPT = re.compile(r"(?:/\S* # |\[root@\S+ \S+\]# )")
QUIET = 200 * MS  # how long nothing must happen on the screen before a prompt is believed
IDLE = 3 * S  # how long nothing must happen before a program without a prompt is taken to wait for input
DETACH = b"\x10\x11"  # ^P^Q

ROWS, COLUMNS = 24, 80
ENVIRONMENT = {
    "HOME": "/root",
    "USER": "root",
    "LOGNAME": "root",
    "SHELL": "/bin/bash",
    "TERM": "xterm",
    "LANG": "C.UTF-8",
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
}


class StillRunning(Exception):
    """A command did not end within its limit."""


class Terminal:
    """One terminal with at most one command that runs on it."""

    def __init__(self, machine: Machine, *, cwd: str = "/root", rows: int = ROWS, columns: int = COLUMNS) -> None:
        self.machine, self.clock = machine, machine.clock
        self.cwd = cwd
        self.tty = Tty(machine.clock, rows=rows, columns=columns)
        self.process: Process | None = None
        self._shown = bytearray()
        self._last_shown = 0
        self.tty.watch(self._show)

    def _show(self, data: bytes) -> None:
        self._shown += data
        self._last_shown = int(self.clock.now)

    # -- typing -----------------------------------------------------------------------------------------------------

    def start(self, command: str) -> None:
        """Begins `bash -c COMMAND`, as a new terminal does for somebody who typed it."""
        argv = ["bash", "-c", command]
        self.process = self.machine.spawn(argv, env=ENVIRONMENT, cwd=self.cwd, tty=self.tty)

    def type(self, keys: bytes) -> None:
        self.tty.type(keys)

    def take(self) -> str:
        """What has been shown since the last call; lines end in a newline alone."""
        text = bytes(self._shown).decode("utf-8", "replace")
        self._shown.clear()
        return re.sub("\r+\n", "\n", text)

    # -- waiting ----------------------------------------------------------------------------------------------------

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.status is None

    @property
    def status(self) -> int:
        """The exit status of the last command."""
        assert self.process is not None and self.process.status is not None
        return self.process.status

    @property
    def last_line(self) -> str:
        return re.split("[\r\n]", bytes(self._shown[-400:]).decode("utf-8", "replace"))[-1]

    def finish(self, limit: int = 90 * S) -> str:
        """Waits until the command has ended; what it showed. Raises StillRunning after limit ns."""
        assert self.process is not None
        if not run_until(self.clock, self.process.exited, limit):
            raise StillRunning(" ".join(self.process.argv))
        return self.take()

    def wait_prompt(self, limit: int = 10 * S) -> str | None:
        """Waits until a container's prompt is the last thing on the screen; the prompt, or None if none came."""
        end = int(self.clock.now) + limit
        while self.running and self.clock.now < end:
            self._settle(QUIET, end)
            if PROMPT.fullmatch(self.last_line) and self.clock.now - self._last_shown >= QUIET:
                return self.last_line
        return None

    def wait_idle(self, limit: int = 60 * S) -> None:
        """Waits until the command has ended, shows a prompt, or has been silent for long."""
        end = int(self.clock.now) + limit
        began = int(self.clock.now)
        while self.running and self.clock.now < end:
            self._settle(QUIET, end)
            silent = self.clock.now - max(self._last_shown, began)
            if silent >= IDLE or (silent >= QUIET and PROMPT.fullmatch(self.last_line)):
                return

    def _settle(self, quiet: int, end: int) -> None:
        """Lets time pass until the screen has been quiet for so long, or the command or the limit has ended."""
        assert self.process is not None
        now = int(self.clock.now)
        until = min(end, self._last_shown + quiet if self._last_shown + quiet > now else now + quiet)
        run_until(self.clock, self.process.exited, until - int(self.clock.now))


def run_until(clock: Clock, event: Event, limit: int) -> bool:
    """Lets simulated time pass until the event has come (True), or for limit ns (False)."""
    end = int(clock.now) + limit
    while not event.processed:
        if clock.peek() > end:
            clock.run(until=end) if end > clock.now else None
            return False
        clock.step()
    return True


def advance(clock: Clock, duration: int) -> None:
    """Lets duration ns of simulated time pass."""
    if duration > 0:
        clock.run(until=int(clock.now) + duration)
