"""What the sandbox's two screens, a terminal and a pipe, have in common."""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Callable

from simulator.journal import Journal, Settings
from simulator.lab import Lab
from simulator.sandbox import Sandbox, Step, fresh_lab
from simulator.ui.shell import folder
from simulator.ui.shell.commands import Commands
from simulator.ui.shell.near import hint

SUCCESS = 0
OWN = re.compile(r":[a-z?]")  # `:` alone and `: words` are the shell's own command


class Screen:
    """What both kinds of screen have."""

    def __init__(self, journal: Journal, *, make: Callable[[Settings], Lab] = fresh_lab) -> None:
        self._held = bytearray()
        self.sandbox = Sandbox(journal, self._hold, make=make)
        self.commands = Commands(self.sandbox, self.say, ask=self._ask)
        self._ended: Step | None = None  # the last line about which all has been said

    def _ask(self, question: str) -> bool:
        """A question that only a person can answer with yes."""
        return False

    def say(self, text: str, *, exact: bool = False) -> None:
        """A text of the sandbox itself."""
        sys.stdout.write(text if text.endswith("\n") or not text else text + "\n")
        sys.stdout.flush()

    def _hold(self, data: bytes) -> None:
        self._held += data

    def survive(self, mistake: Exception) -> None:
        """docklab itself failed at the last line: the world is that of before."""
        where = folder.note_mistake(traceback.format_exc())
        journal = self.sandbox.journal
        line = journal.lines[journal.position - 1].text if journal.position else ""
        self.sandbox.go_to(max(0, journal.position - 1))
        self._held.clear()
        what = f"{type(mistake).__name__}: {mistake}"
        self.say(f"docklab: a mistake of docklab's own at '{line}', which was taken back ({what}). More: {where}")

    def flush(self) -> None:
        """Shows what has come."""
        if self._held:
            data, self._held = bytes(self._held), bytearray()
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()

    def flush_but_prompt(self) -> None:
        """Shows what has come but for the line of the cursor, which the editor shows."""
        end = self._held.rfind(b"\n") + 1
        if not end and not self.sandbox.seat.last_line.encode().endswith(bytes(self._held) or b"\0"):
            end = len(self._held)
        del self._held[end:]
        self.flush()

    def leave(self) -> bool:
        """The shell in use has ended: back to the first machine, or out of the sandbox (True)."""
        first = self.sandbox.lab.layout.first
        if self.sandbox.machine == first:
            return True
        self.sandbox.use(first)
        self._held.clear()
        return False

    def after_line(self) -> None:
        """What is said when a line has come to its end."""
        steps = self.sandbox.steps
        if not steps or steps[-1] is self._ended:
            return
        self._ended = steps[-1]
        self.sandbox.finish_step()
        told = hint(self.sandbox)
        if told:
            self.say(told)
        failure, self.sandbox.journal.failure = self.sandbox.journal.failure, None
        if failure:
            self.say(f"docklab: what is typed is no longer kept on the disk: {failure.strerror}")

    @property
    def status(self) -> int:
        return self.sandbox.seat.shell.status or SUCCESS


def clean(line: str) -> str:
    """A line without keys that a terminal would take for commands of its own."""
    return "".join(letter for letter in line if letter in "\t\n" or (letter >= " " and letter != "\x7f"))


def is_complete(text: str) -> bool:
    """Whether the shell would begin, rather than wait for more lines."""
    from simulator.userland.shell.dialect import BASH
    from simulator.userland.shell.errors import Incomplete, ShellError, ShellSyntaxError
    from simulator.userland.shell.parser import parser_of

    if re.search(r"(?<!\\)(\\\\)*\\$", text):
        return False
    try:
        parser = parser_of(text + "\n", BASH, final=False)
        while parser.line() is not None:
            pass
    except Incomplete:
        return False
    except (ShellSyntaxError, ShellError):
        return True
    return True
