"""What docklab does not simulate says so: editors need a screen, and of disks and processor time there are no figures."""

from __future__ import annotations

from simulator.clock import Steps
from simulator.kernel.process import Process


def editor(process: Process) -> Steps:
    name = process.argv[0].rpartition("/")[2]
    process.error(f"docklab does not simulate {name}; use `cat > file` or `echo text > file`")
    return 1
    yield


def unsimulated(process: Process) -> Steps:
    process.error(f"docklab does not simulate {process.argv[0].rpartition('/')[2]}")
    return 1
    yield
