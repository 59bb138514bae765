"""busybox's ps."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.program import BUSYBOX, visible_processes
from simulator.userland.ps.columns import ALIASES, COLUMNS, Column

SUPPORTED = "user,group,comm,args,pid,ppid,pgid,nice,rgroup,ruser,tty,vsz,sid,stat,rss"
WIDTHS = {
    "user": 8, "group": 8, "comm": 16, "args": 256, "pid": 5, "ppid": 5, "pgid": 5, "nice": 5, "rgroup": 8, "ruser": 8,
    "tty": 6, "vsz": 4, "sid": 5, "stat": 4, "rss": 4,
}  # fmt: skip


def ps(process: Process) -> Steps:
    """All processes; options without a dash, and -e, -f, -a, -u, -w, -x, -l, mean nothing."""
    words = process.argv[1:]
    argv = [process.argv[0], *(word for word in words if word.startswith("-") or words[0] != word)]
    given = BUSYBOX.options(process, "o:TaefuwxlA", argv=argv)
    names = ",".join(given.all("o")).split(",") if "o" in given else ["pid", "user", "args"]
    columns = []
    for spelled in names:
        name, _, heading = spelled.partition("=")
        if name not in WIDTHS:
            return BUSYBOX.complain(process, f"bad -o argument '{name}', supported arguments: {SUPPORTED}")
        column = COLUMNS[ALIASES.get(name, name)]
        columns.append((heading or _heading(name), WIDTHS[name], column))
    process.print(_row([heading for heading, _, _ in columns], columns))
    for pid, other in visible_processes(process).items():
        cells = [
            f"{column.show(pid, other):>{width}}" if column.right else column.show(pid, other)
            for _, width, column in columns
        ]
        process.print(_row(cells, columns))
    return 0
    yield


def _heading(name: str) -> str:
    return {"args": "COMMAND", "comm": "COMMAND", "nice": "NI"}.get(name, name.upper())


def _row(cells: Sequence[str], columns: Sequence[tuple[str, int, Column]]) -> str:
    padded = [f"{cell[:width]:<{width}}" for cell, (_, width, _) in zip(cells, columns, strict=True)]
    return " ".join([*padded[:-1], cells[-1]])
