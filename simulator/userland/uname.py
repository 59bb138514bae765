"""uname, arch, nproc: what the machine is."""

from __future__ import annotations

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.program import BUSYBOX, GNU, Style

PROCESSORS = 2
LONG = {"all": "a", "kernel-name": "s", "nodename": "n", "kernel-release": "r", "kernel-version": "v", "machine": "m",
        "processor": "p", "hardware-platform": "i", "operating-system": "o"}  # fmt: skip
ORDER = "snrvmpio"


def uname(process: Process) -> Steps:
    return (yield from _uname(process, BUSYBOX))


def gnu_uname(process: Process) -> Steps:
    return (yield from _uname(process, GNU))


def _uname(process: Process, style: Style) -> Steps:
    given = style.options(process, "asnrvmpio", long=LONG)
    if given.operands:
        style.refuse(process, f"extra operand ‘{given.operands[0]}’" if style.gnu else "")
    version = process.machine.version
    values = {
        "s": "Linux",
        "n": process.uts.hostname,
        "r": version.kernel,
        "v": version.kernel_build,
        "m": "x86_64",
        "p": "unknown",
        "i": "unknown",
        "o": "GNU/Linux",
    }
    if "a" in given:
        letters = "snrvmo"
    else:
        letters = "".join(letter for letter in ORDER if letter in given) or "s"
    process.print(" ".join(values[letter] for letter in letters))
    return 0
    yield


def arch(process: Process) -> Steps:
    process.print("x86_64")
    return 0
    yield


def nproc(process: Process) -> Steps:
    process.print(str(PROCESSORS))
    return 0
    yield


gnu_arch, gnu_nproc = arch, nproc
