"""What stands below a figure: the same frames built once by scapy alone, as many bare events of simpy, an empty process.

All times here are process time, so that a machine with other work does not change the ratios much.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import simpy

from simulator.clock import Clock
from simulator.kernel.packet import Frame
from simulator.trace import FrameSent, Trace

Benchmark = Any
Layers = list[tuple[type, dict[str, Any]]]


def describe(benchmark: Benchmark, what: str, *, floor: str = "", bar: str = "") -> None:
    """Names a row of the report. A figure says its bar, a floor what it is; `what` joins the two."""
    benchmark.group = what
    benchmark.extra_info.update({"floor": floor, "bar": bar})


class Bare:
    """The frames that a run sent and the events it had, without the model: called, it builds and fires them."""

    def __init__(self, frames: list[Frame], events: int) -> None:
        self._frames, self._events = [_layers(frame) for frame in frames], events
        self.text = f"scapy builds {len(frames)} frames, simpy fires {events} events"

    def __call__(self) -> None:
        for layers in self._frames:
            _build(layers)
        environment = simpy.Environment()
        for _ in range(self._events):
            environment.timeout(0)
        environment.run()


def bare(trace: Trace, clock: Clock, run: Callable[[], object]) -> Bare:
    """Runs something and keeps what it sent; a frame that crosses several devices counts once."""
    frames: dict[int, Frame] = {}
    events = 0
    schedule = clock.schedule

    def counted(*arguments: Any, **options: Any) -> None:
        nonlocal events
        events += 1
        schedule(*arguments, **options)

    unsubscribe = trace.subscribe(lambda record: frames.setdefault(id(record.frame), record.frame), FrameSent)
    clock.schedule = counted  # type: ignore[method-assign]
    try:
        run()
    finally:
        clock.schedule = schedule  # type: ignore[method-assign]
        unsubscribe()
    return Bare(list(frames.values()), events)


def _layers(frame: Frame) -> Layers:
    found: Layers = []
    layer = frame.wire
    while layer:
        found.append((type(layer), dict(layer.fields)))
        layer = layer.payload
    return found


def _build(layers: Layers) -> object:
    """The layers from nothing, joined without the copies that scapy's `/` makes."""
    made = [kind(**fields) for kind, fields in layers]
    for above, below in pairwise(made):
        above.add_payload(below)
    return made[0]


def child_time() -> float:
    """Process time of all children that have ended: a timer for benchmarks of whole processes."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def process(*arguments: str) -> Callable[[], None]:
    """Runs Python with these arguments to its end. Bytecode is kept, as it is where docklab is installed."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def run() -> None:
        subprocess.run(
            [sys.executable, *arguments], stdin=subprocess.DEVNULL, capture_output=True, check=True, env=environment
        )

    return run
