"""What one more costs beside N others: containers, networks, what is asked about them, and the memory of each.

`python -m pytest tests/benchmarks/bench_scale.py`; ten thousand containers take a minute or two to start. Each group
is one question, `extra_info["beside"]` is N; the cost is flat if a group's figures are.
"""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable
from time import process_time
from typing import Any

import pytest

from simulator import Lab

BESIDE = (10, 100, 1_000, 10_000)
ROUNDS = 20
PER_NETWORK = 1_000  # a bridge has 1023 ports
MEASURED = 200  # containers whose memory is measured


class Crowd:
    """A lab that grows."""

    def __init__(self) -> None:
        self.lab = Lab()
        self.containers = self.networks = 0

    def run(self, command: str) -> str:
        result = self.lab.run(command)
        assert result.status == 0, result.output
        return result.stdout

    def start(self, count: int) -> None:
        """Starts containers until there are so many."""
        while self.containers < count:
            number, self.containers = self.containers, self.containers + 1
            network = f"crowd{number // PER_NETWORK}"
            if number % PER_NETWORK == 0:
                self.run(f"docker network create --subnet 10.{number // PER_NETWORK}.0.0/16 {network}")
            self.run(f"docker run -d --name c{number} --network {network} alpine sleep 1000000")

    def join(self, count: int) -> None:
        """Makes networks until there are so many."""
        while self.networks < count:
            number, self.networks = self.networks, self.networks + 1
            self.run(f"docker network create --subnet 10.{number >> 8}.{number & 255}.0/24 m{number}")


@pytest.fixture(scope="module")
def crowd() -> Crowd:
    return Crowd()


@pytest.fixture(scope="module")
def meshed() -> Crowd:
    return Crowd()


@pytest.fixture(scope="module", params=BESIDE)
def beside(request: Any) -> int:
    """How many others there are. All groups are asked at one size before the crowd grows to the next."""
    return int(request.param)


def again(benchmark: Any, beside: int, step: Callable[[], object], undo: Callable[[], object]) -> None:
    """Times a step, undone after each round."""
    benchmark.extra_info["beside"] = beside
    first = True

    def setup() -> None:
        nonlocal first
        if not first:
            undo()
        first = False

    benchmark.pedantic(step, setup=setup, rounds=ROUNDS)
    undo()


@pytest.mark.benchmark(group="docker run -d beside N containers", timer=process_time)
def test_one_more_container(benchmark: Any, crowd: Crowd, beside: int) -> None:
    crowd.start(beside)
    network = f"crowd{(beside - 1) // PER_NETWORK}"
    run = f"docker run -d --name more --network {network} alpine sleep 1000000"
    again(benchmark, beside, lambda: crowd.run(run), lambda: crowd.run("docker rm -f more"))


@pytest.mark.benchmark(group="docker run -d -p beside N containers", timer=process_time)
def test_one_more_published_port(benchmark: Any, crowd: Crowd, beside: int) -> None:
    crowd.start(beside)
    run = "docker run -d --name more -p 8080:80 alpine sleep 1000000"
    again(benchmark, beside, lambda: crowd.run(run), lambda: crowd.run("docker rm -f more"))


@pytest.mark.benchmark(group="docker run --rm beside N containers", timer=process_time)
def test_one_that_comes_and_goes(benchmark: Any, crowd: Crowd, beside: int) -> None:
    crowd.start(beside)
    again(benchmark, beside, lambda: crowd.run("docker run --rm alpine true"), lambda: None)


@pytest.mark.benchmark(group="a name resolved beside N containers", timer=process_time)
def test_a_name_among_many(benchmark: Any, crowd: Crowd, beside: int) -> None:
    crowd.start(beside)
    again(benchmark, beside, lambda: crowd.run("docker exec c0 nslookup c9 127.0.0.11"), lambda: None)


@pytest.mark.benchmark(group="docker ps -q of N containers", timer=process_time)
def test_a_list(benchmark: Any, crowd: Crowd, beside: int) -> None:
    crowd.start(beside)
    benchmark.extra_info["beside"] = beside
    benchmark.pedantic(crowd.run, args=("docker ps -q",), rounds=5)


@pytest.mark.benchmark(group="docker network create beside N networks", timer=process_time)
def test_one_more_network(benchmark: Any, meshed: Crowd, beside: int) -> None:
    meshed.join(beside)
    again(
        benchmark,
        beside,
        lambda: meshed.run("docker network create more"),
        lambda: meshed.run("docker network rm more"),
    )


@pytest.mark.benchmark(group="memory of a running container", timer=process_time)
def test_memory(benchmark: Any) -> None:
    fresh = Crowd()
    fresh.start(2 * MEASURED)  # the engine keeps the last 256 events: it has them now
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    benchmark.pedantic(fresh.start, args=(3 * MEASURED,), rounds=1)
    gc.collect()
    used = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    benchmark.extra_info["kB per container"] = round(used / MEASURED / 1000, 1)
    assert used / MEASURED < 60_000
