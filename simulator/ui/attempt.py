"""The world behind a lesson's screen: played step by step, tried out by the reader in between, reached again by replay.

What a reader types at some step stays in the world until the reader goes back before it; each step's lines are kept in
a journal of their own, so that every later world can be made again.
"""

from __future__ import annotations

import shutil
import sys
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from simulator.journal import Journal, Settings
from simulator.lab import Lab
from simulator.lesson.document import Lesson, Step
from simulator.lesson.player import Player, PlayError, Shown
from simulator.sandbox import Sandbox
from simulator.trace import Record
from simulator.trial import Typed, taken
from simulator.ui.shell.explain import why
from simulator.ui.shell.pipe import Pipe
from simulator.ui.shell.terminal import Terminal
from simulator.why.case import Advice
from simulator.why.records import KEPT, KINDS, Recorder
from simulator.why.road import roads
from simulator.why.story import choose

if TYPE_CHECKING:
    from simulator.ui.shell.editor import Editor


class Stage:
    """A lesson under way and what readers did to it."""

    def __init__(self, lesson: Lesson, engine: str) -> None:
        self.lesson, self._engine = lesson, engine
        self._tried: dict[int, Journal] = {}  # by the number of steps played
        self._desk: Terminal | Pipe | None = None
        self._enter(Player(lesson, engine=engine))

    def _enter(self, player: Player) -> None:
        self.player = player
        self._desk = None
        self._step: Step | None = None
        self._starts: list[int] = []  # when each command of the step was typed
        self.fresh: deque[Record] = deque(maxlen=KEPT)  # what happened in the step
        player.lab.trace.subscribe(self.fresh.append, *KINDS)

    @property
    def lab(self) -> Lab:
        return self.player.lab

    @property
    def position(self) -> int:
        return self.player.position

    # -- playing ----------------------------------------------------------------------------------------------------

    def begin(self, step: Step) -> None:
        self._desk, self._step = None, step
        self.player.begin(step)
        self.fresh.clear()
        self._starts.clear()

    def type(self, index: int) -> Shown:
        assert self._step is not None
        self._starts.append(int(self.lab.clock.now))
        return self.player.type(self._step, index)

    def end(self) -> None:
        self.player.position += 1

    def go_to(self, position: int) -> None:
        """The world after so many steps; what was tried there or later is forgotten."""
        self._tried = {number: journal for number, journal in self._tried.items() if number < position}
        self._enter(self.made_again(position))

    def made_again(self, position: int) -> Player:
        """Another world after so many steps, with what was tried before."""
        player = Player(self.lesson, engine=self._engine)
        while player.position < position:
            player.play()
            journal = self._tried.get(player.position)
            if journal and player.position < position:
                player.adopt(_replayed(journal, player.lab))
        return player

    # -- the reader -------------------------------------------------------------------------------------------------

    def attempt(self) -> None:
        """A shell in the world as it stands, until the reader leaves it."""
        if self._desk is None:
            self._desk = self._new_desk()
        desk = self._desk
        desk.sandbox.use(desk.sandbox.lab.layout.first)
        if isinstance(desk, Terminal):
            desk.run(_editor(desk), None)
        else:
            desk.run(resumed=False)
        self.player.adopt(desk.sandbox.lab)

    def _new_desk(self) -> Terminal | Pipe:
        size = shutil.get_terminal_size()
        settings = Settings(self.player.engine, self.lesson.settings.seed, size.lines, size.columns)
        journal = self._tried.setdefault(self.position, Journal(settings))
        kind = Terminal if sys.stdin.isatty() and sys.stdout.isatty() else Pipe
        return kind(journal, make=self._maker())

    def _maker(self) -> Callable[[Settings], Lab]:
        """First the world that there is, then others like it."""
        present, position = [self.lab], self.position
        return lambda settings: present.pop() if present else self.made_again(position).lab

    def why(self) -> str:
        """The road of the last packets, the reader's own or else those of the step; nothing if there was none."""
        tried = self._desk.sandbox if self._desk else None
        if tried and tried.recorder.records:
            return why(tried.recorder.records, Typed(tried))
        chosen = choose(roads(self.fresh))
        if chosen is None or self._step is None:
            return ""
        index = bisect_right(self._starts, chosen.phases[0].time) - 1
        return why(self.fresh, Played(self, self._step, max(index, 0)))


class Played:
    """A command of a lesson's step, to be typed again in another world."""

    def __init__(self, stage: Stage, step: Step, index: int) -> None:
        self._stage, self._step, self._index = stage, step, index
        self._position = stage.lesson.steps.index(step)
        self.lab = stage.lab

    @property
    def line(self) -> str:
        return self._step.commands[self._index].text

    def again(self, advice: Advice) -> Iterable[Record] | None:
        player = self._stage.made_again(self._position)
        commands = list(self._step.commands)
        commands[self._index] = replace(commands[self._index], text=advice.instead or self.line)
        step = replace(self._step, commands=commands)
        try:
            player.begin(step)
            for index in range(self._index):
                player.type(step, index)
            if not taken(player.lab, advice):
                return None
            recorder = Recorder(player.lab.trace)
            status = player.type(step, self._index).status
        except PlayError:
            return None
        return None if status else recorder.records


def _replayed(journal: Journal, lab: Lab) -> Lab:
    """What was tried, once more, in this world."""
    sandbox = Sandbox(Journal(journal.settings, entries=journal.past), make=lambda settings: lab)
    sandbox.replay()
    return sandbox.lab


def _editor(desk: Terminal) -> Editor:
    from simulator.ui.shell.completion import LabCompleter
    from simulator.ui.shell.editor import Editor

    return Editor(
        history=None,
        completer=LabCompleter(lambda: desk.sandbox, lambda: desk.commands.about),
        toolbar=desk.toolbar,
        in_program=lambda: desk.in_program,
        complete=desk.is_complete,
    )
