"""What packets cost: a ping, pages by DNAT and by docker-proxy, TCP in bulk, a host with many published ports."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from simulator import Lab
from simulator.clock import MS, Clock, S
from simulator.kernel.bridge import Bridge
from simulator.kernel.machine import Machine
from simulator.kernel.netns import NetNamespace
from simulator.kernel.packet import Flag, Frame, Tcp, tcp
from simulator.trace import FrameReceived, Trace
from simulator.versions import version
from tests.benchmarks.floors import Benchmark, bare, describe
from tests.kernel.conftest import mac, ping, plug, quiet_netns

BULK = 1_000_000  # bytes
MANY = 1_000  # published ports
FIRST = 20_000  # the lowest of them


@dataclass
class Scene:
    """A world and something that happens in it again and again."""

    trace: Trace
    clock: Clock
    once: Callable[[], object]


def two_containers() -> tuple[Trace, Clock, NetNamespace, NetNamespace]:
    """Two namespaces on one bridge, without IPv6; each knows the other's MAC address."""
    trace, clock = Trace(), Clock(seed=1)
    machine = Machine("host", clock, trace, version=version("20.10"))
    machine.netns.sysctl["net.ipv6.conf.default.disable_ipv6"] = "1"
    bridge = Bridge(machine.netns, "br0", mac=mac(100))
    bridge.set_up()
    one, other = quiet_netns(machine, "one"), quiet_netns(machine, "other")
    plug(bridge, one, "10.0.0.2/24", 2)
    plug(bridge, other, "10.0.0.3/24", 3)
    ping(one, "10.0.0.2", "10.0.0.3")
    clock.run(until=1 * S)
    return trace, clock, one, other


def one_ping() -> Scene:
    trace, clock, one, _ = two_containers()
    answers: list[object] = []

    def once() -> None:
        ping(one, "10.0.0.2", "10.0.0.3")
        clock.run(until=int(clock.now) + MS)

    unsubscribe = trace.subscribe(answers.append, FrameReceived)
    once()
    unsubscribe()
    assert len(answers) >= 2, "no answer came"
    return Scene(trace, clock, once)


def in_a_lab(*before: str, once: str, at: str = "") -> Callable[[], Scene]:
    def made() -> Scene:
        lab = Lab()
        for command in before:
            assert lab.run(command).status == 0

        def run() -> None:
            result = lab.run(once, at) if at else lab.run(once)
            assert result.status == 0, result.output

        run()
        return Scene(lab.trace, lab.clock, run)

    return made


SERVER = "docker run -d --name web -p 8080:80 httpd"
FILE = f"docker exec web sh -c 'head -c {BULK} /dev/zero > /var/www/bulk'"
CLIENT = "docker run -d --name client alpine sleep 1000000"
DOWNLOAD = "docker exec client wget -q -O /dev/null 172.17.0.2/bulk"
SCENES: dict[str, tuple[Callable[[], Scene], str]] = {
    "a ping over one bridge": (one_ping, "1.0 x"),
    "a page by DNAT": (in_a_lab(SERVER, once="curl -s 10.0.2.15:8080", at="outside"), ""),
    "a page through docker-proxy": (in_a_lab(SERVER, once="curl -s localhost:8080"), ""),
    f"TCP, {BULK:,} bytes over a bridge": (
        in_a_lab(SERVER, FILE, CLIENT, once=DOWNLOAD),
        "1.2 x",
    ),
}


@pytest.mark.parametrize("what", SCENES)
@pytest.mark.benchmark(timer=time.process_time)
def test_packets(benchmark: Benchmark, what: str) -> None:
    make, bar = SCENES[what]
    describe(benchmark, what, bar=bar)
    benchmark(make().once)


@pytest.mark.parametrize("what", SCENES)
@pytest.mark.benchmark(timer=time.process_time)
def test_the_floor_of_packets(benchmark: Benchmark, what: str) -> None:
    scene = SCENES[what][0]()
    floor = bare(scene.trace, scene.clock, scene.once)
    describe(benchmark, what, floor=floor.text)
    benchmark(floor)


@pytest.fixture(scope="module", params=[MANY, 1])
def published(request: pytest.FixtureRequest) -> tuple[int, Callable[[], None]]:
    """A SYN from outside to the last of so many published ports, and the reset that comes back."""
    lab = Lab()
    last = FIRST + request.param - 1
    ports = f"{FIRST}-{last}" if last > FIRST else str(FIRST)
    assert lab.run(f"docker run -d --name web -p {ports}:{ports} alpine sleep 1000000").status == 0
    outside, sources = lab.machine("outside").netns, itertools.cycle(range(1024, 65536))

    def once() -> None:
        syn = Tcp(next(sources), last, 1, 0, Flag.SYN, 64240)
        outside.send(tcp("10.0.2.2", "10.0.2.15", syn, number=outside.number()))
        lab.clock.run(until=int(lab.clock.now) + MS)

    answers: list[Frame] = []
    unsubscribe = lab.trace.subscribe(lambda record: answers.append(record.frame), FrameReceived)
    once()
    unsubscribe()
    assert any(f"10.0.2.15.{last} > 10.0.2.2" in str(frame) for frame in answers), "no answer came"
    return request.param, once


@pytest.mark.benchmark(timer=time.process_time)
def test_published_ports(benchmark: Benchmark, published: tuple[int, Callable[[], None]]) -> None:
    count, once = published
    what = f"a connection through a host with {MANY:,} published ports"
    if count == 1:
        describe(benchmark, what, floor="with 1 published port")
    else:
        describe(benchmark, what, bar="1.5 x")
    benchmark(once)
