"""`docklab play`: a lesson on the screen, step by step.

Enter goes on, b goes back (by playing again from the start), t opens a shell in the world as it stands, w tells the
road of the last packets, q leaves. A task asks the reader to change the world; whether it is solved is looked up in it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence

from rich.console import Console
from rich.markdown import Markdown
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from simulator.lesson import library
from simulator.lesson.check import compare, missing
from simulator.lesson.document import Lesson, Prose, Step
from simulator.lesson.player import PlayError, Shown
from simulator.ui import paper
from simulator.ui.attempt import Stage
from simulator.ui.keys import BACK, ENTER, QUIT, Keys
from simulator.ui.topology import plain_topology, topology
from simulator.ui.words import Words, words
from simulator.why.road import roads
from simulator.why.story import choose, overview

SUCCESS, MISUSE = 0, 2
PACKETS = 8  # how many of a step's packets are listed without being asked
STROKE = 0.02  # seconds for each letter of a command that is being typed
LONGEST = 0.8  # and for a whole one


def play(lessons: Sequence[Lesson], engine: str) -> int:
    """Plays lessons one after another; the exit status."""
    console = Console(highlight=False)
    keys = Keys()
    try:
        with keys.listening():
            for lesson in lessons:
                screen = Screen(console, keys, lesson, engine)
                if not screen.play():
                    break
                screen.end()
    except PlayError as mistake:
        print(f"docklab: {mistake}", file=sys.stderr)
        return MISUSE
    except (KeyboardInterrupt, EOFError):
        console.print()
    return SUCCESS


class Screen:
    """One lesson on the screen."""

    def __init__(self, console: Console, keys: Keys, lesson: Lesson, engine: str) -> None:
        self.console, self.keys, self.lesson = console, keys, lesson
        self.stage = Stage(lesson, engine)
        self.words: Words = words(lesson.language)
        self._hints: list[str] = []
        self._task: Step | None = None
        self._seen = ""
        self._wants: dict[str, Callable[[], None]] = {"t": self._try, "w": self._why, "h": self._hint}

    def play(self) -> bool:
        """Whether the reader went through to the end."""
        self.console.print(Rule(self.lesson.title))
        index = 0
        while index < len(self.lesson.parts):
            part = self.lesson.parts[index]
            if isinstance(part, Prose):
                self._show_prose(part)
                index += 1
                continue
            self._show_task(part) if part.is_check else self._show_step(part)
            key = self._ask()
            if key == QUIT:
                return False
            index = self._back(index) if key == BACK else index + 1
        return True

    def end(self) -> None:
        """Says which lesson comes next."""
        names = library.names()
        number = names.index(self.lesson.name) + 2 if self.lesson.name in names else 0
        if 0 < number <= len(names):
            title = library.load(names[number - 1], self.lesson.language).title
            self._say(self.words.end.format(title=title, number=number))

    def _show_prose(self, prose: Prose) -> None:
        text = re.sub(rf"\A# {re.escape(self.lesson.title)}\n+", "", prose.text)  # the title stands above already
        self.console.print(Padding(Markdown(text), (1, 0)))

    # -- a step -----------------------------------------------------------------------------------------------------

    def _show_step(self, step: Step) -> None:
        self._task = None
        self.stage.begin(step)
        for index in range(len(step.commands)):
            self._type(step, index)
            shown = self.stage.type(index)
            self._show_output(shown)
            if compare(shown, step.path):
                self.console.print(Text(self.words.differs, style="yellow"))
        self.stage.end()
        self._show_packets()
        self._show_network()

    def _type(self, step: Step, index: int) -> None:
        """Shows a command letter by letter, all at once for whoever is in a hurry or cannot see it move."""
        command = step.commands[index]
        self.console.print(Text(command.prompt, style="dim"), end="")
        letters = list(command.text)
        slowly = self.console.is_terminal and not self.console.is_dumb_terminal and not command.is_key
        while slowly and letters and not self.keys.hurry(min(STROKE, LONGEST / len(command.text))):
            self.console.print(Text(letters.pop(0), style="bold"), end="", soft_wrap=True)
        self.console.print(Text("".join(letters), style="bold"), soft_wrap=True)

    def _show_output(self, shown: Shown) -> None:
        for text in shown.output:
            self.console.print(Text(text), soft_wrap=True)

    def _show_packets(self) -> None:
        found = roads(self.stage.fresh)
        chosen = choose(found)
        if chosen is None:
            return
        self.console.print(Text("\n" + self.words.packets, style="dim"))
        for line in overview(found, chosen, most=PACKETS):
            text = Text("  " + line, style="dim")
            text.truncate(self.console.width, overflow="ellipsis")
            self.console.print(text, soft_wrap=True)

    def _show_network(self) -> None:
        """The picture, unless it is the one that was shown last."""
        seen, self._seen = self._seen, plain_topology(self.stage.lab)
        picture = Text(self.words.unchanged, style="dim") if seen == self._seen else topology(self.stage.lab)
        self.console.print(Padding(picture, (1, 0, 1, 2)))

    # -- a task -----------------------------------------------------------------------------------------------------

    def _show_task(self, task: Step) -> None:
        if task is not self._task:
            self._task, self._hints = task, list(task.settings.hints)
        solved = missing(self.stage.player, task) is None
        head = Text(f" {self.words.task} ", style="reverse bold")
        told = f"  {self.words.solved}" if solved else f"  {self.words.unsolved}"
        self.console.print(head.append(told, style="not reverse green" if solved else "not reverse yellow"))

    def _hint(self) -> None:
        if self._task is None:
            self._unknown()
            return
        self._say(self._hints.pop(0) if self._hints else self.words.no_hints)

    # -- keys -------------------------------------------------------------------------------------------------------

    def _ask(self) -> str:
        """Waits for a key that leads on; serves the others."""
        while True:
            self._show_bar()
            key = self.keys.take()
            self._take_bar_away()
            if key in (ENTER, BACK, QUIT):
                return key
            self._wants.get(key, self._unknown)()

    def _show_bar(self) -> None:
        said = self.words
        hint = [said.hint] if self._task else []
        keys = " · ".join([said.next, said.back, said.attempt, said.why, *hint, said.quit])
        place = f"{self.stage.position}/{len(self.lesson.steps)}"
        self.console.print(Text(f"{place}  {keys}", style="reverse"), end="" if self._erases else "\n")

    def _take_bar_away(self) -> None:
        if self._erases:
            self.console.file.write("\r\x1b[K")
            self.console.file.flush()

    @property
    def _erases(self) -> bool:
        return self.console.is_terminal and not self.console.is_dumb_terminal and sys.stdin.isatty()

    def _unknown(self) -> None:
        self._say(self.words.no_key)

    def _say(self, text: str) -> None:
        self.console.print(paper.laid_out(text, self.console.width), soft_wrap=True)

    def _why(self) -> None:
        self._say(self.stage.why() or self.words.no_packet)

    def _back(self, index: int) -> int:
        """The part to show again: the step or task before this one, its world reached by replay."""
        before = [place for place, part in enumerate(self.lesson.parts[:index]) if isinstance(part, Step)]
        goal = before[-1] if before else 0
        done = [part for part in self.lesson.parts[:goal] if isinstance(part, Step) and not part.is_check]
        self.stage.go_to(len(done))
        self._seen = ""
        return goal

    def _try(self) -> None:
        self._say(self.words.shell)
        self.stage.attempt()
        if self._task:
            self._show_task(self._task)
        else:
            self._say(self.words.returned)
