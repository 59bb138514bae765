"""`docklab shell`: reads lines, types them into the lab, runs what they start, shows what it shows.

On a terminal with an editor and in real time; from a pipe as a transcript, as fast as it goes.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING

from simulator.journal import DETACH, END, Journal, Settings
from simulator.lab import Lab
from simulator.sandbox import Sandbox, Step, fresh_lab
from simulator.seat import Waiting
from simulator.ui.shell import folder, keyboard
from simulator.ui.shell.commands import Commands
from simulator.ui.shell.near import hint
from simulator.ui.shell.pace import DONE, Pace
from simulator.ui.shell.pressed import Pressed

if TYPE_CHECKING:
    from simulator.ui.shell.editor import Editor

Reader = Callable[[], str]
SUCCESS = 0
DUMB = os.environ.get("TERM") == "dumb"
OWN = re.compile(r":[a-z?]")  # `:` alone and `: words` are the shell's own command
TRAVELS = frozenset({":undo", ":redo", ":goto", ":reset", ":load"})  # they make the world again
SPELLED_KEYS = {"^P^Q": DETACH, "^C": "\x03", "^D": END}  # in a line that comes from a pipe


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
        except Exception as mistake:  # noqa: BLE001 - as above
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
