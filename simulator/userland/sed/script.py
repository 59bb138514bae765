"""sed's scripts: the text read into commands with addresses (POSIX.1-2017, sed; GNU's extensions where both have them)."""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import Struct, field

from simulator.userland.posix_regex import BadExpression, compile_posix
from simulator.userland.sed.addresses import Address, Distance, Last, Line, Matching, Multiple, Place, Range, Step
from simulator.userland.sed.scanner import BadScript, Scanner

ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "a": "\a"}
GNU_ONLY = "QFWz"
BEFORE_TEXT = re.compile(r"[ \t]*(?:\\(?:[ \t]*\n)?)?")
TEXT = re.compile(r"(?:\\.|[^\\\n])*", re.DOTALL)
REFERENCE = re.compile(r"(?<!\\)(?:\\\\)*\\(\d)")


class Command(Struct):
    """One command: its letter, the lines it is for, and what followed the letter."""

    name: str
    where: Address | Range | None = None
    negated: bool = False
    text: str = ""  # what a, i, c put, s puts in; a label
    path: str = ""
    pattern: re.Pattern[str] | None = None
    flags: str = ""
    number: int = 0  # which match s begins with; the status of q
    target: int = -1  # where { and branches lead
    table: dict[int, str] = field(default_factory=dict)

    def selects(self, place: Place) -> bool:
        return (self.where is None or self.where.at(place)) != self.negated


class Script(Struct, frozen=True):
    commands: list[Command]
    quiet: bool


def read_script(text: str, *, quiet: bool, extended: bool, gnu: bool) -> Script:
    """The script; a first line `#n` is as good as -n. Raises BadScript."""
    commands = _Reader(Scanner(text, gnu=gnu), extended=extended, gnu=gnu).read()
    return Script(commands, quiet or text.split("\n")[0] == "#n")


class _Reader:
    """Reads commands; blocks and branches become jumps to a command's place in the list."""

    def __init__(self, text: Scanner, *, extended: bool, gnu: bool) -> None:
        self.text, self.extended, self.gnu = text, extended, gnu
        self.commands: list[Command] = []
        self.labels: dict[str, int] = {}
        self.open_blocks: list[Command] = []

    def read(self) -> list[Command]:
        while self.text.skip(" \t\n;"):
            if self.text.peek() == "#":
                self.text.line()
            else:
                self._command()
        if self.open_blocks:
            raise BadScript("unterminated {", "unmatched `{'", 0)
        for command in self.commands:
            if command.name in "btT":
                command.target = self._target(command.text)
        return self.commands

    def _target(self, label: str) -> int:
        if label and label not in self.labels:
            missing = "can't find label for jump to"
            raise BadScript(f"{missing} '{label}'", f"{missing} `{label}'", -1)
        return self.labels.get(label, len(self.commands))

    def _command(self) -> None:
        command = Command("", self._where())
        self.text.skip()
        command.negated = self.text.took("!")
        self.text.skip()
        if command.negated and self.text.took("!"):
            raise self.text.bad("unsupported command !", "multiple `!'s")
        command.name = self.text.take()
        if not command.name or command.name == "\n":
            raise self.text.bad("missing command")
        if self.gnu and _at_line_0(command.where):
            raise self.text.bad("invalid usage of line address 0")
        if command.name not in ARGUMENTS or (not self.gnu and command.name in GNU_ONLY):
            raise self.text.bad(f"unsupported command {command.name}", f"unknown command: `{command.name}'")
        ARGUMENTS[command.name](self, command)
        if command.name not in ":}":
            self.commands.append(command)

    # -- addresses --------------------------------------------------------------------------------------------------

    def _where(self) -> Address | Range | None:
        first = self._address()
        self.text.skip()
        if (first is None and self.gnu) or not self.text.took(","):
            return first
        self.text.skip()
        second = self._ending() or self._address()
        if first is None or second is None:
            self.text.at += 1
            raise self.text.bad("no address after comma", "unexpected `,'")
        return Range(first, second, self.gnu and first == Line(0) and isinstance(second, Matching))

    def _address(self) -> Address | None:
        char = self.text.peek()
        if char.isdigit():
            number = self.text.number()
            return Step(number, self.text.number()) if self.gnu and self.text.took("~") else Line(number)
        if self.text.took("$"):
            return Last()
        if self.text.took("/") or self.text.took("\\"):
            return self._matching("/" if char == "/" else self.text.take())
        return None

    def _matching(self, delimiter: str) -> Address:
        text = self.text.delimited(delimiter, "unterminated address regex")
        return Matching(self._compile(text, ignore_case=self.gnu and self.text.took("I")))

    def _ending(self) -> Address | None:
        if self.text.took("+"):
            return Distance(self.text.number())
        return Multiple(self.text.number()) if self.gnu and self.text.took("~") else None

    def _compile(self, text: str, *, ignore_case: bool) -> re.Pattern[str] | None:
        if not text:
            return None
        text = re.sub(r"\\([tnrfva])", lambda found: ESCAPES[found[1]], text)
        try:
            return compile_posix(text, extended=self.extended, ignore_case=ignore_case)
        except BadExpression as bad:
            raise self.text.bad(f"bad regex '{text}': {bad}", str(bad)) from None

    # -- what follows a command's letter ----------------------------------------------------------------------------

    def nothing(self, command: Command) -> None:
        self.text.skip()
        if self.text.peek() not in ("", "\n", ";", "}", "#"):
            self.text.at += 1
            raise self.text.bad("missing command", "extra characters after command")

    def number(self, command: Command) -> None:
        self.text.skip()
        if self.gnu:
            command.number = self.text.number()
        self.nothing(command)

    def opening(self, command: Command) -> None:
        """{ jumps over the block for the lines that the block is not for."""
        command.negated = not command.negated
        self.open_blocks.append(command)

    def closing(self, command: Command) -> None:
        if self.open_blocks:
            self.open_blocks.pop().target = len(self.commands)
        elif self.gnu:
            raise self.text.bad("unexpected `}'")
        self.nothing(command)

    def label(self, command: Command) -> None:
        label = self.text.statement()
        if not label and self.gnu:
            raise self.text.bad('":" lacks a label')
        self.labels[label] = len(self.commands)

    def jump(self, command: Command) -> None:
        command.text = self.text.statement()

    def file(self, command: Command) -> None:
        command.path = self.text.line()
        if not command.path:
            raise self.text.bad("empty filename", "missing filename in r/R/w/W commands")

    def lines(self, command: Command) -> None:
        """The text of a, i and c: on the same line, or after a backslash and a newline."""
        if not self.text.match(BEFORE_TEXT).endswith(("\\", "\n")) and not self.text.peek() and self.gnu:
            raise self.text.bad("expected \\ after `a', `c' or `i'")
        command.text = re.sub(r"\\(.)", r"\1", self.text.match(TEXT), flags=re.DOTALL)

    def substitution(self, command: Command) -> None:
        delimiter, unfinished = self.text.take(), "unterminated `s' command"
        pattern = self.text.delimited(delimiter, unfinished)
        command.text = self.text.delimited(delimiter, unfinished, brackets=False)
        self._flags(command)
        command.pattern = self._compile(pattern, ignore_case="i" in command.flags or "I" in command.flags)
        highest = max((int(digit) for digit in REFERENCE.findall(command.text)), default=0)
        if self.gnu and command.pattern is not None and highest > command.pattern.groups:
            raise self.text.bad(f"invalid reference \\{highest} on `s' command's RHS")

    def _flags(self, command: Command) -> None:
        while (char := self.text.peek()) and char not in "\n;}# \t":
            if char.isdigit():
                command.number = self.text.number()
                continue
            self.text.at += 1
            if char == "w":
                self.file(command)
            elif char not in ("gpiIeMm" if self.gnu else "gpiI"):
                raise self.text.bad("bad option in substitution expression", "unknown option to `s'")
            command.flags += char

    def transliteration(self, command: Command) -> None:
        delimiter = self.text.take()
        old, new = (
            re.sub(r"\\(.)", lambda found: ESCAPES.get(found[1], found[1]), text)
            for text in (self.text.delimited(delimiter, "unterminated `y' command", brackets=False) for _ in range(2))
        )
        if len(old) != len(new) and self.gnu:
            raise self.text.bad("strings for `y' command are different lengths")
        command.table = {ord(was): becomes for was, becomes in reversed(list(zip(old, new, strict=False)))}
        self.nothing(command)


def _at_line_0(where: Address | Range | None) -> bool:
    """Only a range to a pattern may begin before the first line."""
    first = where.first if isinstance(where, Range) and not where.from_start else where
    return first == Line(0)


_GROUPS: dict[str, Callable[[_Reader, Command], None]] = {
    "{": _Reader.opening,
    "}": _Reader.closing,
    ":": _Reader.label,
    "btT": _Reader.jump,
    "aic": _Reader.lines,
    "rwW": _Reader.file,
    "s": _Reader.substitution,
    "y": _Reader.transliteration,
    "qQl": _Reader.number,
    "=dDgGhHnNpPxFz": _Reader.nothing,
}
ARGUMENTS = {letter: read for letters, read in _GROUPS.items() for letter in letters}
