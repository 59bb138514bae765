"""sed's editor: the pattern space, the hold space, the lines it takes in and what it puts out."""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import Struct, field

from simulator.clock import Steps
from simulator.kernel.files import OpenFile
from simulator.kernel.process import Process
from simulator.userland.inputs import InputLines
from simulator.userland.program import Style, encode


class Editor(Struct):
    """What a script works on, and what commands of all kinds do to it. `write` takes the output."""

    process: Process
    style: Style
    write: Callable[[bytes], object]
    end: str = "\n"  # of a line; with -z a NUL
    space: str = ""
    hold: str = ""
    number: int = 0
    path: str = ""
    following: str | None = None  # the line after this one: at the last there is none
    newline: bool = True  # whether the line was ended
    substituted: bool = False
    ending: int | None = None  # the status with which q ended the run
    _unended: bool = False  # whether the last output lacks its end
    _source: InputLines | None = None
    _appended: list[Callable[[], None]] = field(default_factory=list)
    _outputs: dict[str, OpenFile] = field(default_factory=dict)
    _last_pattern: re.Pattern[str] | None = None

    # -- lines in ---------------------------------------------------------------------------------------------------

    def begin(self, source: InputLines) -> Steps:
        """Looks at the first line of a stream."""
        self._source = source
        self.following = yield from source.next()

    def advance(self, *, joined: bool = False) -> Steps:
        """The next line into the pattern space, or behind what is there."""
        source = self._source
        assert source is not None
        line, newline, self.path = self.following or "", source.newline, source.path
        self.number += 1
        self.space = self.joined(self.space, line) if joined else line
        self.following = yield from source.next()
        self.newline = newline if self.following is None else True

    def joined(self, first: str, second: str) -> str:
        return first + self.end + second

    @property
    def last(self) -> bool:
        return self.following is None

    def pattern(self, given: re.Pattern[str] | None) -> re.Pattern[str]:
        """The pattern, or for an empty one the last that was used."""
        self._last_pattern = given or self._last_pattern
        if self._last_pattern is None:
            gnu = "-e expression #1, char 0: no previous regular expression"
            self.process.exit(self.style.complain(self.process, gnu if self.style.gnu else "no previous regexp"))
        return self._last_pattern

    # -- lines out --------------------------------------------------------------------------------------------------

    def print(self, text: str) -> None:
        self._put(encode(text + self.end))

    def print_text(self, text: str) -> None:
        """What a, i and c put: lines of the script, which end as its own do."""
        self._put(encode(text + "\n"))

    def print_space(self) -> None:
        """The pattern space, ended if its line was."""
        self._put(encode(self.space + self.end * self.newline), ended=self.newline)

    def print_first(self) -> None:
        """The pattern space up to its first newline; GNU adds none where there was none."""
        first, end, _rest = self.space.partition(self.end)
        if end or not self.style.gnu:
            self.print(first)
        else:
            self.print_space()

    def _put(self, data: bytes, *, ended: bool = True) -> None:
        """Behind a line that was not ended the next output begins a new one."""
        self.write(encode(self.end * self._unended) + data)
        self._unended = not ended

    def append(self, text: str) -> None:
        """a: the text behind the line, when that is done with."""
        self._appended.append(lambda: self.print_text(text))

    def append_file(self, path: str) -> None:
        """r: what the file then holds, nothing if there is none."""
        self._appended.append(lambda: self._copy(self.process.path(path)))

    def _copy(self, path: str) -> None:
        disk = self.process.disk
        if disk.exists(path) and not disk.is_directory(path):
            data = disk.read(path, self.process)
            self._put(data, ended=self.style.gnu or data.endswith(b"\n"))

    def flush(self) -> None:
        """The line is done with."""
        for put in self._appended:
            put()
        self.forget()

    def forget(self) -> None:
        self._appended.clear()

    def output(self, path: str) -> OpenFile:
        """The file of this name that w writes."""
        standard = {"/dev/stdout": self.process.stdout, "/dev/stderr": self.process.stderr}
        if path not in self._outputs:
            self._outputs[path] = standard.get(path) or self.process.open(path, "w")
        return self._outputs[path]
