"""Plays a lesson in a lab: types its commands, collects what they show, goes back by playing again from the start.

The player never looks at what the lesson expects; `lesson.check` compares.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from simulator.kernel.packet import Udp, udp
from simulator.lab import Lab
from simulator.lesson.document import KEYS, Command, Lesson, Step
from simulator.lesson.settings import Background
from simulator.terminal import COLUMNS, StillRunning, Terminal, advance

ONE_AT_A_TIME = 5_000_000_000  # ns that a command which never ends is watched before the next key is pressed


class PlayError(Exception):
    """A lesson that cannot be played, as one line that begins with file:line."""


class NotPossible(Exception):
    """What a lesson asks for cannot be done at this point."""


@dataclass(slots=True)
class Shown:
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
        return Lab(
            engine=self.engine,
            seed=settings.seed,
            start=settings.start,
            zone=settings.zone,
            layout=settings.layout,
            presets=settings.chance,
        )

    def _prepare(self) -> None:
        for command in self.lesson.settings.before:
            self.lab.run(command)
        self._set_counters(self.lesson.settings.counters)

    # -- going on and back ------------------------------------------------------------------------------------------

    def play(self) -> list[Shown]:
        """Plays the next step. Raises PlayError."""
        step = self.lesson.steps[self.position]
        self.begin(step)
        shown = [self.type(step, index) for index in range(len(step.commands))]
        self.position += 1
        return shown

    def go_to(self, position: int) -> None:
        """The world as it is after so many steps, reached by playing them in a new lab."""
        self.lab, self._terminal, self.position = self._new_lab(), None, 0
        self._prepare()
        while self.position < position:
            self.play()

    # -- one step ---------------------------------------------------------------------------------------------------

    def begin(self, step: Step) -> None:
        """What a step sets before its first command is typed."""
        settings = step.settings
        for kind, values in settings.chance.items():
            self.lab.clock.chance.preset(kind, values)
        for command in settings.before:
            self.lab.run(command)
        advance(self.lab.clock, settings.wait)
        self._set_counters(settings.counters)
        for one in settings.background:
            self.lab.clock.after(one.at, self._send, one)

    def type(self, step: Step, index: int) -> Shown:
        """Types the command of this index. Raises PlayError if it cannot be typed now or does not end."""
        command = step.commands[index]
        advance(self.lab.clock, step.settings.pause(index))
        later = step.commands[index + 1] if index + 1 < len(step.commands) else None
        goes_on = later is not None and not later.machine
        try:
            return self._type(command, goes_on)
        except StillRunning as running:
            what = f"'{command.text}' does not end; press [Ctrl + C] in the lesson"
            raise PlayError(f"{step.path}:{command.number}: {what}") from running
        except NotPossible as mistake:
            raise PlayError(f"{step.path}:{command.number}: {mistake}") from mistake

    def _type(self, command: Command, goes_on: bool) -> Shown:
        if command.machine:
            return self._start(command, goes_on)
        terminal = self._terminal
        if terminal is None or not terminal.running:
            raise NotPossible(f"no program is running that '{command.text}' could be typed into")
        prompt = terminal.last_line
        terminal.take()
        terminal.type(KEYS[command.text] if command.is_key else command.text.encode() + b"\r")
        self._wait(terminal, command, goes_on)
        text = terminal.take()
        if not command.is_key:
            text = text.partition("\n")[2]
        return self._shown(command, terminal, text, prompt)

    def _start(self, command: Command, goes_on: bool) -> Shown:
        if self._terminal is not None and self._terminal.running:
            raise NotPossible("a program is still running; leave it first, for example by [Ctrl + P + Q]")
        self._terminal = terminal = self.lab.terminal(command.machine, columns=COLUMNS)
        terminal.start(command.text)
        if goes_on:
            self._wait(terminal, command, goes_on)
            if terminal.running and not terminal.last_line.strip() and "attach" in command.text:
                terminal.type(b"\r")
                self._wait(terminal, command, goes_on)
                terminal.take()
        else:
            terminal.finish()
        return self._shown(command, terminal, terminal.take(), "")

    def _wait(self, terminal: Terminal, command: Command, goes_on: bool) -> None:
        if goes_on or command.is_key:
            terminal.wait_idle(ONE_AT_A_TIME if goes_on else 60_000_000_000)
        else:
            terminal.wait_idle()

    def _shown(self, command: Command, terminal: Terminal, text: str, prompt: str) -> Shown:
        status = None if terminal.running else terminal.status
        return Shown(command, _lines(text), status)

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


_PROMPT_AT_END = re.compile(r"(?:^|\n)(?:/\S* # |\[root@\S+ \S+\]# )$")


def _lines(text: str) -> list[str]:
    """What was shown, as lines, without the prompt that waits for the next command."""
    text = _PROMPT_AT_END.sub(lambda match: "\n" if match[0].startswith("\n") else "", text)
    text = re.sub(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x07", "", text).replace("\r", "")
    return text.removesuffix("\n").split("\n") if text.strip("\n") or "\n" in text.rstrip("\n") else []


def transcript(lesson: Lesson, *, engine: str = "") -> str:
    """The bare transcript of a lesson: prompts, commands and what they show. Raises PlayError."""
    player = Player(lesson, engine=engine)
    lines: list[str] = []
    for step in lesson.steps:
        for shown in player.play():
            lines.append(shown.command.prompt + shown.command.text)
            lines += shown.output
        if step is not lesson.steps[-1]:
            lines.append("")
    return "\n".join(lines) + "\n"
