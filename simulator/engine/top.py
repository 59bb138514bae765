"""`docker top`: the processes of a container as the host's ps(1) lists them. Mirrors moby's daemon/top_unix.go.

The engine runs ps with the options given and keeps the lines whose PID is inside the container. Here the lines are made
from the process table: `-ef` (the default), `aux`, and `-o` with the fields below. Left out: sorting, other options.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from simulator.clock import S
from simulator.engine import runtime
from simulator.engine.container import Container, Status
from simulator.engine.errors import Conflict, System
from simulator.engine.fields import Document
from simulator.kernel.process import Process

if TYPE_CHECKING:
    from simulator.engine.daemon import Daemon

Field = Callable[["Daemon", Container, Process], str]


def _started(daemon: Daemon, container: Container, process: Process) -> str:
    moment = daemon.clock.at(daemon.clock.start + process.started)
    today = daemon.clock.at(daemon.clock.wall())
    return f"{moment:%H:%M}" if moment.date() == today.date() else f"{moment:%b%d}"


def _elapsed(daemon: Daemon, container: Container, process: Process) -> str:
    seconds = (int(daemon.clock.now) - process.started) // S
    hours = f"{seconds // 3600:02d}:" if seconds >= 3600 else ""
    return f"{hours}{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _parent(daemon: Daemon, container: Container, process: Process) -> str:
    """The shim is the parent of whatever nobody inside began."""
    if process.parent is not None and process.parent.status is None:
        return str(process.parent.pid)
    return str(container.shim.pid) if container.shim else "1"


def _command(daemon: Daemon, container: Container, process: Process) -> str:
    return " ".join(process.argv)


# Field of -o: the title and the value; those that nothing is known of are what an idle process has. The terminal of a
# container is not one of the host's.
FIELDS: dict[str, tuple[str, Field]] = {
    "uid": ("UID", lambda daemon, container, process: str(process.uid)),
    "user": ("USER", lambda daemon, container, process: process.user),
    "pid": ("PID", lambda daemon, container, process: str(process.pid)),
    "ppid": ("PPID", _parent),
    "pgid": ("PGID", lambda daemon, container, process: str(process.group)),
    "stat": ("STAT", lambda daemon, container, process: "Ss"),
    "tty": ("TT", lambda daemon, container, process: "?"),
    "time": ("TIME", lambda daemon, container, process: "00:00:00"),
    "etime": ("ELAPSED", _elapsed),
    "stime": ("STIME", _started),
    "comm": ("COMMAND", lambda daemon, container, process: process.argv[0].rpartition("/")[2][:15]),
    "cmd": ("CMD", _command),
    "args": ("COMMAND", _command),
}
_SYNONYMS = {"command": "args", "tt": "tty", "ucmd": "comm", "state": "stat", "s": "stat"}


_FULL: tuple[tuple[str, Field], ...] = (
    ("UID", lambda daemon, container, process: process.user),
    FIELDS["pid"],
    FIELDS["ppid"],
    ("C", lambda daemon, container, process: "0"),
    ("STIME", _started),
    ("TTY", lambda daemon, container, process: "?"),
    FIELDS["time"],
    FIELDS["cmd"],
)
_PLAIN: tuple[tuple[str, Field], ...] = (
    FIELDS["pid"],
    ("TTY", lambda daemon, container, process: "?"),
    FIELDS["time"],
    ("CMD", FIELDS["comm"][1]),
)
_OWN: tuple[tuple[str, Field], ...] = (*_PLAIN[:2], FIELDS["stat"], FIELDS["time"], FIELDS["args"])
_BSD: tuple[tuple[str, Field], ...] = (
    FIELDS["user"],
    FIELDS["pid"],
    ("%CPU", lambda daemon, container, process: "0.0"),
    ("%MEM", lambda daemon, container, process: "0.0"),
    ("VSZ", lambda daemon, container, process: "1600"),
    ("RSS", lambda daemon, container, process: "4"),
    ("TTY", lambda daemon, container, process: "?"),
    FIELDS["stat"],
    ("START", _started),
    ("TIME", lambda daemon, container, process: "0:00"),
    FIELDS["args"],
)


def top(daemon: Daemon, container: Container, options: str = "") -> Document:
    """The processes inside a container. Raises Conflict unless it runs, System for options that ps refuses."""
    if not container.running:
        raise Conflict(f"Container {container.id} is not running")
    if container.status is Status.RESTARTING:
        raise Conflict(f"Container {container.id} is restarting, wait until the container is running")
    fields = _fields(options.split() or ["-ef"])
    titles = [title for title, _ in fields]
    if "PID" not in titles:
        raise System("Couldn't find PID field in ps output")
    processes = list(runtime.members(container))
    lines = [" ".join(value(daemon, container, process) for _, value in fields) for process in processes]
    rows = _rows(lines, titles, {str(process.pid) for process in processes})
    daemon.container_event(container, "top")
    return {"Processes": rows, "Titles": titles}


def _rows(lines: list[str], titles: list[str], pids: set[str]) -> list[list[str]]:
    """What dockerd makes of ps's lines (parsePSOutput): a column is a word, what hangs over belongs to the last.

    So a line is lost when a command of several words stands before its PID.
    """
    found, place, last = [], titles.index("PID"), len(titles) - 1
    for words in (line.split() for line in lines):
        if not words[place].isdecimal():
            number = words[place]
            raise System(f"Unexpected pid '{number}': strconv.Atoi: parsing \"{number}\": invalid syntax")
        if words[place] in pids:
            found.append([*words[:last], " ".join(words[last:])])
    return found


def _fields(words: list[str]) -> tuple[tuple[str, Field], ...]:
    chosen = [name for index, word in enumerate(words) for name in _named(words, index, word)]
    if chosen:
        return tuple(_field(name) for name in chosen)
    flags = "".join(words)
    if flags.startswith("--"):
        return ()  # a text that has no columns
    if flags.startswith("-"):
        return _FULL if "f" in flags else _OWN if "x" in flags else _PLAIN
    if set(flags) <= set("auxwef"):
        return _BSD
    raise System("ps: error: unsupported option (BSD syntax)")


def _named(words: list[str], index: int, word: str) -> list[str]:
    """The fields that one word of the options names: `-o pid,comm` or `-opid`."""
    if index and re.fullmatch("-?[aAexw]*o", words[index - 1]):
        return word.split(",")
    return word[2:].split(",") if word.startswith("-o") and len(word) > 2 else []


def _field(text: str) -> tuple[str, Field]:
    """A field of -o, which may have a title of its own: comm=NAME."""
    name, own, title = text.partition("=")
    known = _SYNONYMS.get(name.lower(), name.lower())
    if known not in FIELDS:
        raise System(f'ps: error: unknown user-defined format specifier "{name}"')
    return (title, FIELDS[known][1]) if own else FIELDS[known]
