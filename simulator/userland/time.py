"""time: how long a command takes (time(1)). Processor time is what a lab does not have: it is always none."""

from __future__ import annotations

import errno

from simulator.clock import MS, Steps
from simulator.kernel.process import Process
from simulator.userland.getopt import Options
from simulator.userland.program import BUSYBOX, GNU, Style, signal_text, strerror

CANNOT_RUN, NOT_FOUND, MISUSED = 126, 127, 125


def time(process: Process) -> Steps:
    return (yield from _time(process, BUSYBOX, BUSYBOX.options(process, "vpao:f:", permute=False)))


def gnu_time(process: Process) -> Steps:
    long = {"portability": "p", "verbose": "v", "output=": "o", "append": "a", "format=": "f"}
    return (yield from _time(process, GNU, GNU.options(process, "vpao:f:q", long=long, permute=False, status=MISUSED)))


def _time(process: Process, style: Style, given: Options) -> Steps:
    if not given.operands:
        style.refuse(process, "missing program to run" if style.gnu else "", status=MISUSED if style.gnu else 1)
    began = int(process.clock.now)
    try:
        child = process.spawn(given.operands)
    except OSError as failure:
        told = f"cannot run {given.operands[0]}" if style.gnu else f"can't execute '{given.operands[0]}'"
        return style.complain(
            process, f"{told}: {strerror(failure)}", NOT_FOUND if failure.errno == errno.ENOENT else CANNOT_RUN
        )
    status: int = yield child.exited
    hundredths = (int(process.clock.now) - began) // (10 * MS)
    lines = [_report(style, given, hundredths)]
    if child.killed_by:
        lines.insert(
            0, f"Command terminated by signal {child.killed_by}" if style.gnu else signal_text(child.killed_by)
        )
    elif status and style.gnu and "p" not in given:
        lines.insert(0, f"Command exited with non-zero status {status}")
    if "o" in given:
        process.open(given.get("o"), "a" if "a" in given else "w").write(("\n".join(lines) + "\n").encode())
    else:
        process.error("\n".join(lines))
    return status


def _report(style: Style, given: Options, hundredths: int) -> str:
    minutes, seconds, fraction = hundredths // 6000, hundredths // 100 % 60, hundredths % 100
    if "f" in given:
        words = {"%e": f"{hundredths // 100}.{fraction:02d}", "%E": f"{minutes}:{seconds:02d}.{fraction:02d}",
                 "%U": "0.00", "%S": "0.00", "%P": "0%", "%M": "0", "\\n": "\n", "\\t": "\t"}  # fmt: skip
        text = given.get("f")
        for letter, value in words.items():
            text = text.replace(letter, value)
        return text
    if "p" in given:
        return f"real {hundredths // 100}.{fraction:02d}\nuser 0.00\nsys 0.00"
    if not style.gnu:
        return f"real\t{minutes}m {seconds}.{fraction:02d}s\nuser\t0m 0.00s\nsys\t0m 0.00s"
    return (
        f"0.00user 0.00system {minutes}:{seconds:02d}.{fraction:02d}elapsed 0%CPU (0avgtext+0avgdata 0maxresident)k\n"
        "0inputs+0outputs (0major+0minor)pagefaults 0swaps"
    )
