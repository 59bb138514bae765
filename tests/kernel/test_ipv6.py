"""Laws of the IPv6 road: forwarding, its errors, and ip6tables on the way."""

from __future__ import annotations

import pytest

from simulator.clock import Clock, S
from simulator.kernel import sysctl
from simulator.kernel.machine import Machine
from simulator.kernel.packet import ECHO6_REQUEST, Icmp, icmp

from .conftest import join, watch


class Line:
    """left - router - right, with global addresses; the router forwards."""

    def __init__(self, machine: Machine, clock: Clock) -> None:
        self.clock = clock
        self.left, self.router, self.right = (machine.new_netns(name) for name in ("left", "router", "right"))
        for netns in (self.left, self.router, self.right):
            netns.loopback.set_up()
        join(self.left, "fd00:1::2/64", self.router, "fd00:1::1/64", 1)
        join(self.right, "fd00:2::2/64", self.router, "fd00:2::1/64", 2)
        self.left.fib.default("fd00:1::1", self.left.device("v1a"))
        self.right.fib.default("fd00:2::1", self.right.device("v2a"))
        sysctl.write(self.router, sysctl.FORWARD6_ALL, "1")
        clock.run(until=5 * S)  # until the addresses are known to be unique
        self.seen = watch(self.left.device("v1a"))

    def ask(self, goal: str, *, ttl: int = 64, size: int = 56) -> str:
        """The last that came back for an echo request."""
        message = Icmp(ECHO6_REQUEST, 0, 7, 0, bytes(size))
        self.left.send(icmp("fd00:1::2", goal, message, number=self.left.number(), ttl=ttl))
        self.clock.run(until=int(self.clock.now) + 5 * S)
        return next((text for text in reversed(self.seen) if text.startswith("in ") and "ICMP" in text), "")


@pytest.fixture
def line(machine: Machine, clock: Clock) -> Line:
    return Line(machine, clock)


@pytest.mark.parametrize(
    ("goal", "ttl", "answer"),
    [
        ("fd00:2::2", 64, "fd00:2::2 > fd00:1::2"),
        ("fd00:2::2", 1, "fd00:1::1 > fd00:1::2"),
        ("fd00:3::1", 64, "fd00:1::1 > fd00:1::2"),
    ],
)
def test_a_router_forwards_or_says_why_not(line: Line, goal: str, ttl: int, answer: str) -> None:
    assert answer in line.ask(goal, ttl=ttl)


def test_the_sender_cuts_a_packet_that_is_too_long_and_its_end_puts_it_together(line: Line) -> None:
    lengths: list[int] = []
    line.router.device("v2b").taps.append(lambda device, way, frame: lengths.append(frame.payload.length))
    line.ask("fd00:2::2", size=2000)
    cut = [1496, 608]
    assert [length for length in lengths if length > 200] == cut * 2


def test_a_router_cuts_nothing_and_says_what_would_fit(line: Line) -> None:
    line.router.device("v2b").mtu = 1400
    line.ask("fd00:2::2", size=1440)
    assert line.left.path_mtus.limit("fd00:2::2", 1500) == 1400


def test_without_forwarding_nobody_answers(line: Line) -> None:
    sysctl.write(line.router, sysctl.FORWARD6_ALL, "0")
    assert "fd00:2::2" not in line.ask("fd00:2::2")


def test_ip6tables_drops_what_is_forwarded(line: Line) -> None:
    line.router.netfilter.ip6.add("filter", "FORWARD", "-j DROP", made_by="test")
    assert "fd00:2::2" not in line.ask("fd00:2::2")
    assert line.router.netfilter.ip6.table("filter").chain("FORWARD").rules[0].packets == 1
