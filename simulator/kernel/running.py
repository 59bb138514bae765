"""A program while it runs: a generator that sleeps by yielding events, is told how they ended, and ends itself.

A signal that it catches is raised where it sleeps; any other kills it there. See signal(7), wait(2), and for the
freezer cgroups(7).
"""

from __future__ import annotations

from collections.abc import Callable
from types import GeneratorType
from typing import TYPE_CHECKING, Any

import simpy

from simulator.clock import Steps
from simulator.kernel.sigaction import Disposition
from simulator.kernel.signals import SIGPIPE, SIGSEGV

if TYPE_CHECKING:
    from simulator.kernel.process import Process

Program = Callable[["Process"], Steps]


class Signalled(Exception):
    """A signal that the program catches; raised where it sleeps."""

    def __init__(self, signal: int) -> None:
        super().__init__(signal)
        self.signal = signal


class Exit(Exception):
    """Ends the process with a status, from any depth."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def over(steps: Steps) -> Steps:
    """Hands over to another part of the program and goes on with what that returns, or raises.

    What hands over is put aside: a program may call itself as often as its memory allows, however small Python's stack is.
    """
    return (yield steps)  # type: ignore[misc]


def drive(process: Process, program: Program) -> Steps:
    """Runs the program and turns every way to end into an exit status."""
    status = 0
    try:
        status = (yield from _run(process, program(process))) or 0
    except Exit as end:
        status = end.status
    except Signalled as end:
        process.killed_by = end.signal
        status = 128 + end.signal
    except BrokenPipeError:
        process.killed_by = SIGPIPE
        status = 128 + SIGPIPE
    except OSError as failure:
        status = 1
        _complain(process, failure)
    except RecursionError:  # the program's stack has overflowed
        process.killed_by = SIGSEGV
        status = 128 + SIGSEGV
    finally:
        if process.doomed is not None:  # it was sent before the end, even if it comes after
            process.killed_by, status = process.doomed, 128 + process.doomed
        process.end(status)


def _run(process: Process, steps: Steps) -> Steps:
    """Hands each event's outcome to the program, and holds it back while the process may not run."""
    jobctl = process.jobctl
    value: Any = None
    failure: BaseException | None = None
    above: list[Steps] = []  # what has handed over, outermost first
    while True:
        try:
            event = steps.send(value) if failure is None else steps.throw(failure)
        except StopIteration as end:
            if not above:
                return end.value
            steps, value, failure = above.pop(), end.value, None
            continue
        except Exception as raised:  # whoever handed over is told
            if not above:
                raise
            steps, value, failure = above.pop(), None, raised
            continue
        value = failure = None
        if isinstance(event, GeneratorType):
            above.append(steps)
            steps = event
            continue
        try:
            value = yield event
        except simpy.Interrupt as interrupt:
            failure = _signalled(process, interrupt.cause, [*above, steps])
        except Exception as refused:  # an event that failed: the program is told, as by errno
            failure = refused
        if jobctl.held:
            failure = (yield from _held(process, [*above, steps])) or failure


def _held(process: Process, parts: list[Steps]) -> Steps:
    """Sleeps until the process may run again; what to raise in the program then, if a signal came meanwhile."""
    failure = None
    while held := process.jobctl.held:
        try:
            yield held.wait()
        except simpy.Interrupt as interrupt:
            failure = _signalled(process, interrupt.cause, parts)
    return failure


def _signalled(process: Process, signal: Any, parts: list[Steps]) -> Signalled:
    """What to raise in the program, if it catches the signal; else the program ends here, its innermost part first."""
    if process.signals.of(signal) is not Disposition.CAUGHT:
        for steps in reversed(parts):
            steps.close()
        raise Signalled(signal)
    return Signalled(signal)


def _complain(process: Process, failure: OSError) -> None:
    try:
        process.error(f"{process.argv[0]}: {failure.strerror}")
    except OSError:
        return  # nobody reads standard error either
