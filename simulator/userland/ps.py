"""ps: the processes in sight (busybox's ps, procps' ps(1)). Left out: threads, memory, CPU times of any length."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from simulator.clock import MS, S, Steps
from simulator.kernel.process import Process
from simulator.userland.date import formatted
from simulator.userland.program import BUSYBOX, visible_processes
from simulator.userland.terminal import terminal_name

Row = tuple[int, Process]
SUPPORTED = "user,group,comm,args,pid,ppid,pgid,nice,rgroup,ruser,tty,vsz,sid,stat,rss"
USAGE = """
Usage:
 ps [options]

 Try 'ps --help <simple|list|output|threads|misc|all>'
  or 'ps --help <s|l|o|t|m|a>'
 for additional help text.

For more details see ps(1)."""
ALIASES = {
    "cmd": "args", "command": "args", "ucmd": "comm", "uname": "user", "ruser": "user", "euser": "user", "tt": "tty",
    "tname": "tty", "stime": "start", "cputime": "time", "s": "state", "nice": "ni", "%cpu": "pcpu",
    "%mem": "pmem", "vsize": "vsz", "euid": "uid", "rgroup": "group", "sess": "sid", "session": "sid", "pgrp": "pgid",
    "fname": "comm", "lstart": "lstart",
}  # fmt: skip


class _Column(Struct, frozen=True):
    """A column of procps: its heading, its narrowest width, what it shows."""

    heading: str
    width: int
    show: Callable[[int, Process], str]
    right: bool = False


def command(process: Process) -> str:
    return " ".join(process.argv)


def short_name(process: Process) -> str:
    """/proc/PID/comm: the program's name, 15 letters of it."""
    return process.argv[0].rpartition("/")[2][:15]


def terminal(process: Process) -> str:
    return terminal_name(process).removeprefix("/dev/") if process.tty else "?"


def started(process: Process) -> str:
    return formatted("%H:%M", process.clock.at(process.clock.start + process.started))


def state(process: Process) -> str:
    if process.jobctl.stopped_by is not None:
        return "T"
    return "R" if process.clock.active_process is process._simpy else "S"


def _parent(process: Process) -> int:
    above = process.parent
    return above.local_pid if above is not None and above.status is None and above.pids is process.pids else 0


def _elapsed(process: Process) -> str:
    seconds = (int(process.clock.now) - process.started) // S
    days, rest = divmod(seconds, 86400)
    hours, rest = divmod(rest, 3600)
    day = f"{days}-" if days else ""
    hour = f"{hours:02d}:" if hours or days else ""
    return f"{day}{hour}{rest // 60:02d}:{rest % 60:02d}"


COLUMNS: dict[str, _Column] = {
    "pid": _Column("PID", 5, lambda pid, process: str(pid), right=True),
    "ppid": _Column("PPID", 5, lambda pid, process: str(_parent(process)), right=True),
    "pgid": _Column("PGID", 5, lambda pid, process: str(process.group), right=True),
    "sid": _Column("SID", 5, lambda pid, process: str(process.group), right=True),
    "user": _Column("USER", 8, lambda pid, process: process.user),
    "group": _Column("GROUP", 8, lambda pid, process: process.user),
    "uid": _Column("UID", 5, lambda pid, process: str(process.uid), right=True),
    "tty": _Column("TTY", 8, lambda pid, process: terminal(process)),
    "time": _Column("TIME", 8, lambda pid, process: "00:00:00", right=True),
    "bsdtime": _Column("TIME", 6, lambda pid, process: "0:00", right=True),
    "comm": _Column("COMMAND", 15, lambda pid, process: short_name(process)),
    "args": _Column("COMMAND", 27, lambda pid, process: command(process)),
    "stat": _Column("STAT", 4, lambda pid, process: state(process)),
    "state": _Column("S", 1, lambda pid, process: state(process)),
    "pcpu": _Column("%CPU", 4, lambda pid, process: "0.0", right=True),
    "pmem": _Column("%MEM", 4, lambda pid, process: "0.0", right=True),
    "vsz": _Column("VSZ", 6, lambda pid, process: "4364", right=True),
    "rss": _Column("RSS", 5, lambda pid, process: "1536", right=True),
    "ni": _Column("NI", 3, lambda pid, process: "0", right=True),
    "c": _Column("C", 2, lambda pid, process: "0", right=True),
    "start": _Column("STIME", 5, lambda pid, process: started(process)),
    "etime": _Column("ELAPSED", 11, lambda pid, process: _elapsed(process), right=True),
    "etimes": _Column(
        "ELAPSED", 7, lambda pid, process: str((int(process.clock.now) - process.started) // (1000 * MS)), right=True
    ),
}
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
BUSYBOX_WIDTHS = {
    "user": 8, "group": 8, "comm": 16, "args": 256, "pid": 5, "ppid": 5, "pgid": 5, "nice": 5, "rgroup": 8, "ruser": 8,
    "tty": 6, "vsz": 4, "sid": 5, "stat": 4, "rss": 4,
}  # fmt: skip


# -- busybox -----------------------------------------------------------------------------------------------------------


def ps(process: Process) -> Steps:
    """All processes; options without a dash, and -e, -f, -a, -u, -w, -x, -l, mean nothing."""
    words = process.argv[1:]
    process.argv = [process.argv[0], *(word for word in words if word.startswith("-") or words[0] != word)]
    given = BUSYBOX.options(process, "o:TaefuwxlA")
    names = ",".join(given.all("o")).split(",") if "o" in given else ["pid", "user", "args"]
    columns = []
    for spelled in names:
        name, _, heading = spelled.partition("=")
        if name not in BUSYBOX_WIDTHS:
            return BUSYBOX.complain(process, f"bad -o argument '{name}', supported arguments: {SUPPORTED}")
        column = COLUMNS[ALIASES.get(name, name)]
        columns.append((heading or _busybox_heading(name), BUSYBOX_WIDTHS[name], column))
    process.argv = [process.argv[0], *words]
    process.print(_busybox_row([heading for heading, _, _ in columns], columns))
    for pid, other in visible_processes(process).items():
        cells = [
            f"{column.show(pid, other):>{width}}" if column.right else column.show(pid, other)
            for _, width, column in columns
        ]
        process.print(_busybox_row(cells, columns))
    return 0
    yield


def _busybox_heading(name: str) -> str:
    return {"args": "COMMAND", "comm": "COMMAND", "nice": "NI"}.get(name, name.upper())


def _busybox_row(cells: Sequence[str], columns: Sequence[tuple[str, int, _Column]]) -> str:
    padded = [f"{cell[:width]:<{width}}" for cell, (_, width, _) in zip(cells, columns, strict=True)]
    return " ".join([*padded[:-1], cells[-1]])


# -- procps ------------------------------------------------------------------------------------------------------------


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
