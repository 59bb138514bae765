"""What there is to tell of a process, column by column, as /proc/PID has it."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from simulator.clock import MS, S
from simulator.kernel.process import Process
from simulator.userland.date import formatted
from simulator.userland.terminal import terminal_name

ALIASES = {
    "cmd": "args", "command": "args", "ucmd": "comm", "uname": "user", "ruser": "user", "euser": "user", "tt": "tty",
    "tname": "tty", "stime": "start", "cputime": "time", "s": "state", "nice": "ni", "%cpu": "pcpu",
    "%mem": "pmem", "vsize": "vsz", "euid": "uid", "rgroup": "group", "sess": "sid", "session": "sid", "pgrp": "pgid",
    "fname": "comm", "lstart": "lstart",
}  # fmt: skip


class Column(Struct, frozen=True):
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


COLUMNS: dict[str, Column] = {
    "pid": Column("PID", 5, lambda pid, process: str(pid), right=True),
    "ppid": Column("PPID", 5, lambda pid, process: str(_parent(process)), right=True),
    "pgid": Column("PGID", 5, lambda pid, process: str(process.group), right=True),
    "sid": Column("SID", 5, lambda pid, process: str(process.group), right=True),
    "user": Column("USER", 8, lambda pid, process: process.user),
    "group": Column("GROUP", 8, lambda pid, process: process.user),
    "uid": Column("UID", 5, lambda pid, process: str(process.uid), right=True),
    "tty": Column("TTY", 8, lambda pid, process: terminal(process)),
    "time": Column("TIME", 8, lambda pid, process: "00:00:00", right=True),
    "bsdtime": Column("TIME", 6, lambda pid, process: "0:00", right=True),
    "comm": Column("COMMAND", 15, lambda pid, process: short_name(process)),
    "args": Column("COMMAND", 27, lambda pid, process: command(process)),
    "stat": Column("STAT", 4, lambda pid, process: state(process)),
    "state": Column("S", 1, lambda pid, process: state(process)),
    "pcpu": Column("%CPU", 4, lambda pid, process: "0.0", right=True),
    "pmem": Column("%MEM", 4, lambda pid, process: "0.0", right=True),
    "vsz": Column("VSZ", 6, lambda pid, process: "4364", right=True),
    "rss": Column("RSS", 5, lambda pid, process: "1536", right=True),
    "ni": Column("NI", 3, lambda pid, process: "0", right=True),
    "c": Column("C", 2, lambda pid, process: "0", right=True),
    "start": Column("STIME", 5, lambda pid, process: started(process)),
    "etime": Column("ELAPSED", 11, lambda pid, process: _elapsed(process), right=True),
    "etimes": Column(
        "ELAPSED", 7, lambda pid, process: str((int(process.clock.now) - process.started) // (1000 * MS)), right=True
    ),
}
