"""Laws of what a device does by itself: the background noise of a quiet network."""

from __future__ import annotations

import pytest

from simulator.clock import Clock, S
from simulator.kernel.device import Card, connect
from simulator.kernel.machine import Machine
from simulator.kernel.ndisc import group_mac, link_local, solicited_node
from simulator.kernel.veth import veth_pair
from simulator.trace import Trace
from simulator.versions import version
from tests.kernel.conftest import mac, watch


@pytest.mark.parametrize(
    ("made", "wanted"),
    [
        (link_local("02:42:ac:11:00:02"), "fe80::42:acff:fe11:2"),
        (link_local("08:00:27:d1:e8:e8"), "fe80::a00:27ff:fed1:e8e8"),
        (solicited_node("fe80::a00:27ff:fed1:e8e8"), "ff02::1:ffd1:e8e8"),
        (group_mac("ff02::16"), "33:33:00:00:00:16"),
    ],
)
def test_addresses_are_made_as_the_rfcs_say(made: str, wanted: str) -> None:
    assert made == wanted


@pytest.mark.parametrize("name", ["18.09", "20.10"])
def test_a_device_that_comes_up_reports_asks_and_looks_for_routers(name: str) -> None:
    clock = Clock(seed=1)
    machine = Machine("host", clock, Trace(), version=version(name))
    one, other = veth_pair(machine.netns, "v0", "v1", mac=mac(1), peer_mac=mac(2))
    other.netns.sysctl["net.ipv6.conf.v1.disable_ipv6"] = "1"
    one.set_up()
    other.set_up()
    watch(one)
    clock.run(until=10 * S)
    assert one.counters.tx_packets == 4 + 1 + 2  # reports, one detection of duplicates, router solicitations
    nonce = 8 if name == "20.10" else 0
    assert one.counters.tx_bytes == 4 * 90 + 78 + nonce + 2 * 70
    assert [str(address) for address in one.addresses] == ["fe80::ff:fe00:1/64"]


def test_the_loopback_gets_its_two_addresses(machine: Machine) -> None:
    netns = machine.new_netns("n")
    netns.loopback.set_up()
    assert [str(address) for address in netns.loopback.addresses] == ["127.0.0.1/8", "::1/128"]


def test_without_ipv6_a_device_is_silent(clock: Clock, machine: Machine) -> None:
    one, other = veth_pair(machine.netns, "v0", "v1", mac=mac(1), peer_mac=mac(2))
    one.set_up()
    other.set_up()
    clock.run(until=30 * S)
    assert one.counters.tx_packets == other.counters.tx_packets == 0
    assert one.addresses == []


def test_a_device_that_went_down_has_no_ipv6_address(clock: Clock) -> None:
    machine = Machine("host", clock, Trace(), version=version("20.10"))
    one, other = veth_pair(machine.netns, "v0", "v1", mac=mac(1), peer_mac=mac(2))
    one.set_up()
    other.set_up()
    clock.run(until=5 * S)
    one.set_down()
    assert one.addresses == []


def test_routers_are_looked_for_ever_more_seldom(clock: Clock) -> None:
    machine = Machine("host", clock, Trace(), version=version("18.09"))
    one, other = veth_pair(machine.netns, "v0", "v1", mac=mac(1), peer_mac=mac(2))
    one.set_up()
    other.set_up()
    sent: list[int] = []
    for seconds in (10, 20, 40, 80, 160, 320):
        clock.run(until=seconds * S)
        sent.append(one.counters.tx_packets - 5)
    assert sent == [2, 3, 4, 5, 6, 7]


def test_a_link_that_comes_back_reports_its_groups_and_no_more(clock: Clock) -> None:
    machine = Machine("host", clock, Trace(), version=version("20.10"))
    one, other = veth_pair(machine.netns, "v0", "v1", mac=mac(1), peer_mac=mac(2))
    one.set_up()
    other.set_up()
    clock.run(until=17 * S)
    before = one.counters.tx_packets
    other.set_down()
    other.set_up()
    clock.run(until=19 * S)
    assert one.counters.tx_packets == before + 2


def test_a_card_under_network_manager_hides_its_mac_address() -> None:
    clock = Clock(seed=1)
    clock.chance.preset("interface id", ["82dbbc1f34fb7c50"])
    machine = Machine("host", clock, Trace(), version=version("18.09"))
    card, other = Card(machine.netns, "eth0", mac=mac(1)), Card(machine.netns, "eth1", mac=mac(2))
    connect(card, other)
    card.set_up()
    assert str(card.addresses[0]) == "fe80::82db:bc1f:34fb:7c50/64"


@pytest.mark.parametrize(
    ("accept_ra", "forwarding", "asks"), [("1", "0", True), ("0", "0", False), ("1", "1", False), ("2", "1", True)]
)
def test_routers_are_looked_for_where_they_would_be_listened_to(accept_ra: str, forwarding: str, asks: bool) -> None:
    clock = Clock(seed=1)
    netns = Machine("host", clock, Trace(), version=version("20.10")).netns
    netns.sysctl["net.ipv6.conf.v0.accept_ra"] = accept_ra
    netns.sysctl["net.ipv6.conf.v0.forwarding"] = forwarding
    one, other = veth_pair(netns, "v0", "v1", mac=mac(1), peer_mac=mac(2))
    one.set_up()
    other.set_up()
    clock.run(until=10 * S)
    assert one.counters.tx_packets == 4 + 1 + (2 if asks else 0)  # reports, one detection of duplicates, solicitations
