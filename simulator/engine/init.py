"""docker-init, the first process of a container made with --init: it runs the program and hands signals on to it.

Mirrors tini. Reaping of orphans is the kernel's here.
"""

from __future__ import annotations

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.kernel.running import Program
from simulator.kernel.signals import NAMES, SIGCHLD, SIGKILL, SIGSTOP

PATH = "/sbin/docker-init"

_KEPT = frozenset({SIGCHLD, SIGKILL, SIGSTOP})


def around(program: Program, argv: list[str]) -> Program:
    """The init process for a program that is found already."""

    def docker_init(process: Process) -> Steps:
        child = process.spawn(argv, program=program, group=0)
        for signal in sorted(NAMES.keys() - _KEPT):
            process.signals.handle(signal, child.kill)
        if process.tty:
            process.tty.foreground = child.group
        return (yield child.exited)

    return docker_init
