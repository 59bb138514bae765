"""What the engine's requests cost, beside the frames that they send and the events that they have."""

from __future__ import annotations

import time

import pytest

from simulator import Lab
from tests.benchmarks.floors import Benchmark, bare, describe

COMMANDS = {
    "docker run and docker rm": "docker run -d --name c1 alpine sleep 1000 && docker rm -f c1",
    "docker network create and rm": "docker network create n1 && docker network rm n1",
    "docker exec": "docker exec web true",
    "docker ps": "docker ps",
}


def lab() -> Lab:
    made = Lab()
    assert made.run("docker run -d --name web httpd").status == 0
    return made


@pytest.mark.parametrize("what", COMMANDS)
@pytest.mark.benchmark(timer=time.process_time)
def test_a_command(benchmark: Benchmark, what: str) -> None:
    describe(benchmark, what)
    here = lab()
    result = benchmark(lambda: here.run(COMMANDS[what]))
    assert result.status == 0


@pytest.mark.parametrize("what", ("docker run and docker rm", "docker exec"))  # the others send nothing
@pytest.mark.benchmark(timer=time.process_time)
def test_the_floor_of_a_command(benchmark: Benchmark, what: str) -> None:
    here = lab()
    here.run(COMMANDS[what])
    floor = bare(here.trace, here.clock, lambda: here.run(COMMANDS[what]))
    describe(benchmark, what, floor=floor.text)
    benchmark(floor)
