"""grep, egrep, fgrep: lines that match a pattern (POSIX.1-2017, grep)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import NoReturn

from msgspec import Struct, field

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.getopt import Options
from simulator.userland.inputs import InputLines
from simulator.userland.posix_regex import BadExpression, compile_posix
from simulator.userland.program import BUSYBOX, GNU, Style, encode

LONG = {
    "ignore-case": "i", "invert-match": "v", "count": "c", "line-number": "n", "only-matching": "o", "quiet": "q",
    "silent": "q", "extended-regexp": "E", "fixed-strings": "F", "basic-regexp": "G", "perl-regexp": "P",
    "word-regexp": "w", "line-regexp": "x", "files-with-matches": "l", "files-without-match": "L", "recursive": "r",
    "after-context=": "A", "before-context=": "B", "context=": "C", "regexp=": "e", "file=": "f", "max-count=": "m",
    "no-filename": "h", "with-filename": "H", "no-messages": "s", "color=?": "K", "colour=?": "K", "text": "a",
    "include=": "Y", "line-buffered": "u",
}  # fmt: skip
FOUND, NOT_FOUND, TROUBLE = 0, 1, 2
MATCH_COLOUR, FILE_COLOUR, LINE_COLOUR, SEPARATOR_COLOUR = "01;31", "35", "32", "36"


def grep(process: Process) -> Steps:
    return (yield from _grep(process, BUSYBOX))


def gnu_grep(process: Process) -> Steps:
    return (yield from _grep(process, GNU))


def _grep(process: Process, style: Style) -> Steps:
    letters = "ivcnoqEFGwxlLrRA:B:C:e:f:m:hHsz" + ("PabUTyu" if style.gnu else "")
    argv = [process.argv[0], *(_numbers(word) for word in process.argv[1:])]
    given = style.options(process, letters, long=LONG, status=TROUBLE, argv=argv)
    texts, paths = yield from _patterns(process, style, given)
    recursive = "r" in given or "R" in given
    paths = paths or (["."] if recursive else ["-"])
    files = [file for path in paths for file in (_walk(process, path) if recursive else [path])]
    search = _Search(process, style, given, _expression(process, style, given, texts))
    search.named = "H" in given or ((len(files) > 1 or recursive) and "h" not in given)
    for path in files:
        yield from search.file(path)
        if search.found and "q" in given:
            return FOUND
    return TROUBLE if search.failed else FOUND if search.found else NOT_FOUND


def _numbers(word: str) -> str:
    """-3 is three lines of context."""
    return f"-C{word[1:]}" if re.fullmatch(r"-\d+", word) else word


def _patterns(process: Process, style: Style, given: Options) -> Steps:
    texts, operands = given.all("e"), list(given.operands)
    for path in given.all("f"):
        source = InputLines(process, [path], style, failed=TROUBLE)
        while (line := (yield from source.next())) is not None:
            texts.append(line)
    if not given.all("e") and not given.all("f"):
        if not operands:
            _no_pattern(process, style)
        texts.append(operands.pop(0))
    return [part for text in texts for part in text.split("\n")], operands


def _no_pattern(process: Process, style: Style) -> NoReturn:
    if style.gnu:
        name = style.program(process)
        process.error(f"Usage: {name} [OPTION]... PATTERNS [FILE]...\nTry '{name} --help' for more information.")
        process.exit(TROUBLE)
    style.refuse(process)


def _expression(process: Process, style: Style, given: Options, texts: list[str]) -> re.Pattern[str]:
    name = posixpath.basename(process.argv[0])
    fixed = "F" in given or name == "fgrep"
    extended = "E" in given or "P" in given or name == "egrep"
    parts = []
    for text in texts:
        try:
            part = (
                re.escape(text) if fixed else text if "P" in given else compile_posix(text, extended=extended).pattern
            )
            re.compile(part)
        except BadExpression as bad:
            told = str(bad) if style.gnu else f"bad regex '{text}'"
            style.complain(process, told)
            process.exit(TROUBLE)
        if "x" in given:
            part = rf"\A(?:{part})\Z"
        elif "w" in given:
            part = rf"(?<!\w)(?:{part})(?!\w)"
        parts.append(f"(?:{part})")
    return re.compile("|".join(parts), re.IGNORECASE if "i" in given or "y" in given else 0)


def _walk(process: Process, path: str) -> Iterator[str]:
    """The regular files below a path."""
    full = process.path(path)
    if path == "-" or not process.disk.is_directory(full):
        yield path
        return
    for name in process.disk.listdir(full):
        below = posixpath.join(path, name)
        node = process.disk.lookup(process.path(below), follow=False)
        if node.kind == "directory":
            yield from _walk(process, below)
        elif node.kind == "file":
            yield below


class _Context(Struct):
    """-A, -B, -C: how many lines around a match are shown, and where in a file that has come to."""

    before: int
    after: int
    held: list[tuple[int, str]] = field(default_factory=list)  # lines that a match would show before it
    left: int = 0  # how many are still to be shown behind the last match
    last: int = 0  # the line that was shown last


class _Search(Struct):
    """One call of grep: what it looks for and what it has come to."""

    process: Process
    style: Style
    given: Options
    expression: re.Pattern[str]
    named: bool = False
    found: bool = False
    failed: bool = False
    separate: bool = False  # a gap between two groups of lines with context

    def file(self, path: str) -> Steps:
        """Searches one file and prints what the options ask for."""
        process, given = self.process, self.given
        if process.disk.is_directory(process.path(path)) and path != "-":
            if self.style.gnu:
                self.style.complain(process, f"{path}: Is a directory")
            self.failed = self.failed or self.style.gnu
            return
        source = InputLines(process, [path], self.style if "s" not in given else _SILENT, failed=TROUBLE)
        shown = "(standard input)" if path == "-" else path
        matched = yield from self._lines(source, shown)
        self.failed = self.failed or source.status != 0
        if source.status == 0:
            self._summary(shown, matched)

    def _lines(self, source: InputLines, path: str) -> Steps:
        """How many lines of the file matched; they are printed as they come."""
        given, number, matched = self.given, 0, 0
        context = _Context(self._context("B"), self._context("A"))
        limit = int(given.get("m", "-1"))
        while limit != 0 and (line := (yield from source.next())) is not None:
            number += 1
            if (self.expression.search(line) is not None) != ("v" in given):
                matched += 1
                self.found = True
                if "q" in given or "l" in given or "L" in given:
                    return matched
                if "c" not in given:
                    self._hit(context, path, number, line)
                limit -= 1
                yield self.process.stdout.drain()
            elif "c" not in given:
                self._miss(context, path, number, line)
        return matched

    def _hit(self, context: _Context, path: str, number: int, line: str) -> None:
        """A line that matched, with those before it, apart from the group before."""
        first = number - len(context.held)
        if (context.before or context.after) and self.separate and first > context.last + 1:
            self._write("--" if not self._colour else f"\x1b[{SEPARATOR_COLOUR}m\x1b[K--\x1b[m\x1b[K")
        for earlier, text in context.held:
            self._print(path, earlier, text, "-")
        self._print(path, number, line, ":")
        self.separate, context.last, context.left = True, number, context.after
        context.held.clear()

    def _miss(self, context: _Context, path: str, number: int, line: str) -> None:
        """A line that did not: shown behind one that did, or held for one that may."""
        if context.left > 0:
            self._print(path, number, line, "-")
            context.left, context.last = context.left - 1, number
        elif context.before:
            context.held = [*context.held, (number, line)][-context.before :]

    def _context(self, letter: str) -> int:
        return int(self.given.get(letter, self.given.get("C", "0")))

    def _summary(self, path: str, matched: int) -> None:
        given = self.given
        if "q" in given:
            return
        if "l" in given:
            if matched:
                self._write(path)
        elif "L" in given:
            if not matched:
                self._write(path)
        elif "c" in given:
            self._write(f"{path}:{matched}" if self.named else str(matched))

    def _print(self, path: str, number: int, line: str, mark: str) -> None:
        if "o" in self.given:
            for found in self.expression.finditer(line) if mark == ":" and "v" not in self.given else ():
                if found.group():
                    self._write(self._prefix(path, number, mark) + self._coloured(found.group(), MATCH_COLOUR))
            return
        shown = line
        if self._colour and mark == ":" and "v" not in self.given:
            shown = self.expression.sub(lambda found: self._coloured(found.group(), MATCH_COLOUR), line)
        self._write(self._prefix(path, number, mark) + shown)

    def _prefix(self, path: str, number: int, mark: str) -> str:
        separator = self._coloured(mark, SEPARATOR_COLOUR)
        name = self._coloured(path, FILE_COLOUR) + separator if self.named else ""
        return name + (self._coloured(str(number), LINE_COLOUR) + separator if "n" in self.given else "")

    @property
    def _colour(self) -> bool:
        when = self.given.get("K", "never") or "auto"
        return when == "always" or (when == "auto" and "K" in self.given and self.process.stdout.isatty)

    def _coloured(self, text: str, colour: str) -> str:
        return f"\x1b[{colour}m\x1b[K{text}\x1b[m\x1b[K" if self._colour and text else text

    def _write(self, text: str) -> None:
        self.process.write(encode(text + "\n"))


class _Silent(Style, frozen=True):
    """Says nothing about files that cannot be opened (-s)."""

    def complain(self, process: Process, text: str, status: int = 1) -> int:
        return status


_SILENT = _Silent("busybox")
