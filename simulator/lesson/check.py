"""Compares what a lesson's commands show with what the lesson says they show, line by line.

A task is held to more: nothing solves it before anything was done, and its solution does.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from simulator.lesson.document import GAP, Command, Lesson, Line, Prose, Step
from simulator.lesson.player import Player, Shown


class Difference(Struct, frozen=True):
    """A command that shows something else. `number` is the line of the lesson's file where they part."""

    path: str
    number: int
    command: Command
    expected: str | None  # None: more came than the lesson shows
    shown: str | None  # None: less came

    def __str__(self) -> str:
        lines = [f"{self.path}:{self.number}: {self.command.prompt}{self.command.text}"]
        lines += [f"  - {self.expected}"] if self.expected is not None else []
        lines += [f"  + {self.shown}"] if self.shown is not None else []
        return "\n".join(lines)


def check(lesson: Lesson, *, engine: str = "") -> Iterator[tuple[Command, Difference | None]]:
    """Plays a lesson; each command with the first difference, or None if it shows what it should. Raises PlayError."""
    player = Player(lesson, engine=engine)
    for part in lesson.parts:
        if isinstance(part, Prose):
            continue
        if part.is_check:
            yield part.commands[-1], _mistake(player, part)
            continue
        for shown in player.play():
            yield shown.command, compare(shown, part.path)


def missing(player: Player, task: Step) -> Difference | None:
    """Where what a task's commands show parts from what they are to show; None when it is solved. Raises PlayError."""
    found = (compare(player.type(task, index), task.path) for index in range(len(task.commands)))
    return next((difference for difference in found if difference), None)


def _mistake(player: Player, task: Step) -> Difference | None:
    """What is wrong with a task, tried in a world of its own."""
    other = Player(player.lesson, engine=player.engine)
    other.go_to(player.position)
    if missing(other, task) is None:
        return Difference(task.path, task.number, task.commands[-1], None, "solved before anything was done")
    other.run_unseen(task.settings.solution, task.number)
    return missing(other, task) if task.settings.solution else None


def compare(shown: Shown, path: str) -> Difference | None:
    """The first difference between what came and what the lesson shows."""
    parted = first_difference(shown.command.expected, shown.output)
    if parted is None:
        return None
    line, came = parted
    expected = shown.command.expected
    number = line.number if line else (expected[-1].number + 1 if expected else shown.command.number)
    return Difference(path, number, shown.command, line.text if line else None, came)


def first_difference(expected: list[Line], shown: list[str]) -> tuple[Line | None, str | None] | None:
    """Where two outputs part: the expected line and what came. A line `...` stands for any number of lines."""
    at = 0
    index = 0
    while index < len(expected):
        if expected[index].text.strip() != GAP:
            if at >= len(shown) or shown[at] != expected[index].text:
                return expected[index], shown[at] if at < len(shown) else None
            at, index = at + 1, index + 1
            continue
        chunk = _chunk(expected, index + 1)
        if not chunk and index + 1 == len(expected):
            return None
        found = _find(chunk, shown, at, last=index + 1 + len(chunk) == len(expected))
        if found is None:
            return _closest(chunk, shown, at)
        at, index = found + len(chunk), index + 1 + len(chunk)
    return None if at == len(shown) else (None, shown[at])


def _chunk(expected: list[Line], start: int) -> list[Line]:
    """The lines up to the next gap."""
    end = start
    while end < len(expected) and expected[end].text.strip() != GAP:
        end += 1
    return expected[start:end]


def _find(chunk: list[Line], shown: list[str], start: int, *, last: bool) -> int | None:
    """Where the lines of a chunk stand one after another; the last chunk stands at the end."""
    texts = [line.text for line in chunk]
    begins = [len(shown) - len(texts)] if last else range(start, len(shown) - len(texts) + 1)
    return next((begin for begin in begins if begin >= start and shown[begin : begin + len(texts)] == texts), None)


def _closest(chunk: list[Line], shown: list[str], start: int) -> tuple[Line, str | None]:
    """For the report: how far the best attempt at a chunk came."""
    best, came = chunk[0], None
    reach = -1
    for begin in range(start, len(shown)):
        same = 0
        while same < len(chunk) and begin + same < len(shown) and shown[begin + same] == chunk[same].text:
            same += 1
        if same > reach and same < len(chunk):
            reach, best = same, chunk[same]
            came = shown[begin + same] if begin + same < len(shown) else None
    return best, came
