"""Laws of the forwarding information base."""

from __future__ import annotations

import errno
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.clock import Clock
from simulator.kernel.bridge import Bridge
from simulator.kernel.device import Dummy
from simulator.kernel.machine import Machine
from simulator.kernel.netns import NetNamespace
from simulator.kernel.route import Route, source_on
from simulator.trace import Trace
from simulator.versions import version
from tests.kernel.conftest import mac


@pytest.fixture
def netns(machine: Machine) -> NetNamespace:
    for number, name in enumerate(("d1", "d2"), 1):
        device = Dummy(machine.netns, name, mac=mac(number))
        device.set_up()
        device.add_address(f"10.{number}.0.1/16", broadcast=f"10.{number}.255.255")
    return machine.netns


def test_an_address_brings_its_subnets_route_and_a_downed_device_takes_it(netns: NetNamespace) -> None:
    assert [str(route) for route in netns.fib.routes()] == [
        "10.1.0.0/16 dev d1 proto kernel scope link src 10.1.0.1",
        "10.2.0.0/16 dev d2 proto kernel scope link src 10.2.0.1",
    ]
    netns.device("d1").set_down()
    assert len(netns.fib.routes()) == 1
    netns.device("d1").set_up()
    assert len(netns.fib.routes()) == 2


def test_an_ipv4_address_is_the_machines_own_while_its_device_is_down(netns: NetNamespace) -> None:
    d1 = netns.device("d1")
    d1.set_down()
    d1.add_address("10.3.0.1/16")
    assert [netns.fib.kind_of(address) for address in ("10.1.0.1", "10.3.0.1", "10.1.255.255")] == [
        *("local", "local", "unicast"),
    ]
    assert [str(route) for route in netns.fib.routes()] == ["10.2.0.0/16 dev d2 proto kernel scope link src 10.2.0.1"]
    d1.delete()
    assert netns.fib.kind_of("10.1.0.1") == "unicast"


def test_the_longest_prefix_wins_then_the_lowest_metric(netns: NetNamespace) -> None:
    fib = netns.fib
    fib.add(Route(ip_network("0.0.0.0/0"), netns.device("d1"), "10.1.0.9", metric=10))
    fib.add(Route(ip_network("0.0.0.0/0"), netns.device("d2"), "10.2.0.9"))
    fib.add(Route(ip_network("192.0.2.0/24"), netns.device("d1"), "10.1.0.8"))
    assert fib.lookup("192.0.2.7").gateway == "10.1.0.8"
    assert fib.lookup("198.51.100.1").gateway == "10.2.0.9"


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("10.1.0.1", "local"),
        ("127.0.0.1", "local"),
        ("127.3.2.1", "local"),
        ("10.1.255.255", "broadcast"),
        ("255.255.255.255", "broadcast"),
        ("224.0.0.1", "multicast"),
        ("10.1.0.2", "unicast"),
        ("203.0.113.1", "unicast"),
    ],
)
def test_every_address_has_a_kind(netns: NetNamespace, address: str, kind: str) -> None:
    assert netns.fib.kind_of(address) == kind


@pytest.mark.parametrize(
    ("route", "number"),
    [
        (lambda netns: Route(ip_network("10.1.0.0/16"), netns.device("d1"), scope="link"), errno.EEXIST),
        (lambda netns: Route(ip_network("192.0.2.0/24"), netns.device("d1"), "198.51.100.1"), errno.ENETUNREACH),
        (lambda netns: Route(ip_network("192.0.2.0/24"), netns.device("d1"), "10.1.255.255"), errno.EINVAL),
    ],
)
def test_impossible_routes_are_refused(netns: NetNamespace, route, number: int) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(OSError) as raised:
        netns.fib.add(route(netns))
    assert raised.value.errno == number


def test_a_route_that_refuses_says_how(netns: NetNamespace) -> None:
    netns.fib.add(Route(ip_network("192.0.2.0/24"), None, kind="unreachable"))
    with pytest.raises(OSError) as raised:
        netns.fib.lookup("192.0.2.1")
    assert raised.value.errno == errno.EHOSTUNREACH


def test_a_route_over_a_dead_link_says_so(machine: Machine) -> None:
    bridge = Bridge(machine.netns, "br0", mac=mac(9))
    bridge.set_up()
    bridge.add_address("10.9.0.1/16")
    assert str(machine.netns.fib.routes()[0]).endswith(" linkdown")


def test_removing_an_address_removes_its_routes(netns: NetNamespace) -> None:
    netns.device("d1").remove_address("10.1.0.1/16")
    assert not netns.is_local("10.1.0.1")
    assert [str(route.destination) for route in netns.fib.routes()] == ["10.2.0.0/16"]


def test_a_lookup_is_answered_by_the_routes_that_are_there_then(netns: NetNamespace) -> None:
    through_gateway = Route(ip_network("10.2.7.0/24"), netns.device("d1"), "10.1.0.9")
    assert netns.fib.lookup("10.2.7.1").gateway is None
    netns.fib.add(through_gateway)
    assert netns.fib.lookup("10.2.7.1") == through_gateway
    netns.fib.delete(through_gateway)
    assert netns.fib.lookup("10.2.7.1").gateway is None
    netns.device("d2").set_down()
    with pytest.raises(OSError, match="unreachable"):
        netns.fib.lookup("10.2.7.1")


def test_a_neighbour_is_spoken_to_from_its_own_subnet(netns: NetNamespace) -> None:
    device = netns.device("d1")
    device.add_address("172.16.0.1/24")
    assert source_on(device, "172.16.0.7") == "172.16.0.1"
    assert source_on(device, "203.0.113.1") == "10.1.0.1"


networks = st.builds(
    lambda number, prefix: ip_network((number >> (32 - prefix) << (32 - prefix), prefix)),
    st.integers(0, 2**32 - 1),
    st.integers(1, 32),
)


@given(st.lists(networks, unique=True, max_size=12), st.integers(2**24, 2**32 - 2**29 - 1))
def test_lookup_agrees_with_looking_at_every_route(prefixes: list, number: int) -> None:  # type: ignore[type-arg]
    machine = Machine("host", Clock(), Trace(), version=version("20.10"))
    device = Dummy(machine.netns, "d0", mac=mac(1))
    device.set_up()
    for prefix in prefixes:
        machine.netns.fib.add(Route(prefix, device))
    goal = ip_address(number)
    matching = [prefix for prefix in prefixes if goal in prefix]
    try:
        found = machine.netns.fib.lookup(str(goal)).destination
    except OSError:
        found = None
    assert found == max(matching, key=lambda prefix: prefix.prefixlen, default=None)


@given(st.lists(networks, unique=True, min_size=1, max_size=12), st.data())
def test_what_overlaps_is_found_as_routes_come_and_go(prefixes: list, data: st.DataObject) -> None:  # type: ignore[type-arg]
    machine = Machine("host", Clock(), Trace(), version=version("20.10"))
    fib, device = machine.netns.fib, Dummy(machine.netns, "d0", mac=mac(1))
    device.set_up()
    goal, left = data.draw(networks), set[object]()
    assert list(fib.overlapping(goal)) == []
    for prefix in prefixes:
        fib.add(Route(prefix, device))
        left.add(prefix)
        if data.draw(st.booleans()):
            fib.delete(Route(prefix, device))
            left.discard(prefix)
    assert {route.destination for route in fib.overlapping(goal)} == {each for each in left if each.overlaps(goal)}


def test_devices_may_have_routes_of_their_own_to_one_ipv6_network(netns: NetNamespace) -> None:
    fib, one, two = netns.fib, netns.device("d1"), netns.device("d2")
    routes = [Route(ip_network("fd00::/64"), device, metric=metric) for device in (one, two) for metric in (256, 1)]
    for route in routes:
        fib.add(route)
    assert fib.routes(version=6) == routes
    assert (fib.lookup("fd00::9"), fib.lookup("fd00::9", device=two)) == (routes[1], routes[3])
    fib.delete(routes[1])
    assert (fib.lookup("fd00::9"), fib.routes(version=6)) == (routes[3], [routes[0], *routes[2:]])
