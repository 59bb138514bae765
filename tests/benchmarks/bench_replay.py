"""What replay costs: the tutorial once more, and one line undone in a session of 200."""

from __future__ import annotations

import time

import pytest

from simulator.journal import Journal, Settings
from simulator.lesson import library
from simulator.lesson.player import transcript
from simulator.sandbox import Sandbox
from tests.benchmarks.floors import Benchmark, bare, describe

LINES = 200
# What somebody types who tries things out.
HABITS = (
    "docker run -d --name web{0} -p {1}:80 httpd",
    "docker ps",
    "curl -s localhost:{1}",
    "ping -c 1 172.17.0.2",
    "ip a",
    "docker network ls",
    "iptables -t nat -L -n",
    "docker exec web{0} hostname",
    "ls /etc",
    "docker rm -f web{0}",
)
UNDO = f"undo in a session of {LINES} lines"


def session() -> Sandbox:
    sandbox = Sandbox(Journal(Settings("20.10")))
    for number in range(LINES):
        turn, habit = divmod(number, len(HABITS))
        sandbox.run_line(HABITS[habit].format(turn, 8000 + turn))
    return sandbox


@pytest.mark.benchmark(timer=time.process_time)
def test_the_tutorial_once_more(benchmark: Benchmark) -> None:
    describe(benchmark, "the tutorial, in a process that has played it")
    lessons = [library.load(name, library.ORIGINAL) for name in library.names()]
    benchmark.pedantic(lambda: [transcript(lesson) for lesson in lessons], rounds=5, warmup_rounds=1)


@pytest.mark.benchmark(timer=time.process_time)
def test_undo(benchmark: Benchmark) -> None:
    describe(benchmark, UNDO, bar="0.3 s")
    sandbox = session()

    def setup() -> None:
        sandbox.go_to(LINES)

    benchmark.pedantic(sandbox.undo, setup=setup, rounds=5)
    assert len(sandbox.steps) == LINES - 1


@pytest.mark.benchmark(timer=time.process_time)
def test_the_floor_of_undo(benchmark: Benchmark) -> None:
    """A replay makes a new world: what that one sends is watched while a twin is typed into."""
    sandbox = Sandbox(Journal(Settings("20.10")))
    lines = [HABITS[number % len(HABITS)].format(*_turn(number)) for number in range(LINES - 1)]
    floor = bare(sandbox.lab.trace, sandbox.lab.clock, lambda: [sandbox.run_line(line) for line in lines])
    describe(benchmark, UNDO, floor=floor.text)
    benchmark.pedantic(floor, rounds=5)


def _turn(number: int) -> tuple[int, int]:
    return number // len(HABITS), 8000 + number // len(HABITS)
