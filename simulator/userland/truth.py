"""true, false, sync: programs that only have a status."""

from __future__ import annotations

from simulator.clock import Steps
from simulator.kernel.process import Process


def true(process: Process) -> Steps:
    return 0
    yield


def false(process: Process) -> Steps:
    return 1
    yield
