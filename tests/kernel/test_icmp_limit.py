"""Laws of the limit of ICMP errors."""

from __future__ import annotations

import pytest

from simulator.clock import Clock, S
from simulator.kernel.icmp_limit import BURST, IcmpLimits
from simulator.kernel.machine import Machine
from simulator.kernel.packet import FRAGMENTATION_NEEDED, PORT_UNREACHABLE, TIME_EXCEEDED, UNREACHABLE

PEER = "192.0.2.1"


@pytest.fixture
def limits(machine: Machine) -> IcmpLimits:
    return IcmpLimits(machine.netns)


def sent(limits: IcmpLimits, times: int, peer: str = PEER, *, code: int = PORT_UNREACHABLE) -> int:
    """How many of so many errors in a row are allowed."""
    return sum(limits.allow(peer, UNREACHABLE, code) for _ in range(times))


def test_six_errors_at_once_and_then_one_a_second(limits: IcmpLimits, clock: Clock) -> None:
    assert sent(limits, 16) == BURST == 6
    clock.run(until=2 * S)
    assert sent(limits, 16) == 2
    clock.run(until=100 * S)
    assert sent(limits, 16) == 6


def test_each_peer_has_its_own_limit_for_all_types_together(limits: IcmpLimits) -> None:
    assert sent(limits, 6) == 6
    assert not limits.allow(PEER, TIME_EXCEEDED, 0)
    assert sent(limits, 1, "192.0.2.2") == 1


def test_path_mtu_discovery_and_our_own_addresses_are_not_limited(limits: IcmpLimits) -> None:
    assert sent(limits, 20, code=FRAGMENTATION_NEEDED) == 20
    assert sent(limits, 20, "127.0.0.1") == 20


def test_the_sysctl_switches_it_off(limits: IcmpLimits) -> None:
    limits.netns.sysctl["net.ipv4.icmp_ratelimit"] = "0"
    assert sent(limits, 20) == 20
