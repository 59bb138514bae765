"""`docklab play`: a lesson on the screen, step by step.

Enter goes on, b goes back (by playing again from the start), t opens a shell in the world as it stands, w tells the
road of the last packets, q leaves. Nothing here changes the terminal for longer than one key is waited for.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from rich.console import Console
from rich.markdown import Markdown
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from simulator.lesson.check import compare
from simulator.lesson.document import Lesson, Prose, Step
from simulator.lesson.player import Player, PlayError, Shown
from simulator.ui.journey import Journey
from simulator.ui.keys import read_key, read_line
from simulator.ui.shell.explain import road
from simulator.ui.topology import topology
from simulator.why.records import Recorder

SUCCESS, MISUSE = 0, 2
KEYS = "Enter next · b back · t try here · w why · q quit"
ROAD = 14  # lines of a step's packets that are shown without being asked


def play(lessons: list[Lesson], engine: str) -> int:
    """Plays lessons one after another; the exit status."""
    console = Console(highlight=False)
    try:
        for lesson in lessons:
            if not Screen(console, lesson, engine).play():
                break
    except PlayError as mistake:
        print(f"docklab: {mistake}", file=sys.stderr)
        return MISUSE
    except (KeyboardInterrupt, EOFError):
        console.print()
    return SUCCESS


class Screen:
    """One lesson on the screen."""

    def __init__(self, console: Console, lesson: Lesson, engine: str) -> None:
        self.console, self.lesson = console, lesson
        self.player = Player(lesson, engine=engine)
        self.journey = Journey(self.player.lab)
        self.recorder = Recorder(self.player.lab.trace)
        self.road: list[str] = []
        self._wants: dict[str, Callable[[], None]] = {"t": self._try, "w": self._why}

    def play(self) -> bool:
        """Whether the reader went through to the end."""
        self.console.print(Rule(self.lesson.title))
        index = 0
        while index < len(self.lesson.parts):
            part = self.lesson.parts[index]
            if isinstance(part, Prose):
                self.console.print(Padding(Markdown(part.text), (1, 0)))
                index += 1
                continue
            self._show_step(part)
            key = self._ask()
            if key == "q":
                return False
            index = self._back(index) if key == "b" else index + 1
        return True

    # -- a step -----------------------------------------------------------------------------------------------------

    def _show_step(self, step: Step) -> None:
        self.player.begin(step)
        self.journey.take()
        self.recorder.mark(self.player.position)
        for index in range(len(step.commands)):
            shown = self.player.type(step, index)
            self._show_command(shown)
            if compare(shown, step.path):
                self.console.print(Text("this differs from what the lesson shows", style="yellow"))
        self.player.position += 1
        self.road = self.journey.take()
        self._show_road(self.road[:ROAD], more=len(self.road) - ROAD)
        self.console.print(Padding(topology(self.player.lab), (1, 2)))

    def _show_command(self, shown: Shown) -> None:
        line = Text(shown.command.prompt, style="dim").append(shown.command.text, style="bold")
        self.console.print(line)
        for text in shown.output:
            self.console.print(Text(text), soft_wrap=True)

    def _show_road(self, lines: list[str], *, more: int = 0) -> None:
        for line in lines:
            self.console.print(Text("  " + line, style="dim"), soft_wrap=True)
        if more > 0:
            self.console.print(Text(f"  ... and {more} more; w shows all", style="dim"))

    # -- keys -------------------------------------------------------------------------------------------------------

    def _ask(self) -> str:
        """Waits for a key that leads on; serves the others."""
        while True:
            self.console.print(Text(KEYS, style="reverse dim"))
            key = read_key()
            if key in ("", "\r", "\n", "b", "q"):
                return key
            self._wants.get(key, self._unknown)()

    def _unknown(self) -> None:
        self.console.print("there is no such key here")

    def _why(self) -> None:
        told = road(self.recorder.records) if self.road else ""
        self.console.print(Text(told or "  no packet was sent in this step"), soft_wrap=True)

    def _back(self, index: int) -> int:
        """The part to show again: the step before this one, its world reached by replay."""
        steps = [place for place, part in enumerate(self.lesson.parts[:index]) if isinstance(part, Step)]
        self.journey.stop()
        self.player.go_to(max(self.player.position - 2, 0))
        self.journey = Journey(self.player.lab)
        self.recorder = Recorder(self.player.lab.trace)
        return steps[-1] if steps else 0

    def _try(self) -> None:
        """A shell in the world as it stands; what is typed there stays until the reader goes back."""
        lab = self.player.lab
        self.console.print("  a shell on the lab's host; 'exit' or Ctrl-D returns to the lesson")
        while (line := read_line(f"{lab.layout.first}$ ")) not in (None, "exit"):
            terminal = lab.terminal()
            terminal.start(str(line))
            terminal.wait_idle()
            self.console.print(Text(terminal.take()), end="", soft_wrap=True)
            while terminal.running:
                typed = read_line("")
                terminal.type(b"\x10\x11" if typed is None else typed.encode() + b"\r")
                terminal.wait_idle()
                self.console.print(Text(terminal.take()), end="", soft_wrap=True)
