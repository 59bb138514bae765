"""uptime: how long the machine has been up (uptime(1)). A lab's machines boot when it begins, and are never busy."""

from __future__ import annotations

from simulator.clock import S, Steps
from simulator.kernel.process import Process
from simulator.userland.date import formatted
from simulator.userland.program import BUSYBOX, Style

PROCPS = Style("gnu")
LOAD = "load average: 0.00, 0.00, 0.00"


def uptime(process: Process) -> Steps:
    BUSYBOX.options(process, "")
    process.print(line(process, users="0 users"))
    return 0
    yield


def gnu_uptime(process: Process) -> Steps:
    given = PROCPS.options(process, "ps", long={"pretty": "p", "since": "s"})
    if "p" in given:
        process.print("up " + _pretty(process))
    elif "s" in given:
        process.print(formatted("%Y-%m-%d %H:%M:%S", process.clock.at(process.clock.start)))
    else:
        process.print(line(process, users="0 user"))
    return 0
    yield


def _seconds(process: Process) -> int:
    return int(process.clock.now) // S


def line(process: Process, *, users: str) -> str:
    """The line that uptime prints and w begins with."""
    days, rest = divmod(_seconds(process), 86400)
    hours, minutes = rest // 3600, rest % 3600 // 60
    day = f"{days} day{'s' if days > 1 else ''}, " if days else ""
    since = f"{hours:2d}:{minutes:02d}" if hours else f"{minutes} min"
    now = formatted("%H:%M:%S", process.clock.at(process.clock.wall()))
    return f" {now} up {day}{since},  {users},  {LOAD}"


def _pretty(process: Process) -> str:
    seconds = _seconds(process)
    amounts = (("week", seconds // 604800), ("day", seconds // 86400 % 7), ("hour", seconds // 3600 % 24))
    parts = [f"{count} {unit}{'s' if count > 1 else ''}" for unit, count in amounts if count]
    minutes = seconds // 60 % 60
    if minutes or not parts:
        parts.append(f"{minutes} minute{'s' if minutes != 1 else ''}")
    return ", ".join(parts)
