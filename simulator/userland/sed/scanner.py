"""The text of a sed script, character by character; what is wrong with it, in the words of both seds."""

from __future__ import annotations

import re

BRACKETS = re.compile(r"\^?\]?(?:\[:\w+:\]|[^\]])*\]")
NUMBER = re.compile(r"\d*")
STATEMENT = re.compile(r"[^\n;]*")
LINE = re.compile(r"[^\n]*")
SPECIAL = "^$.*[]"  # these stay escaped, even where they are the delimiter


class BadScript(Exception):
    """What is wrong, in busybox's words and in GNU's, and how many characters were read (-1: GNU does not say)."""

    def __init__(self, busybox: str, gnu: str, at: int) -> None:
        super().__init__(gnu)
        self.busybox, self.gnu, self.at = busybox, gnu, at


class Scanner:
    """A script, and how far it has been read."""

    def __init__(self, script: str, *, gnu: bool) -> None:
        self.script, self.gnu, self.at = script, gnu, 0

    def bad(self, busybox: str, gnu: str = "") -> BadScript:
        return BadScript(busybox, gnu or busybox, min(self.at, len(self.script)))

    def skip(self, chars: str = " \t") -> bool:
        """Passes over these characters; whether anything is left."""
        while self.at < len(self.script) and self.script[self.at] in chars:
            self.at += 1
        return self.at < len(self.script)

    def peek(self) -> str:
        return self.script[self.at : self.at + 1]

    def take(self) -> str:
        self.at += 1
        return self.script[self.at - 1 : self.at]

    def took(self, wanted: str) -> bool:
        """Takes the next character if it is this one."""
        found = self.peek() == wanted
        self.at += found
        return found

    def match(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.script, self.at)
        self.at = found.end() if found else self.at
        return found[0] if found else ""

    def number(self) -> int:
        return int(self.match(NUMBER) or 0)

    def statement(self) -> str:
        """What is left up to a semicolon."""
        return self.match(STATEMENT).strip()

    def line(self) -> str:
        return self.match(LINE).strip()

    def delimited(self, delimiter: str, unfinished: str, *, brackets: bool = True) -> str:
        """The text up to the delimiter; escaped delimiters and those in brackets are part of it."""
        taken = ""
        while (char := self.take()) != delimiter:
            if not char or char == "\n":
                raise self.bad(f"unmatched '{delimiter}'", unfinished)
            if char == "\\":
                escaped = self.take()
                taken += escaped if escaped == delimiter and escaped not in SPECIAL else "\\" + escaped
            elif char == "[" and brackets:
                taken += char + self._bracketed(delimiter, unfinished)
            else:
                taken += char
        return taken

    def _bracketed(self, delimiter: str, unfinished: str) -> str:
        found = self.match(BRACKETS)
        if not found and self.gnu:
            self.at = len(self.script)
            raise self.bad(f"unmatched '{delimiter}'", unfinished)
        return found
