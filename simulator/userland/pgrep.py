"""pgrep, pkill, pidof, killall: finds processes by name (procps' pgrep(1), sysvinit's pidof(8), psmisc's killall(1))."""

from __future__ import annotations

import posixpath
import re

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.kernel.signals import SIGTERM, number_from_text
from simulator.userland.getopt import Options
from simulator.userland.program import BUSYBOX, GNU, Style, visible_processes
from simulator.userland.ps.columns import command, short_name

LONG = {
    "full": "f", "list-name": "l", "exact": "x", "list-full": "a", "newest": "n", "oldest": "o", "count": "c",
    "delimiter=": "d", "inverse": "v",
}  # fmt: skip
FOUND, NOT_FOUND, MISUSED, FATAL = 0, 1, 2, 3


def pgrep(process: Process) -> Steps:
    return _grep(process)
    yield


gnu_pgrep = gnu_pkill = pkill = pgrep


def _grep(process: Process) -> int:
    """Prints the numbers of the processes whose name matches, or sends them a signal (pkill)."""
    name = posixpath.basename(process.argv[0])
    signal, words = _signal(process.argv[1:]) if name == "pkill" else (SIGTERM, process.argv[1:])
    given = GNU.options(process, "flaxvnocd:u:P:ei", long=LONG, status=MISUSED, argv=[process.argv[0], *words])
    pattern = _pattern(process, name, given)
    if pattern is None:
        return MISUSED
    rows = _matching(process, given, pattern)
    if name == "pkill":
        for _, other in rows:
            other.kill(signal)
    elif "c" in given:
        process.print(str(len(rows)))
    elif rows:
        process.print(given.get("d", "\n").join(_row(given, pid, other) for pid, other in rows))
    return FOUND if rows else NOT_FOUND


def _pattern(process: Process, name: str, given: Options) -> re.Pattern[str] | None:
    if len(given.operands) != 1:
        told = "only one pattern can be provided" if given.operands else "no matching criteria specified"
        process.error(f"{name}: {told}\nTry `{name} --help' for more information.")
        return None
    try:
        return re.compile(given.operands[0], re.IGNORECASE if "i" in given else 0)
    except re.error:
        process.error(f"{name}: Invalid preceding regular expression")
        return None


def _matching(process: Process, given: Options, pattern: re.Pattern[str]) -> list[tuple[int, Process]]:
    matches = pattern.fullmatch if "x" in given else pattern.search
    named = command if "f" in given else short_name
    rows = [
        (pid, other)
        for pid, other in visible_processes(process).items()
        if other is not process and bool(matches(named(other))) != ("v" in given)
    ]
    return rows[-1:] if "n" in given else rows[:1] if "o" in given else rows


def _row(given: Options, pid: int, other: Process) -> str:
    if "a" in given:
        return f"{pid} {command(other)}"
    return f"{pid} {short_name(other)}" if "l" in given else str(pid)


def _signal(words: list[str]) -> tuple[int, list[str]]:
    """The signal that a word like -9, -KILL or -s KILL names, and the other words."""
    if words and words[0] in ("-s", "--signal") and len(words) > 1:
        return number_from_text(words[1]) or SIGTERM, words[2:]
    if words and words[0].startswith("-"):
        number = number_from_text(words[0][1:])
        if number is not None:
            return number, words[1:]
    return SIGTERM, words


def _named(process: Process, name: str) -> list[tuple[int, Process]]:
    """Processes of this program, the newest first."""
    wanted = posixpath.basename(name)[:15]
    rows = [(pid, other) for pid, other in visible_processes(process).items() if other is not process]
    return [(pid, other) for pid, other in reversed(rows) if short_name(other) == wanted]


def pidof(process: Process) -> Steps:
    given = BUSYBOX.options(process, "so:")
    omitted = {process.local_pid if text == "%PPID" else int(text) for text in given.all("o") if text.isdigit()}
    pids = [str(pid) for name in given.operands for pid, _ in _named(process, name) if pid not in omitted]
    pids = pids[:1] if "s" in given else pids
    if pids:
        process.print(" ".join(pids))
    return FOUND if pids else NOT_FOUND
    yield


gnu_pidof = pidof


def killall(process: Process) -> Steps:
    return _killall(process, BUSYBOX)
    yield


def gnu_killall(process: Process) -> Steps:
    return _killall(process, GNU)
    yield


def _killall(process: Process, style: Style) -> int:
    signal, words = _signal(process.argv[1:])
    given = style.options(process, "qliIewr", argv=[process.argv[0], *words])
    if not given.operands:
        style.refuse(process, "" if not style.gnu else "no process selection criteria")
    status = 0
    for name in given.operands:
        rows = _named(process, name)
        for _, other in rows:
            other.kill(signal)
        if not rows:
            status = 1
            if "q" not in given:
                told = (
                    f"{name}: no process found" if style.gnu else f"{style.program(process)}: {name}: no process killed"
                )
                process.error(told)
    return status
