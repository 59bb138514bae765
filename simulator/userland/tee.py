"""tee: standard input to standard output and to files (POSIX.1-2017, tee)."""

from __future__ import annotations

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.program import BUSYBOX, CHUNK, GNU, Style, strerror

LONG = {"append": "a", "ignore-interrupts": "i"}


def tee(process: Process) -> Steps:
    return (yield from _tee(process, BUSYBOX))


def gnu_tee(process: Process) -> Steps:
    return (yield from _tee(process, GNU))


def _tee(process: Process, style: Style) -> Steps:
    given = style.options(process, "aip" if style.gnu else "ai", long=LONG)
    files, status = [process.stdout], 0
    for path in given.operands:
        try:
            files.append(process.open(path, "a" if "a" in given else "w"))
        except OSError as failure:
            status = style.complain(process, f"{path}: {strerror(failure)}")
    while chunk := (yield process.stdin.read(CHUNK)):
        for file in files:
            file.write(chunk)
        yield process.stdout.drain()
    return status
