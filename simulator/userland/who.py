"""w, who: who is logged in. Nobody is: terminals of a lab are no logins, as in a container."""

from __future__ import annotations

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.program import BUSYBOX, GNU
from simulator.userland.uptime import line


def who(process: Process) -> Steps:
    given = BUSYBOX.options(process, "aH")
    if "H" in given:
        process.print("USER\t\tTTY\t\tIDLE\tTIME\t\t HOST")
    return 0
    yield


def w(process: Process) -> Steps:
    BUSYBOX.options(process, "")
    process.print("USER\t\tTTY\t\tIDLE\tTIME\t\t HOST")
    return 0
    yield


def gnu_who(process: Process) -> Steps:
    given = GNU.options(process, "abdHlmpqrstTuw")
    if "q" in given:
        process.print("# users=0")
    elif "H" in given:
        process.print("NAME     LINE         TIME             COMMENT")
    return 0
    yield


def gnu_w(process: Process) -> Steps:
    given = GNU.options(process, "hufsoi", long={"no-header": "h", "short": "s"})
    if "h" not in given:
        process.print(line(process, users="0 user"))
        process.print("USER     TTY      FROM             LOGIN@   IDLE   JCPU   PCPU WHAT")
    return 0
    yield
