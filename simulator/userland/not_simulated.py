"""Editors: they need a screen that docklab does not draw, so they say what to do instead."""

from __future__ import annotations

from simulator.clock import Steps
from simulator.kernel.process import Process


def editor(process: Process) -> Steps:
    name = process.argv[0].rpartition("/")[2]
    process.error(f"docklab does not simulate {name}; use `cat > file` or `echo text > file`")
    return 1
    yield
