"""touch, truncate: make files, set their times and sizes."""

from __future__ import annotations

import re

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.date import moment_from_text
from simulator.userland.program import BUSYBOX, GNU, Style, strerror

LONG = {"no-create": "c", "date=": "d", "reference=": "r", "time=": "T"}
SIZE = re.compile(r"([-+]?)(\d+)([kKMG]?)")
SCALE = {"": 1, "k": 1024, "K": 1024, "M": 1024**2, "G": 1024**3}


def touch(process: Process) -> Steps:
    return (yield from _touch(process, BUSYBOX))


def gnu_touch(process: Process) -> Steps:
    return (yield from _touch(process, GNU))


def _touch(process: Process, style: Style) -> Steps:
    given = style.options(process, "acmd:r:t:h", long=LONG)
    if not given.operands:
        style.refuse(process, "missing file operand" if style.gnu else "")
    wall = None
    if "d" in given:
        wall = moment_from_text(given.get("d"), process.clock.at(process.clock.wall()))
        if wall is None:
            shown = f"invalid date format ‘{given.get('d')}’" if style.gnu else f"invalid date '{given.get('d')}'"
            return style.complain(process, shown)
    status = 0
    for path in given.operands:
        full = process.path(path)
        if "c" in given and not process.disk.exists(full):
            continue
        try:
            process.disk.touch(full, wall=wall)
        except OSError as failure:
            shown = f"cannot touch '{path}'" if style.gnu else path
            status = style.complain(process, f"{shown}: {strerror(failure)}")
    return status
    yield


def truncate(process: Process) -> Steps:
    return (yield from _truncate(process, BUSYBOX))


def gnu_truncate(process: Process) -> Steps:
    return (yield from _truncate(process, GNU))


def _truncate(process: Process, style: Style) -> Steps:
    given = style.options(process, "cs:", long={"size=": "s", "no-create": "c"})
    found = SIZE.fullmatch(given.get("s"))
    if found is None or not given.operands:
        style.refuse(process, "you must specify either ‘--size’ or ‘--reference’" if style.gnu else "")
    for path in given.operands:
        full = process.path(path)
        data = process.disk.read(full, process) if process.disk.exists(full) else b""
        size = int(found.group(2)) * SCALE[found.group(3)]
        size = {"": size, "+": len(data) + size, "-": max(0, len(data) - size)}[found.group(1)]
        process.disk.write(full, data[:size].ljust(size, b"\0"), process=process)
    return 0
    yield
