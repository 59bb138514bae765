"""A lesson's Markdown as a Lesson: prose, and steps of commands with what they show.

    +++                                     header: TOML
    title = "Links"
    +++
    Prose in Markdown.
    <!-- docklab                            settings of the next console block: TOML
    wait = "2s"
    -->
    ```console
    > docker attach a2
    / # ping -c1 a1
    PING a1 (172.17.0.2): 56 data bytes
    ...
    [Ctrl + P + Q]
    ```

A translation has prose of its own; in the place of a block it names the block: a console block whose one line is
`@links`, where the original has `id = "links"`.

A task is prose and a `check` block: commands that look, and what they show once it is solved. Its settings may have
`hints`, which a translation has in its own words, and a `solution`. Docs: README, "Write a lesson".
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from simulator.lesson.settings import LessonSettings, SettingError, StepSettings, lesson_settings, step_settings

KEYS: dict[str, bytes] = {
    "[Ctrl + P + Q]": b"\x10\x11",
    "[Ctrl + C]": b"\x03",
    "[Ctrl + D]": b"\x04",
    "[Enter]": b"\r",
}
GAP = "..."  # stands for lines left out


class LessonError(Exception):
    """What is wrong with a lesson, as one line that begins with file:line."""


class Line(Struct, frozen=True):
    """A line of expected output and where it stands."""

    text: str
    number: int


class Command(Struct):
    """One line typed at a prompt, or a key pressed (`prompt` empty, `text` a name of KEYS), and what it is to show."""

    prompt: str
    text: str
    number: int
    machine: str = ""  # of a host's prompt; empty for what is typed into a running program
    expected: list[Line] = field(default_factory=list)

    @property
    def is_key(self) -> bool:
        return not self.prompt


class Prose(Struct, frozen=True):
    """Markdown between two steps."""

    text: str


class Step(Struct):
    """A console block, or a check block: `is_check` says that it only looks whether a task has been solved."""

    commands: list[Command]
    settings: StepSettings
    path: str  # of the file that the block stands in, and the line
    number: int
    is_check: bool = False


class Lesson(Struct):
    """A whole lesson in one language."""

    name: str
    path: str
    language: str
    settings: LessonSettings
    parts: list[Prose | Step]

    @property
    def steps(self) -> list[Step]:
        """What is played, one after another."""
        return [part for part in self.parts if isinstance(part, Step) and not part.is_check]

    @property
    def blocks(self) -> list[Step]:
        """Steps and tasks."""
        return [part for part in self.parts if isinstance(part, Step)]

    @property
    def title(self) -> str:
        return self.settings.title


def lesson_from_text(text: str, *, name: str, path: str, language: str, original: Lesson | None = None) -> Lesson:
    """Reads a lesson. `original` has the blocks that a translation names. Raises LessonError."""
    lines = text.splitlines()
    header, begins = _header(lines, path)
    try:
        settings = lesson_settings(header, original.settings if original else None)
    except SettingError as mistake:
        raise LessonError(f"{path}:1: {mistake}") from mistake
    parts = list(_parts(lines, begins, path, settings, original))
    lesson = Lesson(name, path, language, settings, parts)
    if not lesson.steps:
        raise LessonError(f"{path}:1: the lesson has no console block")
    return lesson


def _header(lines: list[str], path: str) -> tuple[dict[str, Any], int]:
    """The header's settings, and the index of the first line behind it."""
    if not lines or lines[0].strip() != "+++":
        raise LessonError(f"{path}:1: a lesson begins with a header between two lines '+++'")
    end = next((index for index, line in enumerate(lines[1:], 1) if line.strip() == "+++"), None)
    if end is None:
        raise LessonError(f"{path}:1: the header is not closed by a second line '+++'")
    return _toml("\n".join(lines[1:end]), path, 2), end + 1


def _toml(text: str, path: str, first: int) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as mistake:
        found = re.search(r"\(at line (\d+), column \d+\)", str(mistake))
        number = first + (int(found[1]) - 1 if found else text.count("\n"))
        what = re.sub(r" \(at .*\)", "", str(mistake))
        raise LessonError(f"{path}:{number}: broken settings: {what}") from mistake


def _parts(
    lines: list[str], begins: int, path: str, settings: LessonSettings, original: Lesson | None
) -> Iterator[Prose | Step]:
    """Cuts the lines behind the header into prose and steps."""
    prose: list[str] = []
    waiting: tuple[dict[str, Any], int] = ({}, 0)
    index = begins
    while index < len(lines):
        line = lines[index]
        if line.startswith("<!-- docklab"):
            end = _end(lines, index, "-->", path, "the settings '<!-- docklab' are")
            waiting = (_toml("\n".join(lines[index + 1 : end]), path, index + 2), index + 1)
            index = end + 1
            continue
        fence = re.match(r"```(\w*)", line)
        if fence is None:
            prose.append(line)
            index += 1
            continue
        end = _end(lines, index, "```", path, f"the block '{line}' is")
        if fence[1] in ("console", "check"):
            yield from _flush(prose)
            yield _step(lines, index, end, path, settings, waiting, original)
            waiting = ({}, 0)
        else:
            prose += lines[index : end + 1]
        index = end + 1
    if waiting[0]:
        raise LessonError(f"{path}:{waiting[1]}: no console block follows these settings")
    yield from _flush(prose)


def _end(lines: list[str], start: int, mark: str, path: str, what: str) -> int:
    """The index of the line that closes what begins at start."""
    for index in range(start + 1, len(lines)):
        if lines[index].rstrip() == mark:
            return index
    raise LessonError(f"{path}:{start + 1}: {what} not closed by a line '{mark}'")


def _flush(prose: list[str]) -> Iterator[Prose]:
    text = "\n".join(prose).strip("\n")
    prose.clear()
    if text.strip():
        yield Prose(text)


def _step(
    lines: list[str],
    start: int,
    end: int,
    path: str,
    settings: LessonSettings,
    waiting: tuple[dict[str, Any], int],
    original: Lesson | None,
) -> Step:
    body = lines[start + 1 : end]
    if len(body) == 1 and body[0].startswith("@"):
        named = _named(body[0][1:].strip(), original, f"{path}:{start + 2}")
        return replace(named, settings=_translated(waiting, named.settings, path, start + 1))
    own = _settings(waiting, path)
    commands = _commands(body, start + 2, path, settings)
    return Step(commands, own, path, start + 1, is_check=lines[start].startswith("```check"))


def _settings(waiting: tuple[dict[str, Any], int], path: str) -> StepSettings:
    try:
        return step_settings(waiting[0])
    except SettingError as mistake:
        raise LessonError(f"{path}:{waiting[1]}: {mistake}") from mistake


def _translated(waiting: tuple[dict[str, Any], int], original: StepSettings, path: str, number: int) -> StepSettings:
    """The original's settings, with hints in the translation's language."""
    if set(waiting[0]) - {"hints"}:
        raise LessonError(f"{path}:{waiting[1]}: a translation may set nothing but hints; the rest is its original's")
    hints = _settings(waiting, path).hints
    if len(hints) != len(original.hints):
        raise LessonError(f"{path}:{number}: the original has {len(original.hints)} hints, this has {len(hints)}")
    return replace(original, hints=hints)


def _named(name: str, original: Lesson | None, where: str) -> Step:
    for step in original.blocks if original else []:
        if step.settings.id == name:
            return step
    what = "the original has no block" if original else "only a translation may name a block of its original:"
    raise LessonError(f"{where}: {what} '{name}'")


def _commands(body: list[str], first: int, path: str, settings: LessonSettings) -> list[Command]:
    """What is typed in a block, each with the output that follows it."""
    commands: list[Command] = []
    for number, line in enumerate(body, first):
        command = _command(line, number, settings, inside=bool(commands))
        if command:
            commands.append(command)
        elif commands:
            commands[-1].expected.append(Line(line, number))
        else:
            prompts = ", ".join(repr(prompt) for prompt in settings.prompts.values())
            raise LessonError(f"{path}:{number}: a console block begins with a prompt; this lesson's are {prompts}")
    if not commands:
        raise LessonError(f"{path}:{first - 1}: the block is empty")
    return commands


def _command(line: str, number: int, settings: LessonSettings, *, inside: bool) -> Command | None:
    if line.strip() in KEYS:
        return Command("", line.strip(), number)
    for machine, prompt in settings.prompts.items():
        if line.startswith(prompt):
            return Command(prompt, line[len(prompt) :], number, machine)
    for prompt in settings.container_prompts:
        if inside and line.startswith(prompt):
            return Command(prompt, line[len(prompt) :], number)
    return None
