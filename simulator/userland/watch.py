"""watch: runs a command again and again and shows what it prints (watch(1)). Left out: highlighting of differences."""

from __future__ import annotations

from simulator.clock import S, Steps
from simulator.kernel.process import Process
from simulator.userland.date import formatted
from simulator.userland.getopt import Options
from simulator.userland.program import BUSYBOX, Style, duration_from_text
from simulator.userland.usage_watch import USAGE

PROCPS = Style("gnu")
LONG = {
    "interval=": "n", "no-title": "t", "differences=?": "d", "beep": "b", "errexit": "e", "chgexit": "g", "exec": "x",
    "color": "c", "precise": "p",
}  # fmt: skip
DEFAULT = "2"
WIDTH = 80
SHORTEST = S // 10


def watch(process: Process) -> Steps:
    given = BUSYBOX.options(process, "n:t", permute=False)
    if not given.operands:
        BUSYBOX.refuse(process)
    return (yield from _watch(process, BUSYBOX, given))


def gnu_watch(process: Process) -> Steps:
    given = PROCPS.options(process, "n:td::begxcp", long=LONG, permute=False)
    if not given.operands:
        process.error(USAGE)
        return 1
    return (yield from _watch(process, PROCPS, given))


def _watch(process: Process, style: Style, given: Options) -> Steps:
    text = given.get("n", DEFAULT)
    interval = duration_from_text(text)
    if interval is None:
        return style.complain(
            process, f"failed to parse argument: '{text}'" if style.gnu else f"invalid number '{text}'"
        )
    interval = max(interval, SHORTEST)
    argv = given.operands if "x" in given else ["sh", "-c", " ".join(given.operands)]
    while True:
        process.print("\x1b[H\x1b[J", end="")
        if "t" not in given:
            process.print(_title(process, style, interval, " ".join(given.operands)) + "\n")
        child = process.spawn(argv)
        status: int = yield child.exited
        if status and "e" in given:
            return status
        yield process.sleep(interval)


def _title(process: Process, style: Style, interval: int, command: str) -> str:
    """Every 2.0s: ls ... and at the right edge the time."""
    now = process.clock.at(process.clock.wall())
    moment = formatted("%a %b %e %H:%M:%S %Y" if style.gnu else "%Y-%m-%d %H:%M:%S", now)
    right = f"{process.uts.hostname}: {moment}" if style.gnu else moment
    left = f"Every {interval // S}.{interval % S // (S // 10)}s: {command}"
    width = process.tty.columns if process.tty else WIDTH
    return left[: width - len(right) - 1].ljust(width - len(right)) + right
