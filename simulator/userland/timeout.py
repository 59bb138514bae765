"""timeout: runs a command for so long and no longer (timeout(1))."""

from __future__ import annotations

import errno

import simpy

from simulator.clock import US, Event, Steps
from simulator.kernel.process import Process
from simulator.kernel.signals import SIGKILL, SIGTERM
from simulator.userland.getopt import Options
from simulator.userland.kill import signal_number
from simulator.userland.program import BUSYBOX, GNU, Style, duration_from_text, strerror

LONG = {"signal=": "s", "kill-after=": "k", "preserve-status": "p", "foreground": "f", "verbose": "v"}
TIMED_OUT, FAILED, CANNOT_RUN, NOT_FOUND = 124, 125, 126, 127
START = 300 * US


def timeout(process: Process) -> Steps:
    return (yield from _timeout(process, BUSYBOX))


def gnu_timeout(process: Process) -> Steps:
    return (yield from _timeout(process, GNU))


def _timeout(process: Process, style: Style) -> Steps:
    given = style.options(
        process, "s:k:" + ("pfv" if style.gnu else ""), long=LONG if style.gnu else {}, permute=False,
        status=FAILED if style.gnu else 1,
    )  # fmt: skip
    if len(given.operands) < 2:
        style.refuse(process, status=FAILED if style.gnu else 1)
    limit = _duration(process, style, given.operands[0])
    after = _duration(process, style, given.get("k")) if "k" in given else 0
    signal = signal_number(given.get("s", "TERM"))
    if signal is None:
        if style.gnu:
            style.refuse(process, f"‘{given.get('s')}’: invalid signal", status=FAILED)
        return style.complain(process, f"unknown signal '{given.get('s')}'")
    command = given.operands[1:]
    try:
        if style.gnu:
            return (yield from _watch(process, given, process.spawn(command), (limit, after, signal)))
        return (yield from _become(process, command, (limit, after, signal)))
    except OSError as failure:
        return _cannot_run(process, style, command[0], failure)


def _become(process: Process, command: list[str], settings: tuple[int, int, int]) -> Steps:
    """busybox: the process itself becomes the command, and a child it left behind kills it."""
    limit, after, signal = settings
    timers = [process.clock.after(limit, process.kill, signal)] if limit else []
    if limit and after:
        timers.append(process.clock.after(limit + after, process.kill, SIGKILL))
    assert process.exited.callbacks is not None

    def over(_: Event) -> None:
        for timer in timers:
            timer.cancel()

    process.exited.callbacks.append(over)
    yield from process.execute(command)


def _watch(process: Process, given: Options, child: Process, settings: tuple[int, int, int]) -> Steps:
    """GNU: the command is a child, and the status tells whether it ran out of time."""
    limit, after, signal = settings
    child.signals.inherit(process.signals)
    process.signals.handle(SIGTERM, child.kill)
    yield process.sleep(START)
    yield simpy.AnyOf(process.clock, [child.exited, process.sleep(limit)]) if limit else child.exited
    if child.status is not None:
        return child.status
    child.kill(signal)
    if after and child.status is None:
        yield simpy.AnyOf(process.clock, [child.exited, process.sleep(after)])
        if child.status is None:
            child.kill(SIGKILL)
    status = yield child.exited
    if "p" in given:
        return status
    if child.killed_by == SIGKILL:
        process.kill(SIGKILL)
        yield process.sleep(0)
    return TIMED_OUT


def _duration(process: Process, style: Style, text: str) -> int:
    duration = duration_from_text(text)
    if duration is None:
        if style.gnu:
            style.refuse(process, f"invalid time interval ‘{text}’", status=FAILED)
        style.complain(process, f"invalid number '{text}'")
        process.exit(1)
    return duration


def _cannot_run(process: Process, style: Style, name: str, failure: OSError) -> int:
    status = NOT_FOUND if failure.errno == errno.ENOENT else CANNOT_RUN
    if style.gnu:
        return style.complain(process, f"failed to run command ‘{name}’: {strerror(failure)}", status)
    return style.complain(process, f"can't execute '{name}': {strerror(failure)}", status)
