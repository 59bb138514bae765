"""Plays a lesson in a lab: types its commands, collects what they show, goes back by playing again from the start.

The player never looks at what the lesson expects; `lesson.check` compares.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from simulator.clock import S
from simulator.images.registry import registry
from simulator.kernel.packet import Udp, udp
from simulator.lab import Lab
from simulator.lesson.document import KEYS, Command, Lesson, Step
from simulator.lesson.settings import Background
from simulator.screen import shown
from simulator.terminal import COLUMNS, PROMPT, StillRunning, Terminal, advance

ENDS_WITHIN = 60 * S
UNSEEN_LIMIT = 24 * 3600 * S  # of simulated time, for what runs before it comes to the screen


class PlayError(Exception):
    """A lesson that cannot be played, as one line that begins with file:line."""


class NotPossible(Exception):
    """What a lesson asks for cannot be done at this point."""


class Shown(Struct):
    """A command as it was typed and the lines that came."""

    command: Command
    output: list[str] = field(default_factory=list)
    status: int | None = None  # None while the program still runs


class Player:
    """A lesson under way. `position` is the number of steps played."""

    def __init__(self, lesson: Lesson, *, engine: str = "") -> None:
        self.lesson = lesson
        self.engine = engine or lesson.settings.engine
        self.position = 0
        self.lab = self._new_lab()
        self._terminal: Terminal | None = None
        self._prepare()

    def _new_lab(self) -> Lab:
        settings = self.lesson.settings
        try:
            lab = Lab(
                engine=self.engine,
                seed=settings.seed,
                start=settings.start,
                zone=settings.zone,
                layout=settings.layout,
                presets=settings.chance,
            )
        except (ValueError, OSError) as mistake:
            raise PlayError(f"{self.lesson.path}:1: the lab cannot be built: {mistake}") from mistake
        for engine in lab.engines.values():
            engine.daemon.registry = registry(lab.version, online=True)  # whichever version plays: a lesson may pull
        return lab

    def _prepare(self) -> None:
        self.run_unseen(self.lesson.settings.before, 1)
        self._set_counters(self.lesson.settings.counters)

    # -- going on and back ------------------------------------------------------------------------------------------

    def play(self) -> list[Shown]:
        """Plays the next step. Raises PlayError."""
        step = self.lesson.steps[self.position]
        self.begin(step)
        commands = [self.type(step, index) for index in range(len(step.commands))]
        self.position += 1
        return commands

    def go_to(self, position: int) -> None:
        """The world as it is after so many steps, reached by playing them in a new lab."""
        self.lab, self._terminal, self.position = self._new_lab(), None, 0
        self._prepare()
        while self.position < position:
            self.play()

    def adopt(self, lab: Lab) -> None:
        """Goes on in the same world as it was left by somebody else who typed into it."""
        self.lab, self._terminal = lab, None

    # -- one step ---------------------------------------------------------------------------------------------------

    def begin(self, step: Step) -> None:
        """What a step sets before its first command is typed. Raises PlayError."""
        try:
            self._set(step)
        except (KeyError, AttributeError, OSError) as mistake:
            raise PlayError(f"{step.path}:{step.number}: the settings name what is not there: {mistake}") from mistake

    def _set(self, step: Step) -> None:
        settings = step.settings
        for kind, values in settings.chance.items():
            self.lab.clock.chance.preset(kind, values)
        self.run_unseen(settings.before, step.number)
        advance(self.lab.clock, settings.wait)
        self._set_counters(settings.counters)
        for one in settings.background:
            self.lab.clock.after(one.at, self._send, one)

    def type(self, step: Step, index: int) -> Shown:
        """Types the command of this index. Raises PlayError if it cannot be typed now or does not end."""
        command = step.commands[index]
        advance(self.lab.clock, step.settings.pause(index))
        later = step.commands[index + 1] if index + 1 < len(step.commands) else None
        watch = step.settings.watch if later is not None and not later.machine else 0
        try:
            return self._type(command, watch)
        except StillRunning as running:
            what = f"'{command.text}' does not end; press [Ctrl + C] in the lesson"
            raise PlayError(f"{step.path}:{command.number}: {what}") from running
        except NotPossible as mistake:
            raise PlayError(f"{step.path}:{command.number}: {mistake}") from mistake

    def _type(self, command: Command, watch: int) -> Shown:
        if command.machine:
            return self._start(command, watch)
        terminal = self._terminal
        if terminal is None or not terminal.running:
            raise NotPossible(f"no program is running that '{command.text}' could be typed into")
        terminal.take()
        terminal.type(KEYS[command.text] if command.is_key else command.text.encode() + b"\r")
        terminal.wait_idle(watch or ENDS_WITHIN)
        text = terminal.take()
        if not command.is_key:
            text = text.partition("\n")[2]
        return self._shown(command, terminal, text)

    def _start(self, command: Command, watch: int) -> Shown:
        if self._terminal is not None and self._terminal.running:
            raise NotPossible("a program is still running; leave it first, for example by [Ctrl + P + Q]")
        self._terminal = terminal = self.lab.terminal(command.machine, columns=COLUMNS)
        terminal.start(command.text)
        if watch:
            terminal.wait_idle(watch)
            return self._shown(command, terminal, terminal.take())
        return self._shown(command, terminal, terminal.finish())

    def _shown(self, command: Command, terminal: Terminal, text: str) -> Shown:
        status = None if terminal.running else terminal.status
        return Shown(command, _lines(text), status)

    def run_unseen(self, lines: tuple[str, ...], number: int) -> None:
        """What ran before it came to the screen."""
        for line in lines:
            machine, command = self.lesson.settings.typed_at(line)
            try:
                self.lab.run(command, machine, limit=UNSEEN_LIMIT)
            except StillRunning as running:
                raise PlayError(f"{self.lesson.path}:{number}: '{command}' does not end") from running

    # -- what a lesson may set --------------------------------------------------------------------------------------

    def _set_counters(self, counters: Mapping[str, Mapping[str, int]]) -> None:
        for place, numbers in counters.items():
            machine, _, name = place.partition("/")
            device = self.lab.machine(machine).netns.device(name)
            for counter, value in numbers.items():
                setattr(device.counters, counter, value)

    def _send(self, background: Background) -> None:
        machine, _, name = background.device.partition("/")
        netns = self.lab.machine(machine).netns
        device = netns.device(name)
        source = next(own.ip for own in device.addresses if (own.version == 6) == (":" in background.group))
        datagram = Udp(background.port, background.port, bytes(background.size))
        netns.send(udp(source, background.group, datagram, number=netns.number(), ttl=255), device=device)


def _lines(text: str) -> list[str]:
    """What was shown, as lines, without the prompt that waits for the next command."""
    lines = shown(text)
    return lines[:-1] if lines and PROMPT.fullmatch(lines[-1]) else lines


def transcript(lesson: Lesson, *, engine: str = "") -> str:
    """The bare transcript of a lesson: prompts, commands and what they show. Raises PlayError."""
    player = Player(lesson, engine=engine)
    lines: list[str] = []
    for step in lesson.steps:
        for command in player.play():
            lines.append(command.command.prompt + command.command.text)
            lines += command.output
        if step is not lesson.steps[-1]:
            lines.append("")
    return "\n".join(lines) + "\n"
