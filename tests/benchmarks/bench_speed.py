"""How fast the model is, beside its floor: what scapy alone takes to build the same frames.

    python -m pytest tests/benchmarks/bench_speed.py

No test here has a time limit; compare the groups' rows, measured in one run.
"""

from __future__ import annotations

from typing import Any

import pytest

from simulator.clock import Clock, S
from simulator.kernel.bridge import Bridge
from simulator.kernel.machine import Machine
from simulator.kernel.packet import scapy_layers as scapy
from simulator.lab import Lab
from simulator.lesson import library
from simulator.lesson.player import transcript
from simulator.trace import Trace
from simulator.versions import version
from tests.kernel.conftest import mac, ping, plug, quiet_netns

Benchmark = Any


@pytest.mark.benchmark(group="ping over one bridge")
def test_a_ping_over_one_bridge(benchmark: Benchmark) -> None:
    clock = Clock(seed=1)
    machine = Machine("host", clock, Trace(), version=version("20.10"))
    machine.netns.sysctl["net.ipv6.conf.default.disable_ipv6"] = "1"
    bridge = Bridge(machine.netns, "br0", mac=mac(100))
    bridge.set_up()
    one, other = quiet_netns(machine, "one"), quiet_netns(machine, "other")
    plug(bridge, one, "10.0.0.2/24", 2)
    plug(bridge, other, "10.0.0.3/24", 3)
    ping(one, "10.0.0.2", "10.0.0.3")
    clock.run(until=1 * S)

    def once() -> None:
        ping(one, "10.0.0.2", "10.0.0.3")
        clock.run(until=int(clock.now) + 100_000)

    benchmark(once)


@pytest.mark.benchmark(group="ping over one bridge")
def test_the_floor_of_a_ping_two_frames_built_by_scapy(benchmark: Benchmark) -> None:
    def once() -> None:
        for kind in (8, 0):
            ether = scapy.Ether(src=mac(1), dst=mac(2))
            _ = ether / scapy.IP(src="10.0.0.2", dst="10.0.0.3") / scapy.ICMP(type=kind, id=7, seq=1) / bytes(56)

    benchmark(once)


@pytest.mark.benchmark(group="engine")
def test_a_container_is_run_and_removed(benchmark: Benchmark) -> None:
    lab = Lab()
    result = benchmark(lambda: lab.run("docker run -d --name c1 alpine sleep 1000 && docker rm -f c1"))
    assert result.status == 0


@pytest.mark.benchmark(group="engine")
def test_a_page_by_dnat(benchmark: Benchmark) -> None:
    lab = Lab()
    lab.run("docker run -d -p 8080:80 httpd")
    result = benchmark(lambda: lab.run("curl -s 10.0.2.15:8080", "outside"))
    assert result.status == 0


@pytest.mark.benchmark(group="engine")
def test_a_page_by_docker_proxy(benchmark: Benchmark) -> None:
    lab = Lab()
    lab.run("docker run -d -p 8080:80 httpd")
    result = benchmark(lambda: lab.run("curl -s localhost:8080"))
    assert result.status == 0


@pytest.mark.benchmark(group="lessons")
def test_the_whole_tutorial(benchmark: Benchmark) -> None:
    lessons = [library.load(name, library.ORIGINAL) for name in library.names()]
    benchmark.pedantic(lambda: [transcript(lesson) for lesson in lessons], rounds=3)
