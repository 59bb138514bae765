"""The record that a program works on, $0, and its fields $1 to $NF (awk(1p), Variables in awk; gawk's field.c)."""

from __future__ import annotations

import re

from simulator.userland.awk.control import AwkError
from simulator.userland.awk.values import Text, Value, text
from simulator.userland.posix_regex import compile_posix


class Record:
    """A line and what it is split into; a change of the one is a change of the other. FS, OFS and NF are variables."""

    def __init__(self, variables: dict[str, Value]) -> None:
        self._variables = variables
        self.line = ""
        self.fields: list[str] = []

    def set(self, line: str) -> None:
        self.line, self.fields = line, split(line, text(self._variables["FS"]))
        self._variables["NF"] = float(len(self.fields))

    def field(self, index: int) -> Value:
        if index < 0:
            raise AwkError("attempt to access field " + str(index))
        return Text(self.line if index == 0 else self.fields[index - 1] if index <= len(self.fields) else "")

    def set_field(self, index: int, value: str) -> None:
        if index == 0:
            self.set(value)
            return
        self.fields += [""] * (index - len(self.fields))
        self.fields[index - 1] = value
        self._join()

    def resize(self, count: int) -> None:
        """NF was assigned to."""
        self.fields = (self.fields + [""] * count)[:count]
        self._join()

    def _join(self) -> None:
        self._variables["NF"] = float(len(self.fields))
        self.line = text(self._variables["OFS"]).join(self.fields)


def split(line: str, separator: str) -> list[str]:
    """By FS's rules: a space stands for runs of blanks, one other character for itself, more for an expression."""
    if separator == " ":
        return line.split()
    if not line or not separator:
        return list(line)
    return line.split(separator) if len(separator) == 1 else re.split(compile_posix(separator, extended=True), line)
