"""sed's scripts: the text read into commands with addresses (POSIX.1-2017, sed; GNU's extensions where both have them)."""

from __future__ import annotations

import re

from msgspec import Struct, field

from simulator.userland.posix_regex import BadExpression, compile_posix

WITH_TEXT = "aic"
WITH_LABEL = ":bTt"
WITH_FILE = "rw"
PLAIN = "{}=dDgGhHlnNpPqQxF"
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "a": "\a"}


class BadScript(Exception):
    """What is wrong, in busybox's words and in GNU's, and how many characters were read."""

    def __init__(self, busybox: str, gnu: str, at: int) -> None:
        super().__init__(gnu)
        self.busybox, self.gnu, self.at = busybox, gnu, at


class Address(Struct):
    """A line number, `$`, a pattern (None: the last one used), a step, or a distance after the first address."""

    kind: str  # line, last, pattern, step, plus, multiple
    number: int = 0
    step: int = 0
    pattern: re.Pattern[str] | None = None


class Command(Struct):
    """One command. `text` is a, i, c's text, a label, a file's name; `active` says that its range has begun."""

    name: str
    first: Address | None = None
    second: Address | None = None
    negated: bool = False
    text: str = ""
    pattern: re.Pattern[str] | None = None
    replacement: str = ""
    flags: str = ""
    occurrence: int = 1
    target: int = -1  # where { and branches lead
    active: bool = False
    until: int = 0  # the line at which a range by distance ends
    table: dict[int, str] = field(default_factory=dict)


class Reader:
    """Reads a script, character by character."""

    def __init__(self, script: str, *, extended: bool, gnu: bool) -> None:
        self.script, self.extended, self.gnu = script, extended, gnu
        self.at = 0
        self.commands: list[Command] = []

    def read(self) -> list[Command]:
        """All commands, with blocks and branches resolved. Raises BadScript."""
        open_blocks: list[int] = []
        while self._skip(" \t\n;"):
            command = self._command()
            if command is None:
                continue
            if command.name == "{":
                open_blocks.append(len(self.commands))
            elif command.name == "}":
                if not open_blocks:
                    if not self.gnu:
                        continue
                    raise self._bad("unexpected `}'", "unexpected `}'")
                self.commands[open_blocks.pop()].target = len(self.commands)
            self.commands.append(command)
        if open_blocks:
            raise BadScript("unterminated {", "unmatched `{'", 0)
        self._resolve()
        return self.commands

    def _resolve(self) -> None:
        labels = {command.text: index for index, command in enumerate(self.commands) if command.name == ":"}
        for command in self.commands:
            if command.name in "btT":
                if command.text and command.text not in labels:
                    missing = "can't find label for jump to"
                    raise BadScript(f"{missing} '{command.text}'", f"{missing} `{command.text}'", -1)
                command.target = labels.get(command.text, len(self.commands))

    # -- characters -------------------------------------------------------------------------------------------------

    def _bad(self, busybox: str, gnu: str) -> BadScript:
        return BadScript(busybox, gnu, self.at)

    def _skip(self, chars: str) -> bool:
        """Passes over these characters; whether anything is left."""
        while self.at < len(self.script) and self.script[self.at] in chars:
            self.at += 1
        return self.at < len(self.script)

    def _peek(self) -> str:
        return self.script[self.at : self.at + 1]

    def _take(self) -> str:
        self.at += 1
        return self.script[self.at - 1 : self.at]

    def _number(self) -> int:
        found = re.compile(r"\d+").match(self.script, self.at)
        if found is None:
            return 0
        self.at = found.end()
        return int(found.group())

    def _delimited(self, delimiter: str, busybox: str, gnu: str, *, brackets: bool = True) -> str:
        """The text up to the delimiter; escaped delimiters and those in brackets are part of it."""
        taken = ""
        while True:
            char = self._take()
            if not char or (char == "\n" and brackets and busybox.startswith("unmatched '/")):
                self.at = min(self.at, len(self.script))
                raise self._bad(busybox, gnu)
            if char == delimiter:
                return taken
            if char == "\\":
                escaped = self._take()
                taken += escaped if escaped == delimiter and escaped not in "^$.*[]" else "\\" + escaped
            elif char == "[" and brackets:
                found = re.compile(r"\^?\]?(?:\[:\w+:\]|[^\]])*\]").match(self.script, self.at)
                if found is None and self.gnu:
                    self.at = len(self.script)
                    raise self._bad(busybox, gnu)
                taken += char + (found.group() if found else "")
                self.at = found.end() if found else self.at
            else:
                taken += char

    def _compile(self, text: str, *, ignore_case: bool) -> re.Pattern[str] | None:
        if not text:
            return None
        text = re.sub(r"\\([tnrfva])", lambda found: ESCAPES[found.group(1)], text)
        try:
            return compile_posix(text, extended=self.extended, ignore_case=ignore_case)
        except BadExpression as bad:
            raise self._bad(f"bad regex '{text}': {bad}", str(bad)) from None

    # -- addresses --------------------------------------------------------------------------------------------------

    def _command(self) -> Command | None:
        if self._peek() == "#":
            self.at = self.script.find("\n", self.at) if "\n" in self.script[self.at :] else len(self.script)
            return None
        command = Command("", first=self._address(second=False))
        self._skip(" \t")
        if self._peek() == ",":
            self.at += 1
            self._skip(" \t")
            if command.first is None:
                raise self._bad("no address after comma", "unexpected `,'")
            command.second = self._address(second=True)
            if command.second is None:
                raise self._bad("no address after comma", "unexpected `,'")
        self._skip(" \t")
        while self._peek() == "!":
            command.negated = True
            self.at += 1
            self._skip(" \t")
        command.name = self._take()
        if not command.name or command.name == "\n":
            self.at = min(self.at, len(self.script))
            raise self._bad("missing command", "missing command")
        self._arguments(command)
        return command

    def _address(self, *, second: bool) -> Address | None:
        char = self._peek()
        if char.isdigit():
            number = self._number()
            if self._peek() == "~" and self.gnu:
                self.at += 1
                return Address("step", number, self._number())
            return Address("line", number)
        if char == "$":
            self.at += 1
            return Address("last")
        if char in ("/", "\\") and char:
            self.at += 1
            delimiter = self._take() if char == "\\" else "/"
            text = self._delimited(delimiter, "unmatched '/'", "unterminated address regex")
            ignore = self.gnu and self._peek() == "I"
            self.at += ignore
            return Address("pattern", pattern=self._compile(text, ignore_case=ignore))
        if second and char in ("+", "~") and char and (char == "+" or self.gnu):
            self.at += 1
            return Address("plus" if char == "+" else "multiple", self._number())
        return None

    # -- what follows a command's letter ----------------------------------------------------------------------------

    def _arguments(self, command: Command) -> None:
        name = command.name
        if name in WITH_TEXT:
            command.text = self._text()
        elif name in WITH_LABEL:
            end = re.compile(r"[^\n;]*").match(self.script, self.at)
            assert end is not None
            command.text, self.at = end.group().strip(), end.end()
        elif name in WITH_FILE:
            end = re.compile(r"[^\n]*").match(self.script, self.at)
            assert end is not None
            command.text, self.at = end.group().strip(), end.end()
            if not command.text:
                raise self._bad("empty filename", "missing filename in r/R/w/W commands")
        elif name == "s":
            self._substitution(command)
        elif name == "y":
            self._transliteration(command)
        elif name not in PLAIN or (not self.gnu and name in "QF"):
            raise self._bad(f"unsupported command {name}", f"unknown command: `{name}'")
        else:
            if name in "qQl":
                self._skip(" \t")
                command.occurrence = self._number()
            if name != "{":
                self._end()

    def _end(self) -> None:
        self._skip(" \t")
        if self._peek() not in ("", "\n", ";", "}", "#"):
            self.at += 1
            raise self._bad("missing command", "extra characters after command")

    def _text(self) -> str:
        """The text of a, i and c: on the same line, or after a backslash and a newline."""
        self._skip(" \t")
        if self._peek() == "\\":
            self.at += 1
            self._skip(" \t")
            if self._peek() == "\n":
                self.at += 1
        elif not self._peek() and self.gnu:
            raise self._bad("", "expected \\ after `a', `c' or `i'")
        found = re.compile(r"(?:\\.|[^\\\n])*", re.DOTALL).match(self.script, self.at)
        assert found is not None
        self.at = found.end()
        return re.sub(r"\\(.)", r"\1", found.group(), flags=re.DOTALL)

    def _substitution(self, command: Command) -> None:
        delimiter = self._take()
        unfinished = ("unmatched '" + delimiter + "'", "unterminated `s' command")
        text = self._delimited(delimiter, *unfinished)
        command.replacement = self._delimited(delimiter, *unfinished, brackets=False)
        while (char := self._peek()) and char not in "\n;}# \t":
            if char.isdigit():
                command.occurrence = self._number()
                continue
            self.at += 1
            if char == "w":
                end = re.compile(r"[^\n]*").match(self.script, self.at)
                assert end is not None
                command.text, self.at = end.group().strip(), end.end()
            elif char not in "gpiIeMm" or (not self.gnu and char in "eMm"):
                raise self._bad("bad option in substitution expression", "unknown option to `s'")
            command.flags += char
        command.pattern = self._compile(text, ignore_case="i" in command.flags or "I" in command.flags)
        groups = [int(digit) for digit in re.findall(r"(?<!\\)(?:\\\\)*\\(\d)", command.replacement)]
        if command.pattern is not None and max(groups, default=0) > command.pattern.groups:
            told = f"invalid reference \\{max(groups)} on `s' command's RHS"
            raise self._bad(f"invalid reference \\{max(groups)} on 's' command's RHS", told)

    def _transliteration(self, command: Command) -> None:
        delimiter = self._take()
        sides = [
            re.sub(r"\\(.)", lambda found: ESCAPES.get(found.group(1), found.group(1)), text)
            for text in (
                self._delimited(delimiter, f"unmatched '{delimiter}'", "unterminated `y' command", brackets=False)
                for _ in range(2)
            )
        ]
        if len(sides[0]) != len(sides[1]) and self.gnu:
            raise self._bad("", "strings for `y' command are different lengths")
        command.table = {ord(old): new for old, new in reversed(list(zip(*sides, strict=False)))}
        self._end()
