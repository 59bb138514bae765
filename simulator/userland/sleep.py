"""sleep, usleep: wait (POSIX.1-2017, sleep), with fractions and the suffixes s, m, h, d."""

from __future__ import annotations

from simulator.clock import US, Steps
from simulator.kernel.process import Process
from simulator.userland.program import BUSYBOX, GNU, Style, duration_from_text

FOREVER = 10**9 * 10**9  # `sleep infinity`


def sleep(process: Process) -> Steps:
    return (yield from _sleep(process, BUSYBOX))


def gnu_sleep(process: Process) -> Steps:
    return (yield from _sleep(process, GNU))


def _sleep(process: Process, style: Style) -> Steps:
    words = process.argv[1:]
    if style.gnu and words and words[0].startswith("-") and not words[0][1:2].isdigit() and words[0] != "--":
        style.options(process, "")
    words = [word for word in words if word != "--"]
    if not words:
        style.refuse(process, "missing operand" if style.gnu else "")
    total = 0
    for word in words:
        duration = FOREVER if word in ("infinity", "inf") else duration_from_text(word)
        if duration is None:
            if style.gnu:
                style.refuse(process, f"invalid time interval ‘{word}’")
            return style.complain(process, f"invalid number '{word}'")
        total += duration
    yield process.sleep(total)
    return 0


def usleep(process: Process) -> Steps:
    words = process.argv[1:]
    if len(words) != 1 or not words[0].isdigit():
        BUSYBOX.refuse(process)
    yield process.sleep(int(words[0]) * US)
    return 0
