"""`docklab shell` at a terminal: reads lines, types them into the lab, runs what they start, shows what it shows, in real
time.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from simulator.journal import END
from simulator.seat import Waiting
from simulator.ui.shell import keyboard
from simulator.ui.shell.pace import DONE, Pace
from simulator.ui.shell.pressed import Pressed
from simulator.ui.shell.screen import OWN, Screen, clean, is_complete

if TYPE_CHECKING:
    from simulator.ui.shell.editor import Editor

Reader = Callable[[], str]
DUMB = os.environ.get("TERM") == "dumb"
TRAVELS = frozenset({":undo", ":redo", ":goto", ":reset", ":load"})  # they make the world again


class Terminal(Screen):
    """A person at a terminal, with an editor that may have been there before the world was."""

    def run(self, editor: Editor, first: Reader | None) -> int:
        """Until the shell ends; `first` gives the first line, if that has been read already. The exit status."""
        self._editor, read = editor, first or self._read
        while True:
            try:
                if self._round(read):
                    break
            except KeyboardInterrupt:
                self.say("")
            except Exception as mistake:  # noqa: BLE001 - a student's session does not end by our mistakes
                self.survive(mistake)
            read = self._read
        self.sandbox.journal.end()
        return self.status

    def _round(self, read: Reader) -> bool:
        """Runs what is in front, reads a line and types it; whether the sandbox has ended."""
        self._fit()
        if self._drive() is Waiting.GONE:
            return self.leave()
        self.after_line()
        self._one_line(read)
        return False

    def _read(self) -> str:
        seat = self.sandbox.seat
        return self._editor.read(seat.last_line, default=seat.typed_ahead)

    def _fit(self) -> None:
        size = shutil.get_terminal_size()
        self.sandbox.resize(size.lines, size.columns)

    def _drive(self) -> Waiting:
        """Lets what is in front run until a line is waited for."""
        waiting = self.sandbox.seat.waiting
        if waiting in DONE:
            self._held.clear()
            return waiting
        with keyboard.raw():
            try:
                waiting = Pace(self.sandbox, keyboard.read, self.flush).run()
            except EOFError:
                raise SystemExit(1) from None  # the real terminal has gone
            self.flush_but_prompt()
            sys.stdout.write("\r" if DUMB else "\r\x1b[K")
        return waiting

    def _one_line(self, read: Reader) -> None:
        try:
            line = read()
        except Pressed as pressed:
            if not DUMB:  # back to the line of the prompt: the key did not end it
                sys.stdout.write(f"\x1b[A\r{self.sandbox.seat.last_line}")
            self.sandbox.type_keys(pressed.keys)
            return
        except KeyboardInterrupt:
            return
        except EOFError:
            self.sandbox.type_keys(END)
            return
        if OWN.match(line):
            self._own(line)
        elif line or self.sandbox.seat.waiting is Waiting.PROGRAM:
            with keyboard.held():
                self.sandbox.type_line(clean(line))

    def _own(self, line: str) -> None:
        try:
            if line.split()[0] in TRAVELS:
                with keyboard.held():
                    self.commands.run(line)
            else:
                self.commands.run(line)
        except KeyboardInterrupt:
            self.say("interrupted")

    def say(self, text: str, *, exact: bool = False) -> None:
        from simulator.ui import paper

        if exact:
            super().say(text)
        else:
            paper.show(text)

    def _ask(self, question: str) -> bool:
        from prompt_toolkit import prompt

        try:
            return prompt(f"{question} [y/N] ").strip().lower() in ("y", "yes")
        except (KeyboardInterrupt, EOFError):
            return False

    @property
    def in_program(self) -> bool:
        return self.sandbox.seat.waiting is Waiting.PROGRAM

    def toolbar(self) -> str:
        """Where you are, what time it is there."""
        from simulator.ui.shell.place import place_of

        sandbox = self.sandbox
        place = place_of(sandbox)
        clock = sandbox.lab.clock
        parts = [place.machine, f"container {place.container.name}" if place.container else ""]
        parts += [f"{clock.at(clock.wall()):%Y-%m-%d %H:%M:%S}"]
        parts += [f"Docker {sandbox.lab.version.name}"] if sandbox.lab.engines else []
        parts += [f"step {sandbox.journal.position}", ":help"]
        return "  ".join(part for part in parts if part)

    def is_complete(self, text: str) -> bool:
        """Whether Enter ends the line."""
        if OWN.match(text) or self.sandbox.seat.waiting is not Waiting.SHELL:
            return True
        return is_complete(text)
