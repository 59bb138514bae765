"""pwd: the working directory (POSIX.1-2017, pwd), for those who run it without a shell."""

from __future__ import annotations

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.program import BUSYBOX, GNU, Style


def pwd(process: Process) -> Steps:
    return _pwd(process, BUSYBOX)
    yield


def gnu_pwd(process: Process) -> Steps:
    return _pwd(process, GNU)
    yield


def _pwd(process: Process, style: Style) -> int:
    style.options(process, "LP", long={"logical": "L", "physical": "P"} if style.gnu else {})
    process.print(process.cwd)
    return 0
