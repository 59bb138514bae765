"""clear, reset, tty, stty: the terminal that a process stands on (tty(1), stty(1))."""

from __future__ import annotations

import re

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.kernel.tty import Tty
from simulator.userland.program import BUSYBOX, GNU, Style, visible_processes

HOME_AND_CLEAR = "\x1b[H\x1b[J"
GNU_CLEAR = "\x1b[H\x1b[2J\x1b[3J"
RESET = "\x1bc\x1b(B\x1b[m\x1b[J\x1b[?25h"
NO_TTY = 1
USAGE = 2


def clear(process: Process) -> Steps:
    process.print(HOME_AND_CLEAR, end="")
    return 0
    yield


def gnu_clear(process: Process) -> Steps:
    process.print(GNU_CLEAR, end="")
    return 0
    yield


def reset(process: Process) -> Steps:
    """Back to a sane terminal, as after something has printed bytes that were not meant for it."""
    if process.tty is not None:
        _sane(process.tty)
    process.print(RESET, end="")
    return 0
    yield


gnu_reset = reset


def tty(process: Process) -> Steps:
    return _tty(process, BUSYBOX)
    yield


def gnu_tty(process: Process) -> Steps:
    return _tty(process, GNU)
    yield


def _tty(process: Process, style: Style) -> int:
    given = style.options(process, "s", long={"silent": "s", "quiet": "s"}, status=USAGE)
    if given.operands and style.gnu:
        style.refuse(process, f"extra operand ‘{given.operands[0]}’", status=USAGE)
    if "s" not in given:
        process.print(f"/dev/pts/{process.tty.number if process.tty else 0}" if process.stdin.isatty else "not a tty")
    return 0 if process.stdin.isatty else NO_TTY


def terminal_name(process: Process) -> str:
    """/dev/pts/N: the terminals in sight are numbered as they came."""
    terminals = list(dict.fromkeys(other.tty for other in visible_processes(process).values() if other.tty is not None))
    return f"/dev/pts/{terminals.index(process.tty) if process.tty in terminals else 0}"


def stty(process: Process) -> Steps:
    return _stty(process, BUSYBOX)
    yield


def gnu_stty(process: Process) -> Steps:
    return _stty(process, GNU)
    yield


def _stty(process: Process, style: Style) -> int:
    terminal = process.tty
    if terminal is None or not process.stdin.isatty:
        name = "'standard input'" if style.gnu else "standard input"
        return style.complain(process, f"{name}: Inappropriate ioctl for device")
    words = [word for word in process.argv[1:] if word not in ("-a", "--all")]
    if not words:
        _show(process, terminal, every=len(process.argv) > 1)
        return 0
    while words:
        word = words.pop(0)
        if not _set(process, terminal, word, words):
            told = f"invalid argument ‘{word}’" if style.gnu else f"invalid argument '{word}'"
            style.refuse(process, told) if style.gnu else style.complain(process, told)
            return 1
    return 0


def _set(process: Process, terminal: Tty, word: str, rest: list[str]) -> bool:
    """Carries out one setting; False if there is no such."""
    on = not word.startswith("-")
    name = word.removeprefix("-")
    if name == "size":
        process.print(f"{terminal.rows} {terminal.columns}")
    elif name == "sane":
        _sane(terminal)
    elif name in ("raw", "cooked"):
        terminal.canonical = terminal.signals = terminal.crlf = (name == "cooked") == on
    elif name in ("echo", "icanon", "isig", "opost"):
        setattr(terminal, {"icanon": "canonical", "isig": "signals", "opost": "crlf"}.get(name, name), on)
    elif name in ("rows", "cols", "columns") and rest and re.fullmatch(r"\d+", rest[0]):
        number = int(rest.pop(0))
        rows, columns = (number, terminal.columns) if name == "rows" else (terminal.rows, number)
        terminal.resize(rows, columns)
    else:
        return False
    return True


def _sane(terminal: Tty) -> None:
    terminal.echo = terminal.canonical = terminal.signals = terminal.crlf = True


def _show(process: Process, terminal: Tty, *, every: bool) -> None:
    process.print(
        "speed 38400 baud; "
        + (f"rows {terminal.rows}; columns {terminal.columns}; line = 0;" if every else "line = 0;")
    )
    settings = (
        ("icanon", terminal.canonical),
        ("isig", terminal.signals),
        ("echo", terminal.echo),
        ("opost", terminal.crlf),
    )
    process.print(" ".join(name if on else f"-{name}" for name, on in settings if every or not on), end="")
    process.print()
