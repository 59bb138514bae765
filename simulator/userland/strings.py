"""strings: the printable runs in files (strings(1))."""

from __future__ import annotations

import re

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.inputs import each_file
from simulator.userland.program import BUSYBOX

SHORTEST = "4"


def strings(process: Process) -> Steps:
    given = BUSYBOX.options(process, "afon:t:")
    least = given.get("n", SHORTEST)
    if not least.isdigit() or int(least) < 1:
        return BUSYBOX.complain(process, f"invalid number '{least}'")
    base = {"x": "x", "o": "o", "d": "d"}.get(given.get("t", "o" if "o" in given else ""), "")

    def show(data: bytes, path: str) -> None:
        for found in re.finditer(rb"[\t -~]{%d,}" % int(least), data):
            name = f"{path}: " if "f" in given else ""
            offset = f"{found.start():7{base}} " if base else ""
            process.print(f"{name}{offset}{found.group().decode('ascii')}")

    return (yield from each_file(process, given.operands, BUSYBOX, show))
