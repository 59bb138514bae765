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


class _Wanted(Struct):
    """What the options ask for: which processes, which columns."""

    columns: list[tuple[str, str]]
    every: bool = False
    with_terminal: bool = False
    pids: frozenset[int] | None = None
    names: frozenset[str] | None = None
    headings: bool = True
    last: str = ""
    wide: bool = False


def gnu_ps(process: Process) -> Steps:
    wanted = _wanted(process)
    if isinstance(wanted, str):
        process.error(f"error: {wanted}\n{USAGE}")
        return 1
    rows = [row for row in visible_processes(process).items() if _chosen(process, wanted, row)]
    lines = _table(wanted.columns, rows, headings=wanted.headings)
    limit = process.tty.columns if process.tty and process.stdout.isatty and not wanted.wide else None
    for line in lines:
        process.print(line[:limit])
    return 0 if rows else 1
    yield


def _wanted(process: Process) -> _Wanted | str:
    """Reads options in all of ps's dialects; the text of what is wrong with them."""
    wanted = _Wanted(list(SHORT))
    chosen: list[tuple[str, str]] = []
    words = list(process.argv[1:])
    while words:
        word = words.pop(0)
        if word.startswith("--"):
            name, _, value = word[2:].partition("=")
            if name not in ("no-headers", "no-heading", "pid", "headers", "ppid"):
                return "unknown gnu long option"
            wanted.headings = wanted.headings and not name.startswith("no-")
            if name == "pid":
                wanted.pids = _numbers(value or (words.pop(0) if words else ""))
            continue
        dashed, letters = word.startswith("-"), word.removeprefix("-")
        if letters.isdigit():
            wanted.pids = frozenset({int(letters)})
            continue
        failure = _letters(wanted, chosen, letters, words, dashed=dashed)
        if failure:
            return failure
    if chosen:
        wanted.columns = chosen
    return wanted


def _letters(wanted: _Wanted, chosen: list[tuple[str, str]], letters: str, words: list[str], *, dashed: bool) -> str:
    while letters:
        letter, letters = letters[0], letters[1:]
        if letter in "opC" or letter in "ut" and dashed:
            value, letters = letters or (words.pop(0) if words else ""), ""
            failure = _argument(wanted, chosen, letter, value)
            if failure:
                return failure
        elif letter in ("eA" if dashed else "x"):
            wanted.every = True
            wanted.columns = (
                wanted.columns if dashed else list(BSD) if wanted.columns == list(SHORT) else wanted.columns
            )
        elif letter == "a":
            wanted.with_terminal = True
            if not dashed and wanted.columns == list(SHORT):
                wanted.columns = list(BSD)
        elif letter == "u":
            wanted.columns = list(BSD_USER)
        elif letter in "fF" and dashed:
            wanted.columns = list(FULL)
        elif letter == "w":
            wanted.wide = True
        elif letter == "h" and not dashed:
            wanted.headings = False
        elif letter not in "flLHjTdNM" or letter == "z":
            return "unsupported SysV option" if dashed else "unsupported option (BSD syntax)"
    return ""


def _argument(wanted: _Wanted, chosen: list[tuple[str, str]], letter: str, value: str) -> str:
    if letter == "p":
        wanted.pids = _numbers(value)
    elif letter == "C":
        wanted.names = frozenset(value.split(","))
    elif letter == "o":
        rest = value
        while rest:
            name, _, rest = (
                rest.replace(" ", ",").partition(",") if "=" not in rest.split(",")[0] else rest.partition(",")
            )
            name, equals, heading = name.partition("=")
            known = ALIASES.get(name, name)
            if known not in COLUMNS:
                return f'unknown user-defined format specifier "{name}"'
            default = {"cmd": "CMD", "ucmd": "CMD", "tt": "TT", "s": "S"}.get(name, "")
            chosen.append((known, heading if equals and heading else "\0" if equals else default))
    return ""


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
