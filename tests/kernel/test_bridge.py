"""Laws of the learning bridge."""

from __future__ import annotations

import errno

import pytest

from simulator.clock import Clock, S
from simulator.kernel.bridge import AGEING_TIME, Bridge
from simulator.kernel.device import Dummy
from simulator.kernel.machine import Machine
from simulator.kernel.netns import NetNamespace
from simulator.userland.netdevice import change_mtu
from tests.kernel.conftest import mac, ping, plug, quiet_netns, watch


@pytest.fixture
def bridge(machine: Machine) -> Bridge:
    made = Bridge(machine.netns, "br0", mac=mac(100))
    made.set_up()
    made.add_address("10.0.0.1/24")
    return made


@pytest.fixture
def three(machine: Machine, bridge: Bridge) -> list[NetNamespace]:
    """Three namespaces 10.0.0.2 to 10.0.0.4 on the bridge."""
    made = [quiet_netns(machine, f"c{number}") for number in (2, 3, 4)]
    for number, netns in enumerate(made, 2):
        plug(bridge, netns, f"10.0.0.{number}/24", number)
    return made


def test_an_unknown_address_is_flooded_and_a_learnt_one_is_not(
    clock: Clock, bridge: Bridge, three: list[NetNamespace]
) -> None:
    bystander = watch(three[2].device("eth0"))
    ping(three[0], "10.0.0.2", "10.0.0.3")
    clock.run(until=1 * S)
    assert bystander == ["in ARP, Request who-has 10.0.0.3 tell 10.0.0.2"]
    assert bridge.lookup(three[0].device("eth0").mac) is bridge.ports[0]
    assert bridge.lookup(three[1].device("eth0").mac) is bridge.ports[1]


def test_a_ping_over_the_bridge_is_answered(clock: Clock, three: list[NetNamespace]) -> None:
    seen = watch(three[0].device("eth0"))
    ping(three[0], "10.0.0.2", "10.0.0.3", seq=5)
    clock.run(until=1 * S)
    assert seen == [
        "out ARP, Request who-has 10.0.0.3 tell 10.0.0.2",
        "in ARP, Reply 10.0.0.3 is-at 02:00:00:00:00:06",
        "out 10.0.0.2 > 10.0.0.3 ICMP echo request, id 7, seq 5, length 64",
        "in 10.0.0.3 > 10.0.0.2 ICMP echo reply, id 7, seq 5, length 64",
    ]


def test_the_host_itself_answers_at_the_bridges_address(clock: Clock, three: list[NetNamespace]) -> None:
    seen = watch(three[0].device("eth0"))
    ping(three[0], "10.0.0.2", "10.0.0.1")
    clock.run(until=1 * S)
    assert seen[-1] == "in 10.0.0.1 > 10.0.0.2 ICMP echo reply, id 7, seq 0, length 64"


def test_who_watches_the_bridge_sees_what_only_passes(clock: Clock, bridge: Bridge, three: list[NetNamespace]) -> None:
    seen = watch(bridge)
    ping(three[0], "10.0.0.2", "10.0.0.3")
    clock.run(until=1 * S)
    assert len(seen) == 4
    assert bridge.counters.rx_packets == 1  # only the broadcast was for the host, too


def test_an_address_is_forgotten_after_the_ageing_time(clock: Clock, bridge: Bridge, three: list[NetNamespace]) -> None:
    ping(three[0], "10.0.0.2", "10.0.0.3")
    clock.run(until=1 * S)
    clock.run(until=int(clock.now) + 10 * S + AGEING_TIME)  # 10 s: the neighbours confirm each other once
    assert bridge.lookup(three[0].device("eth0").mac) is None


def test_the_bridge_has_a_carrier_while_a_port_runs(clock: Clock, bridge: Bridge, three: list[NetNamespace]) -> None:
    assert bridge.carrier
    for port in list(bridge.ports):
        port.delete()
    clock.run(until=2 * S)
    assert not bridge.carrier


@pytest.mark.parametrize("hairpin", [False, True])
def test_a_frame_goes_back_through_its_port_only_with_hairpin(
    clock: Clock, bridge: Bridge, three: list[NetNamespace], hairpin: bool, drops: list[str]
) -> None:
    eth0 = three[0].device("eth0")
    port = bridge.ports[0]
    bridge.learn(mac(77), port)
    if hairpin:
        bridge.hairpin.add(port.ifindex)
    three[0].neighbours.add(eth0, "10.0.0.77", mac(77))
    seen = watch(eth0)
    ping(three[0], "10.0.0.2", "10.0.0.77")
    clock.run(until=1 * S)
    assert [line.split()[0] for line in seen] == (["out", "in"] if hairpin else ["out"])
    assert drops == (["OTHER_HOST"] if hairpin else ["BRIDGE_SAME_PORT"])


def test_a_device_has_one_master(machine: Machine, bridge: Bridge) -> None:
    port = Dummy(machine.netns, "d0", mac=mac(50))
    bridge.attach(port)
    with pytest.raises(OSError) as raised:
        bridge.attach(port)
    assert raised.value.errno == errno.EBUSY


def test_a_bridge_is_no_port_of_a_bridge(machine: Machine, bridge: Bridge) -> None:
    with pytest.raises(OSError) as raised:
        bridge.attach(Bridge(machine.netns, "br1", mac=mac(51)))
    assert raised.value.errno == errno.ELOOP


def test_the_mtu_is_the_least_of_the_ports_unless_somebody_chose_it(bridge: Bridge, three: list[NetNamespace]) -> None:
    assert bridge.mtu == 1500
    small = bridge.ports[1]
    change_mtu(small, 1400)
    assert bridge.mtu == 1400
    bridge.detach(small)
    assert bridge.mtu == 1500
    change_mtu(bridge, 1300)
    bridge.attach(small)
    assert bridge.mtu == 1300


def test_with_a_port_go_the_addresses_behind_it(bridge: Bridge, three: list[NetNamespace]) -> None:
    gone, stays, _ = bridge.ports
    for address, port in ((60, gone), (61, gone), (61, stays), (62, stays), (62, gone), (63, stays)):
        bridge.learn(mac(address), port)
    bridge.detach(gone)
    assert {address for address in range(60, 64) if bridge.lookup(mac(address))} == {61, 63}
    assert (gone.mac in bridge.fdb, stays.mac in bridge.fdb) == (False, True)


def test_lo_counts_no_headers_and_a_bridge_only_those_of_what_it_sends(
    clock: Clock, machine: Machine, bridge: Bridge, three: list[NetNamespace]
) -> None:
    ping(machine.netns, "10.0.0.1", "10.0.0.1")
    clock.run(until=1 * S)
    lo = machine.netns.device("lo").counters
    assert (lo.tx_packets, lo.tx_bytes, lo.rx_packets, lo.rx_bytes) == (2, 2 * 84, 2, 2 * 84)
    ping(three[0], "10.0.0.2", "10.0.0.1")
    clock.run(until=2 * S)
    own = bridge.counters
    assert (own.tx_packets, own.tx_bytes, own.rx_packets, own.rx_bytes) == (2, 98 + 42, 2, 84 + 28)


def test_a_bridge_has_1023_ports(bridge: Bridge) -> None:
    devices = [Dummy(bridge.netns, f"d{number}", mac=mac(2)) for number in range(1024)]
    for device in devices[:1023]:
        bridge.attach(device)
    with pytest.raises(OSError, match="Exchange full"):
        bridge.attach(devices[1023])
    bridge.detach(devices[0])
    bridge.attach(devices[1023])
