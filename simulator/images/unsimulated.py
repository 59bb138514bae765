"""Stands where a real image has a program that docklab does not simulate: it says so, and never pretends."""

from __future__ import annotations

from simulator.clock import Steps
from simulator.kernel.process import Process


def unsimulated(process: Process) -> Steps:
    process.error(f"docklab does not simulate {process.argv[0].rpartition('/')[2]}")
    return 1
    yield


REFERENCE = "simulator.images.unsimulated:unsimulated"
