"""`docklab shell` behind a pipe: a transcript, as fast as it goes."""

from __future__ import annotations

import re
import sys

from simulator.journal import DETACH, END
from simulator.seat import Waiting
from simulator.ui.shell.screen import OWN, SUCCESS, Screen, clean, is_complete

SPELLED_KEYS = {"^P^Q": DETACH, "^C": "\x03", "^D": END}


class Pipe(Screen):
    """Lines from a file or a program: each is shown behind its prompt, with what it showed."""

    def run(self, *, resumed: bool) -> int:
        if resumed:
            self.sandbox.replay()
        self._held.clear()
        text = ""
        while read := sys.stdin.readline():
            text += read
            line = text.rstrip("\n")
            at_shell = self.sandbox.seat.waiting is Waiting.SHELL
            if at_shell and not OWN.match(line) and line not in SPELLED_KEYS and not is_complete(line):
                continue
            text = ""
            if self._one_line(line):
                return self._end()
        if text:
            self._one_line(text.rstrip("\n"))
        return self._end()

    def _one_line(self, line: str) -> bool:
        """Types a line and shows what comes; whether it ended the sandbox."""
        sandbox = self.sandbox
        self.say(f"{sandbox.seat.last_line}{line}")
        if OWN.match(line):
            self.commands.run(line)
        elif line in SPELLED_KEYS:
            sandbox.type_keys(SPELLED_KEYS[line])
            sandbox.settle()
        else:
            self._run(clean(line))
        self._show()
        gone = sandbox.seat.waiting is Waiting.GONE
        if not gone:
            self.after_line()
        return gone and self.leave()

    def _run(self, line: str) -> None:
        count = self.sandbox.journal.count
        try:
            self.sandbox.run_line(line)
        except Exception as mistake:  # noqa: BLE001 - docklab's mistake ends no session
            noted = self.sandbox.journal.count > count
            self.survive(mistake)
            if not noted:  # it was the line before
                self.sandbox.run_line(line)

    def _show(self) -> None:
        end = self._held.rfind(b"\n") + 1
        data, self._held = bytes(self._held[:end]), bytearray()
        self.say(re.sub("\r+\n", "\n", data.decode("utf-8", "replace")))

    def _end(self) -> int:
        self.sandbox.journal.end()
        shell = self.sandbox.seat.shell
        known = shell.state.get("shell")
        return shell.status if shell.status is not None else known.status if known else SUCCESS
