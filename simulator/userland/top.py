"""top: the processes in sight, again and again (busybox's procps/top.c). The machine idles, whatever runs on it.

Left out: threads, sorting by key, the memory view (`s`).
"""

from __future__ import annotations

import simpy

from simulator.clock import S, Steps
from simulator.kernel.process import Process
from simulator.kernel.tty import Tty
from simulator.userland.getopt import Options
from simulator.userland.program import BUSYBOX, visible_processes
from simulator.userland.ps.columns import COLUMNS

DEFAULT = "5"  # seconds between two looks
WIDTH, HEIGHT = 79, 24  # of what is shown where there is no terminal
SUMMARY = 3  # lines above the table
HEADING = "  PID  PPID USER     STAT   VSZ %VSZ %CPU COMMAND"
IDLE = "CPU:   0% usr   0% sys   0% nic 100% idle   0% io   0% irq   0% sirq"
HOME_AND_CLEAR, REVERSE, PLAIN = "\x1b[H\x1b[J", "\x1b[7m", "\x1b[m"
QUIT = (b"q", b"Q", b"\x03")


def top(process: Process) -> Steps:
    given = BUSYBOX.options(process, "d:n:bHm")
    interval, count = given.get("d", DEFAULT), given.get("n", "0")
    for number in (interval, count):
        if not number.isdecimal():
            return BUSYBOX.complain(process, f"invalid number '{number}'")
    terminal = process.tty if process.stdin.isatty and "b" not in given else None
    before = terminal.raw() if terminal is not None else None
    if terminal is not None:
        terminal.crlf = True
    yield from _watch(process, given, terminal, interval=max(int(interval), 1) * S, count=int(count))
    if terminal is not None and before is not None:
        terminal.restore(before)
    process.print()
    return 0


def _watch(process: Process, given: Options, terminal: Tty | None, *, interval: int, count: int) -> Steps:
    """Shows one screen after the other, until there were enough or a key ends it; at the end of input, for ever."""
    batch = "b" in given
    while True:
        process.print(_screen(process, terminal, batch=batch), end="\n" if batch else "\r")
        count -= 1
        if not count:
            return
        pause = process.sleep(interval)
        if terminal is None:
            yield pause
            continue
        yield simpy.AnyOf(process.clock, [pause, terminal.slave.wait_readable()])
        if terminal.slave.readable and terminal.slave.take(1) in QUIT:
            return


def _screen(process: Process, terminal: Tty | None, *, batch: bool) -> str:
    width = terminal.columns if terminal is not None else WIDTH
    height = terminal.rows if terminal is not None else HEIGHT
    rows = [_row(pid, other) for pid, other in visible_processes(process).items()]
    if batch:
        return "\n".join([*_summary(process), HEADING, *rows])
    shown = [line[:width] for line in rows[: height - SUMMARY - 2]]
    return HOME_AND_CLEAR + "\n".join([*_summary(process), f"{REVERSE}{HEADING}{PLAIN}", *shown])


def _summary(process: Process) -> list[str]:
    text = process.disk.read("/proc/meminfo", process).decode()
    memory = {line.partition(":")[0]: int(line.split()[1]) for line in text.splitlines()}
    total, unused, cached = memory["MemTotal"], memory["MemFree"], max(0, memory["MemAvailable"] - memory["MemFree"])
    load = process.disk.read("/proc/loadavg", process).decode().strip()
    return [
        f"Mem: {total - unused}K used, {unused}K free, 0K shrd, 0K buff, {cached}K cached",
        IDLE,
        f"Load average: {load}",
    ]


def _row(pid: int, other: Process) -> str:
    shown = {name: COLUMNS[name].show(pid, other) for name in ("ppid", "user", "stat", "vsz", "args")}
    return "{0:5}{ppid:>6} {user:<8.8} {stat:<4}{vsz:>6}   0%   0% {args}".format(pid, **shown)
