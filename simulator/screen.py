"""What a screen shows of what was written to it: lines rewritten in place are there once, as they ended.

Understood are carriage return, backspace, cursor movements and erasing (ECMA-48 CUU, CUD, CUF, CUB, CHA, EL, ED);
colours and everything else change no character.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"\x1b\[(?P<arguments>[0-9;?]*)(?P<verb>[@-~])|\x1b[=>78]|\x1b\][^\x07]*\x07|(?P<control>[\n\r\b\x07])"
)


class Screen:
    """Lines and a cursor. There is no width: lines are as long as what was written."""

    def __init__(self) -> None:
        self.lines: list[str] = [""]
        self.row = self.column = 0

    def write(self, text: str) -> None:
        at = 0
        for token in _TOKEN.finditer(text):
            self._print(text[at : token.start()])
            at = token.end()
            if token["control"]:
                self._control(token["control"])
            elif token["verb"]:
                self._escape(token["verb"], token["arguments"])
        self._print(text[at:])

    def _print(self, text: str) -> None:
        if text:
            line = self.lines[self.row].ljust(self.column)
            self.lines[self.row] = line[: self.column] + text + line[self.column + len(text) :]
            self.column += len(text)

    def _control(self, code: str) -> None:
        if code == "\n":
            self._move(self.row + 1, 0)
        elif code == "\r":
            self.column = 0
        elif code == "\b":
            self.column = max(self.column - 1, 0)

    def _escape(self, verb: str, arguments: str) -> None:
        number = int(arguments) if arguments.isdigit() else 1
        if verb == "A":
            self._move(max(self.row - number, 0), self.column)
        elif verb == "B":
            self._move(self.row + number, self.column)
        elif verb == "C":
            self.column += number
        elif verb == "D":
            self.column = max(self.column - number, 0)
        elif verb == "G":
            self.column = number - 1
        elif verb == "K":
            line = self.lines[self.row]
            self.lines[self.row] = "" if arguments == "2" else line[: self.column]
        elif verb == "J":
            del self.lines[self.row + 1 :]
            self.lines[self.row] = self.lines[self.row][: self.column]

    def _move(self, row: int, column: int) -> None:
        while len(self.lines) <= row:
            self.lines.append("")
        self.row, self.column = row, column


def shown(text: str) -> list[str]:
    """The lines that a screen shows after a text was written to it; an empty last one is left out."""
    screen = Screen()
    screen.write(text)
    return screen.lines if screen.lines[-1] else screen.lines[:-1]
