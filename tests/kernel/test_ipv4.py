"""Laws of the road of an IPv4 packet."""

from __future__ import annotations

import errno

import pytest

from simulator.clock import Clock, S
from simulator.kernel.machine import Machine
from simulator.kernel.packet import Icmp, icmp
from simulator.kernel.route import Route, ip_network
from tests.kernel.conftest import join, ping, quiet_netns, watch


class Line:
    """left 10.0.1.2 - router 10.0.1.1 / 10.0.2.1 - right 10.0.2.2."""

    def __init__(self, machine: Machine) -> None:
        self.left, self.router, self.right = (quiet_netns(machine, name) for name in ("left", "router", "right"))
        join(self.left, "10.0.1.2/24", self.router, "10.0.1.1/24", 1)
        join(self.right, "10.0.2.2/24", self.router, "10.0.2.1/24", 2)
        self.left.fib.default("10.0.1.1", self.left.device("v1a"))
        self.right.fib.default("10.0.2.1", self.right.device("v2a"))
        self.router.sysctl["net.ipv4.ip_forward"] = "1"
        self.seen = watch(self.left.device("v1a"))

    def echoes(self) -> list[str]:
        return [line for line in self.seen if "ICMP" in line]


@pytest.fixture
def line(machine: Machine) -> Line:
    return Line(machine)


def test_a_router_passes_packets_on_and_takes_one_from_their_ttl(clock: Clock, line: Line) -> None:
    arrived = watch(line.right.device("v2a"))
    ping(line.left, "10.0.1.2", "10.0.2.2", ttl=10)
    clock.run(until=2 * S)
    assert line.echoes()[-1] == "in 10.0.2.2 > 10.0.1.2 ICMP echo reply, id 7, seq 0, length 64"
    assert any("echo request" in text for text in arrived)


def test_without_forwarding_a_packet_for_somebody_else_dies(clock: Clock, line: Line, drops: list[str]) -> None:
    line.router.sysctl["net.ipv4.ip_forward"] = "0"
    ping(line.left, "10.0.1.2", "10.0.2.2")
    clock.run(until=2 * S)
    assert drops == ["NOT_FORWARDING"]


def test_a_packet_whose_time_is_up_is_told_by_the_router(clock: Clock, line: Line, drops: list[str]) -> None:
    ping(line.left, "10.0.1.2", "10.0.2.2", ttl=1)
    clock.run(until=2 * S)
    assert drops == ["TTL_EXCEEDED"]
    assert "10.0.1.1 > 10.0.1.2 ICMP type 11 code 0" in line.echoes()[-1]


@pytest.mark.parametrize(("mtu", "lost"), [(1500, []), (80, []), (79, ["TOO_BIG"])])
def test_a_veth_takes_no_frame_longer_than_its_own_link_allows(
    clock: Clock, line: Line, drops: list[str], mtu: int, lost: list[str]
) -> None:
    """A VLAN's tag is let through, and an echo request of 64 bytes is a packet of 84."""
    line.router.device("v1b").mtu = mtu
    ping(line.left, "10.0.1.2", "10.0.1.1")
    clock.run(until=2 * S)
    assert drops == lost


def test_a_router_without_a_road_says_so(clock: Clock, line: Line, drops: list[str]) -> None:
    ping(line.left, "10.0.1.2", "192.0.2.1")
    clock.run(until=2 * S)
    assert drops == ["NO_ROUTE"]
    assert "type 3 code 0" in line.echoes()[-1]


def test_a_silent_last_hop_makes_the_router_say_host_unreachable(clock: Clock, line: Line, drops: list[str]) -> None:
    ping(line.left, "10.0.1.2", "10.0.2.99")
    clock.run(until=6 * S)
    assert drops == ["NEIGHBOUR_FAILED"]
    assert "10.0.1.1 > 10.0.1.2 ICMP type 3 code 1" in line.echoes()[-1]


def test_a_big_packet_is_cut_and_put_together(clock: Clock, line: Line) -> None:
    ping(line.left, "10.0.1.2", "10.0.2.2", size=4000)
    clock.run(until=2 * S)
    out = [text for text in line.seen if text.startswith("out 10.0.1.2")]
    back = [text for text in line.seen if text.startswith("in 10.0.2.2")]
    assert len(out) == len(back) == 3


def test_a_packet_too_big_for_a_later_link_brings_the_mtu_back(clock: Clock, line: Line, drops: list[str]) -> None:
    line.router.device("v2b").mtu = 1000
    message = Icmp(8, 0, 7, 0, bytes(1400))
    line.left.send(icmp("10.0.1.2", "10.0.2.2", message, number=line.left.number(), df=True))
    clock.run(until=2 * S)
    assert drops == ["TOO_BIG"]
    assert "type 3 code 4" in line.echoes()[-1]


def test_a_packet_too_big_for_the_own_link_is_refused_at_once(line: Line) -> None:
    message = Icmp(8, 0, 7, 0, bytes(1500))
    with pytest.raises(OSError) as raised:
        line.left.send(icmp("10.0.1.2", "10.0.2.2", message, number=1, df=True))
    assert raised.value.errno == errno.EMSGSIZE


def test_without_a_route_sending_fails_at_once(machine: Machine) -> None:
    with pytest.raises(OSError) as raised:
        ping(machine.netns, "127.0.0.1", "192.0.2.1")
    assert raised.value.errno == errno.ENETUNREACH


@pytest.mark.parametrize("address", ["127.0.0.1", "127.4.5.6", "10.9.9.9"])
def test_own_addresses_are_reached_by_the_loopback(clock: Clock, machine: Machine, address: str) -> None:
    machine.netns.loopback.add_address("10.9.9.9/32")
    seen = watch(machine.netns.loopback)
    ping(machine.netns, "127.0.0.1", address)
    clock.run(until=1 * S)
    assert f"in {address} > 127.0.0.1 ICMP echo reply, id 7, seq 0, length 64" in seen


def test_a_loopback_address_from_outside_is_a_martian(clock: Clock, line: Line, drops: list[str]) -> None:
    line.left.fib.add(Route(ip_network("127.9.0.0/16"), line.left.device("v1a"), "10.0.1.1"))
    line.left.loopback.remove_address("127.0.0.1/8")  # with it go the local routes of 127.0.0.0/8
    ping(line.left, "10.0.1.2", "127.9.0.1")
    clock.run(until=2 * S)
    assert drops == ["MARTIAN"]


@pytest.mark.parametrize(("mode", "delivered"), [("0", True), ("1", False)])
def test_the_reverse_path_filter_drops_what_came_the_wrong_way(
    clock: Clock, line: Line, drops: list[str], mode: str, delivered: bool
) -> None:
    line.router.sysctl["net.ipv4.conf.all.rp_filter"] = mode
    line.left.loopback.add_address("10.0.2.50/32")
    ping(line.left, "10.0.2.50", "10.0.1.1")
    clock.run(until=1 * S)
    assert (drops == []) is delivered


@pytest.mark.parametrize(("kind", "told"), [("unreachable", [1]), ("prohibit", [13]), ("blackhole", [])])
def test_a_route_that_refuses_says_so_before_the_ttl_is_looked_at(
    clock: Clock, line: Line, kind: str, told: list[int]
) -> None:
    line.router.fib.add(Route(ip_network("192.0.2.0/24"), None, kind=kind))
    ping(line.left, "10.0.1.2", "192.0.2.1", ttl=1)
    clock.run(until=2 * S)
    assert [text.rpartition("type 3 code ")[2][:2].strip(", ") for text in line.echoes()[1:]] == [
        str(code) for code in told
    ]


def test_a_path_mtu_that_was_told_is_heeded_until_it_is_forgotten(clock: Clock, line: Line) -> None:
    line.router.device("v2b").mtu = 1000
    big = icmp("10.0.1.2", "10.0.2.2", Icmp(8, 0, 7, 0, bytes(1400)), number=line.left.number(), df=True)
    line.left.send(big)
    clock.run(until=2 * S)
    assert line.left.mtu_for("10.0.2.2") == 1000
    with pytest.raises(OSError) as raised:
        line.left.send(big)
    assert raised.value.errno == errno.EMSGSIZE
    clock.run(until=700 * S)
    assert line.left.mtu_for("10.0.2.2") == 1500
