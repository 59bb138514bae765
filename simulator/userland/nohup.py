"""nohup, nice, setsid: commands that a hangup does not end, that wait for others, or that are groups of their own.

There is no scheduler here: what nice asks for is kept nowhere.
"""

from __future__ import annotations

import errno

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.kernel.signals import SIGHUP
from simulator.userland.program import BUSYBOX, GNU, Style, strerror

CANNOT_RUN, NOT_FOUND, MISUSED = 126, 127, 125


def nohup(process: Process) -> Steps:
    given = GNU.options(process, "", permute=False, status=MISUSED)
    if not given.operands:
        GNU.refuse(process, "missing operand", status=MISUSED)
    notes = "ignoring input" if process.stdin.isatty else ""
    if process.stdin.isatty:
        process.set_file(0, process.open("/dev/null"))
    if process.stdout.isatty:
        process.set_file(1, process.open("nohup.out", "a"))
        notes += (" and " if notes else "") + "appending output to 'nohup.out'"
    if notes:
        process.error(f"nohup: {notes}")
    if process.stderr.isatty:
        process.set_file(2, process.stdout)
    process.signals.ignore(SIGHUP)
    return (yield from _become(process, GNU, given.operands))


def nice(process: Process) -> Steps:
    argv = [word if not word[1:].isdigit() else f"-n{word[1:]}" for word in process.argv]
    given = GNU.options(process, "n:", long={"adjustment=": "n"}, permute=False, status=MISUSED, argv=argv)
    if not given.operands:
        process.print("0")
        return 0
    return (yield from _become(process, GNU, given.operands))


def setsid(process: Process) -> Steps:
    given = BUSYBOX.options(process, "c", permute=False)
    if not given.operands:
        BUSYBOX.refuse(process)
    return (yield from _alone(process, BUSYBOX, given.operands))


def gnu_setsid(process: Process) -> Steps:
    given = GNU.options(process, "cfw", permute=False)
    if not given.operands:
        GNU.refuse(process, "no command specified")
    return (yield from _alone(process, GNU, given.operands))


def _alone(process: Process, style: Style, argv: list[str]) -> Steps:
    """A process group of its own, which the terminal's ^C does not reach."""
    process.sit_at(None, process.pid)
    return (yield from _become(process, style, argv))


def _become(process: Process, style: Style, argv: list[str]) -> Steps:
    name = style.program(process)
    try:
        yield from process.execute(argv)
    except OSError as failure:
        quoted = f"failed to run command '{argv[0]}'" if name == "nohup" else f"failed to execute {argv[0]}"
        quoted = f"'{argv[0]}'" if name == "nice" else quoted
        told = quoted if style.gnu else f"can't execute '{argv[0]}'"
        process.error(f"{name}: {told}: {strerror(failure)}")
        return NOT_FOUND if failure.errno == errno.ENOENT else CANNOT_RUN
    return 0
