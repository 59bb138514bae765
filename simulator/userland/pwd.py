"""pwd: the working directory (pwd(1)); what the shells have built in, as a program."""

from __future__ import annotations

from simulator.clock import Steps
from simulator.kernel.process import Process


def pwd(process: Process) -> Steps:
    process.print(process.cwd)
    return 0
    yield
