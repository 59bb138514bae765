"""What one more device costs a host does not depend on how many it has. Costs are calls and events, not seconds."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from simulator.clock import Clock, S
from simulator.kernel.bridge import Bridge
from simulator.kernel.machine import Machine
from simulator.kernel.packet import ARP_REQUEST, BROADCAST_MAC, NO_MAC, arp, frame
from simulator.kernel.veth import Veth, veth_pair
from simulator.trace import Trace
from simulator.versions import version
from tests.costs import calls

FEW, MANY = 5, 200
LEEWAY = 1.05


class Street:
    """A bridge of a host with IPv6, and containers' devices on it, each with its route to fe80::/64."""

    def __init__(self, ports: int) -> None:
        self.clock = Clock()
        self.host = Machine("host", self.clock, Trace(), version=version("20.10")).netns
        self.bridge = Bridge(self.host, "br0", mac="02:42:00:00:00:01")
        self.bridge.set_up()
        self.bridge.add_address("10.0.0.1/16")
        for number in range(ports):
            self.join(number)
        self.clock.run(until=1 * S)

    def join(self, number: int = 1000) -> None:
        inside = self.host.machine.new_netns(f"c{number}")
        inside.sysctl["net.ipv6.conf.default.disable_ipv6"] = "1"
        mac, peer_mac = (f"02:42:0a:{side}:{number >> 8:02x}:{number & 255:02x}" for side in ("00", "01"))
        inner, outer = veth_pair(self.host, f"p{number}", f"veth{number}", mac=mac, peer_mac=peer_mac)
        self.bridge.attach(outer)
        self.host.move_device(inner, inside, name="eth0")
        outer.set_up()
        inner.set_up()
        self.bridge.learn(mac, outer)

    def leave(self) -> None:
        self.host.device("veth1000").delete()

    def overlap(self) -> list[object]:
        return list(self.host.fib.overlapping(ip_network("10.0.128.0/20")))

    def received(self) -> list[int]:
        """How many frames have come to each container."""
        return [port.peer.counters.rx_packets for port in self.bridge.ports if isinstance(port, Veth) and port.peer]

    def flood(self) -> None:
        mac, address = self.bridge.mac, "10.0.0.1"
        request = arp(ARP_REQUEST, hwsrc=mac, psrc=address, hwdst=NO_MAC, pdst=address)
        self.bridge.transmit(frame(request, src=mac, dst=BROADCAST_MAC))


@pytest.fixture(scope="module")
def streets() -> list[Street]:
    made = [Street(FEW), Street(MANY)]
    for street in made:  # what is kept in caches is there when costs are counted
        street.join()
        street.leave()
    return made


def test_one_more_device_costs_what_one_of_the_first_did(streets: list[Street]) -> None:
    few, many = (
        {step.__name__: calls(step) for step in (street.join, street.overlap, street.leave)} for street in streets
    )
    assert {name for name, cost in many.items() if cost > LEEWAY * few[name]} == set(), (few, many)


def test_a_flood_is_one_event_however_many_ports_it_reaches(streets: list[Street]) -> None:
    for street in streets:
        before = street.received()
        street.flood()
        while street.received() == before:
            street.clock.step()
        assert [after - one for after, one in zip(street.received(), before, strict=True)] == [1] * len(before)
