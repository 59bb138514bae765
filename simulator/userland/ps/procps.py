"""procps' ps(1), with the options of all its dialects."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.program import visible_processes
from simulator.userland.ps.columns import ALIASES, COLUMNS, short_name

Row = tuple[int, Process]
USAGE = """
Usage:
 ps [options]

 Try 'ps --help <simple|list|output|threads|misc|all>'
  or 'ps --help <s|l|o|t|m|a>'
 for additional help text.

For more details see ps(1)."""
FULL = (
    ("user", "UID"),
    ("pid", ""),
    ("ppid", ""),
    ("c", ""),
    ("start", ""),
    ("tty", ""),
    ("time", ""),
    ("args", "CMD"),
)
SHORT = (("pid", ""), ("tty", ""), ("time", ""), ("comm", "CMD"))
BSD = (("pid", ""), ("tty", ""), ("stat", ""), ("bsdtime", ""), ("args", ""))
BSD_USER = (
    ("user", ""), ("pid", ""), ("pcpu", ""), ("pmem", ""), ("vsz", ""), ("rss", ""), ("tty", ""), ("stat", ""),
    ("start", "START"), ("bsdtime", ""), ("args", ""),
)  # fmt: skip


class _Bad(Exception):
    """What is wrong with the options."""


class _Wanted(Struct):
    """What the options ask for: which processes, which columns."""

    columns: tuple[tuple[str, str], ...] = SHORT
    every: bool = False
    with_terminal: bool = False
    pids: frozenset[int] | None = None
    names: frozenset[str] | None = None
    headings: bool = True
    wide: bool = False

    def be_bsd(self) -> None:
        """Letters without a dash change the columns, where nothing else has."""
        self.columns = BSD if self.columns == SHORT else self.columns


def gnu_ps(process: Process) -> Steps:
    try:
        wanted = _Reader(process.argv[1:]).read()
    except _Bad as wrong:
        process.error(f"error: {wrong}\n{USAGE}")
        return 1
    rows = [row for row in visible_processes(process).items() if _chosen(process, wanted, row)]
    lines = _table(wanted.columns, rows, headings=wanted.headings)
    limit = process.tty.columns if process.tty and process.stdout.isatty and not wanted.wide else None
    for line in lines:
        process.print(line[:limit])
    return 0 if rows else 1
    yield


def _every(wanted: _Wanted) -> None:
    wanted.every = True


def _bsd_every(wanted: _Wanted) -> None:
    wanted.every = True
    wanted.be_bsd()


def _with_terminal(wanted: _Wanted) -> None:
    wanted.with_terminal = True


def _bsd_with_terminal(wanted: _Wanted) -> None:
    wanted.with_terminal = True
    wanted.be_bsd()


def _full(wanted: _Wanted) -> None:
    wanted.columns = FULL


def _users(wanted: _Wanted) -> None:
    wanted.columns = BSD_USER


def _wide(wanted: _Wanted) -> None:
    wanted.wide = True


def _bare(wanted: _Wanted) -> None:
    wanted.headings = False


# What letters ask for behind a dash (System V) and without one (BSD); those that mean nothing here; those with an argument.
_SYSV = {"e": _every, "A": _every, "a": _with_terminal, "f": _full, "F": _full, "w": _wide}
_BSD = {"x": _bsd_every, "a": _bsd_with_terminal, "u": _users, "w": _wide, "h": _bare}
_IGNORED = "flLHjTdNM"
_SYSV_TAKING, _BSD_TAKING = "opCut", "opC"
_LONG = ("no-headers", "no-heading", "pid", "headers", "ppid")


class _Reader:
    """Reads words in all of ps's dialects."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = list(words)
        self.wanted = _Wanted()
        self.columns: list[tuple[str, str]] = []

    def read(self) -> _Wanted:
        """Raises _Bad."""
        while self.words:
            word = self.words.pop(0)
            if word.startswith("--"):
                self._long(word[2:])
            elif word.removeprefix("-").isdigit():
                self.wanted.pids = frozenset({int(word.removeprefix("-"))})
            else:
                self._letters(word.removeprefix("-"), dashed=word.startswith("-"))
        self.wanted.columns = tuple(self.columns) or self.wanted.columns
        return self.wanted

    def _next(self) -> str:
        return self.words.pop(0) if self.words else ""

    def _long(self, word: str) -> None:
        name, _, value = word.partition("=")
        if name not in _LONG:
            raise _Bad("unknown gnu long option")
        self.wanted.headings = self.wanted.headings and not name.startswith("no-")
        if name == "pid":
            self.wanted.pids = _numbers(value or self._next())

    def _letters(self, letters: str, *, dashed: bool) -> None:
        known, taking = (_SYSV, _SYSV_TAKING) if dashed else (_BSD, _BSD_TAKING)
        for at, letter in enumerate(letters):
            if letter in taking:
                self._argument(letter, letters[at + 1 :] or self._next())
                return
            if letter in known:
                known[letter](self.wanted)
            elif letter not in _IGNORED:
                raise _Bad("unsupported SysV option" if dashed else "unsupported option (BSD syntax)")

    def _argument(self, letter: str, value: str) -> None:
        if letter == "p":
            self.wanted.pids = _numbers(value)
        elif letter == "C":
            self.wanted.names = frozenset(value.split(","))
        elif letter == "o":
            self._columns(value)

    def _columns(self, rest: str) -> None:
        """name,name=HEADING or names apart by spaces; an empty heading is none."""
        while rest:
            plain = "=" not in rest.split(",")[0]
            name, _, rest = (rest.replace(" ", ",") if plain else rest).partition(",")
            name, equals, heading = name.partition("=")
            known = ALIASES.get(name, name)
            if known not in COLUMNS:
                raise _Bad(f'unknown user-defined format specifier "{name}"')
            default = {"cmd": "CMD", "ucmd": "CMD", "tt": "TT", "s": "S"}.get(name, "")
            self.columns.append((known, heading if equals and heading else "\0" if equals else default))


def _numbers(text: str) -> frozenset[int]:
    return frozenset(int(part) for part in text.replace(",", " ").split() if part.isdigit())


def _chosen(process: Process, wanted: _Wanted, row: Row) -> bool:
    pid, other = row
    if wanted.pids is not None:
        return pid in wanted.pids
    if wanted.names is not None:
        return short_name(other) in wanted.names
    if wanted.every:
        return True
    return other.tty is not None if wanted.with_terminal else other.tty is process.tty


def _table(columns: Sequence[tuple[str, str]], rows: Sequence[Row], *, headings: bool) -> list[str]:
    kinds = [COLUMNS[name] for name, _ in columns]
    titles = ["" if given == "\0" else given or kind.heading for (_, given), kind in zip(columns, kinds, strict=True)]
    table = [[kind.show(pid, process) for kind in kinds] for pid, process in rows]
    if headings and any(titles):
        table.insert(0, titles)
    widths = [max(kind.width, len(title)) for kind, title in zip(kinds, titles, strict=True)]
    lines = []
    for row in table:
        cells = [
            cell.rjust(width) if kind.right else cell.ljust(width)
            for cell, width, kind in zip(row, widths, kinds, strict=True)
        ]
        lines.append(" ".join(cells if kinds[-1].right else [*cells[:-1], row[-1]]))
    return lines
