"""What one more costs beside N others: containers, networks, what is asked about them, and the memory of each.

`python -m pytest tests/benchmarks/bench_scale.py`; ten thousand containers take a minute or two to start. Each group
is one question, `extra_info["beside"]` is N; the cost is flat if a group's figures are. The report sets the figure beside
ten thousand against the one beside ten.
"""

from __future__ import annotations

import gc
import tracemalloc
from time import process_time
from typing import Any

import pytest

from simulator import Lab
from tests.benchmarks.floors import describe

BESIDE = (10, 100, 1_000, 10_000)
ROUNDS = 100
BARS = {"docker run -d beside N containers": "1.2 x"}
PER_NETWORK = 1_000  # a bridge has 1023 ports
MEASURED = 200  # containers whose memory is measured
MEMORY_BAR = 60  # kB


class Crowd:
    """A lab that grows. A command may name the network that came last."""

    def __init__(self) -> None:
        self.lab = Lab()
        self.containers = self.networks = 0

    def run(self, command: str) -> str:
        result = self.lab.run(command.format(last=f"crowd{(self.containers - 1) // PER_NETWORK}"))
        assert result.status == 0, result.output
        return result.stdout

    def start(self, count: int) -> None:
        """Starts containers until there are so many."""
        while self.containers < count:
            number, self.containers = self.containers, self.containers + 1
            if number % PER_NETWORK == 0:
                self.run(f"docker network create --subnet 10.{number // PER_NETWORK}.0.0/16 {{last}}")
            self.run(f"docker run -d --name c{number} --network {{last}} alpine sleep 1000000")

    def join(self, count: int) -> None:
        """Makes networks until there are so many."""
        while self.networks < count:
            number, self.networks = self.networks, self.networks + 1
            self.run(f"docker network create --subnet 10.{number >> 8}.{number & 255}.0/24 m{number}")

    def timed(self, command: str) -> float:
        before = process_time()
        self.run(command)
        return process_time() - before


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


@pytest.fixture(scope="module")
def few() -> dict[str, Crowd]:
    """What stays as small as a crowd and a mesh begin."""
    containers, networks = Crowd(), Crowd()
    containers.start(BESIDE[0])
    networks.join(BESIDE[0])
    return {"containers": containers, "networks": networks}


def again(benchmark: Any, crowd: Crowd, beside: int, small: Crowd, *, step: str, undo: str = "true") -> None:
    """Times a step, undone after each round. Beside the most it is taken in turn with the same beside the fewest, so
    that what else the machine does strikes both: that is a row of the report.
    """
    benchmark.extra_info["beside"] = beside
    least: list[float] = []
    rounds = iter(range(ROUNDS))

    def setup() -> None:
        if next(rounds):
            crowd.run(undo)
        if beside == BESIDE[-1]:
            least.append(small.timed(step))
            small.run(undo)

    benchmark.pedantic(crowd.run, args=(step,), setup=setup, rounds=ROUNDS)
    crowd.run(undo)
    if least:
        row = benchmark.group.replace(" N ", f" {beside:,} ")
        benchmark.extra_info |= {
            "row": row,
            "floor": "",
            "least": min(least),
            "told": f"beside {BESIDE[0]}",
            "bar": BARS.get(benchmark.group, ""),
        }


RUN = "docker run -d --name more {options} alpine sleep 1000000"
QUESTIONS = {
    "docker run -d beside N containers": (RUN.format(options="--network {last}"), "docker rm -f more"),
    "docker run -d -p beside N containers": (RUN.format(options="-p 8080:80"), "docker rm -f more"),
    "docker run --rm beside N containers": ("docker run --rm alpine true", "true"),
    "docker restart beside N containers": ("docker restart -t 0 c5", "true"),
    "a name resolved beside N containers": ("docker exec c0 nslookup c9 127.0.0.11", "true"),
}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.benchmark(timer=process_time)
def test_one_more(benchmark: Any, crowd: Crowd, beside: int, few: dict[str, Crowd], question: str) -> None:
    crowd.start(beside)
    benchmark.group = question
    step, undo = QUESTIONS[question]
    again(benchmark, crowd, beside, few["containers"], step=step, undo=undo)


@pytest.mark.benchmark(group="docker rm -f beside N containers", timer=process_time)
def test_one_less(benchmark: Any, crowd: Crowd, beside: int, few: dict[str, Crowd]) -> None:
    crowd.start(beside)
    more, less = QUESTIONS["docker run -d beside N containers"]
    for each in (crowd, few["containers"]):
        each.run(more)
    again(benchmark, crowd, beside, few["containers"], step=less, undo=more)
    for each in (crowd, few["containers"]):
        each.run(less)


@pytest.mark.benchmark(group="docker ps -q of N containers", timer=process_time)
def test_a_list(benchmark: Any, crowd: Crowd, beside: int) -> None:
    crowd.start(beside)
    benchmark.extra_info["beside"] = beside
    benchmark.pedantic(crowd.run, args=("docker ps -q",), rounds=5)


@pytest.mark.benchmark(group="docker network create beside N networks", timer=process_time)
def test_one_more_network(benchmark: Any, meshed: Crowd, beside: int, few: dict[str, Crowd]) -> None:
    meshed.join(beside)
    create, remove = "docker network create more", "docker network rm more"
    again(benchmark, meshed, beside, few["networks"], step=create, undo=remove)


@pytest.mark.benchmark(timer=process_time)
def test_memory(benchmark: Any) -> None:
    describe(benchmark, "memory of a running container", bar=f"{MEMORY_BAR} kB")
    fresh = Crowd()
    tracemalloc.start()
    fresh.start(2 * MEASURED)  # caches are full, and the engine has the 256 events that it keeps
    gc.collect()
    before = tracemalloc.get_traced_memory()[0]
    benchmark.pedantic(fresh.start, args=(3 * MEASURED,), rounds=1)
    gc.collect()
    used = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    benchmark.extra_info["shown"] = f"{used / MEASURED / 1000:.1f} kB"
    assert used / MEASURED < MEMORY_BAR * 1000
