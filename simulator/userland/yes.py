"""yes: a line again and again, until nobody reads it."""

from __future__ import annotations

from simulator.clock import MS, Steps
from simulator.kernel.process import Process
from simulator.userland.program import encode

BLOCK = 4096  # bytes written at once


def yes(process: Process) -> Steps:
    line = encode(" ".join(process.argv[1:] or ["y"]) + "\n")
    block = line * max(1, BLOCK // len(line))
    while True:
        process.write(block)
        yield process.sleep(MS)
        yield process.stdout.drain()


gnu_yes = yes
