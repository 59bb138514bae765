"""dmesg: the kernel's log (dmesg(1)). A container may not read it."""

from __future__ import annotations

from simulator.clock import US, S, Steps
from simulator.kernel.process import Process
from simulator.userland.date import formatted
from simulator.userland.program import BUSYBOX, GNU, Style

LONG = {"ctime": "T", "notime": "t", "clear": "C", "human": "H", "follow": "w", "level=": "l", "facility=": "f"}


def dmesg(process: Process) -> Steps:
    given = BUSYBOX.options(process, "cs:n:r")
    return _dmesg(process, BUSYBOX, style_of_time="", clear="c" in given)
    yield


def gnu_dmesg(process: Process) -> Steps:
    given = GNU.options(process, "TtCcHwkxrl:f:n:s:", long=LONG)
    return _dmesg(process, GNU, style_of_time=given.last_of("Tt"), clear="C" in given or "c" in given)
    yield


def _dmesg(process: Process, style: Style, *, style_of_time: str, clear: bool) -> int:
    if not process.may("SYSLOG"):
        told = "read kernel buffer failed" if style.gnu else "klogctl"
        return style.complain(process, f"{told}: Operation not permitted")
    for moment, text in process.machine.log:
        if style_of_time == "t":
            process.print(text)
        elif style_of_time == "T":
            process.print(
                f"[{formatted('%a %b %e %H:%M:%S %Y', process.clock.at(process.clock.start + moment))}] {text}"
            )
        else:
            process.print(f"[{moment // S:5d}.{moment % S // US:06d}] {text}")
    if clear:
        process.machine.log.clear()
    return 0
