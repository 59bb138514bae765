"""How long docklab takes to start, beside what Python, simpy and scapy take to be imported."""

from __future__ import annotations

import time

import pytest

from simulator import Lab
from tests.benchmarks.floors import Benchmark, child_time, describe, process

# What is started, with which arguments; what its floor runs, what that is called; the bar.
PROCESSES: dict[str, tuple[tuple[str, ...], str, str, str]] = {
    "docklab --help": (
        ("-m", "simulator", "--help"),
        "import simpy, rich.console",
        "import simpy, rich.console",
        "1.0 x",
    ),
    "docklab shell, until the shell waits for a line": (
        ("-m", "simulator", "shell"),
        "import simpy, simulator.kernel.packet.scapy_layers, prompt_toolkit",
        "import simpy, scapy's layers, prompt_toolkit",
        "0.5 s",
    ),
    "docklab play --plain, all lessons": (
        ("-m", "simulator", "play", "--plain"),
        "import simpy, simulator.kernel.packet.scapy_layers",
        "import simpy, scapy's layers",
        "0.6 s",
    ),
    "docklab": (("-m", "simulator"), "pass", "an empty Python", ""),
}


@pytest.mark.parametrize("what", PROCESSES)
@pytest.mark.benchmark(timer=child_time)
def test_a_process(benchmark: Benchmark, what: str) -> None:
    arguments, _, _, bar = PROCESSES[what]
    describe(benchmark, what, bar=bar)
    benchmark.pedantic(process(*arguments), rounds=7, warmup_rounds=1)


@pytest.mark.parametrize("what", PROCESSES)
@pytest.mark.benchmark(timer=child_time)
def test_the_floor_of_a_process(benchmark: Benchmark, what: str) -> None:
    _, program, floor, _ = PROCESSES[what]
    describe(benchmark, what, floor=floor)
    benchmark.pedantic(process("-c", program), rounds=7, warmup_rounds=1)


@pytest.mark.benchmark(timer=time.process_time)
def test_a_lab(benchmark: Benchmark) -> None:
    describe(benchmark, "a fresh lab, as the fixture `lab` makes it")
    benchmark(Lab)
