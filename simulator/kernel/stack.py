"""Joins the protocols of a namespace: the one place where they all meet.

A `Stack` is a NetNamespace that has receivers by EtherType, listeners for device events, and the calls that sockets and
netfilter use (`send`, `source_for`, `reply_icmp_error` ...), so that those need not know the protocols.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from simulator.kernel import addrconf, arp, icmp, ipv4, ipv6, route, tcp, udp
from simulator.kernel.device import Device, DeviceEvent
from simulator.kernel.fragments import FragmentQueues
from simulator.kernel.icmp_limit import IcmpLimits
from simulator.kernel.netfilter.hooks import Skb
from simulator.kernel.netns import NetNamespace
from simulator.kernel.packet import (
    ETH_ARP,
    ETH_IP,
    ETH_IPV6,
    PROTO_ICMP,
    PROTO_ICMPV6,
    PROTO_IGMP,
    PROTO_TCP,
    PROTO_UDP,
    Packet,
)
from simulator.kernel.sockets_table import SocketTables

if TYPE_CHECKING:
    from simulator.kernel.machine import Machine


def _device_down(device: Device, event: DeviceEvent) -> None:
    """With a device go its neighbours, and the connections that were masqueraded behind its addresses."""
    if event is DeviceEvent.DOWN:
        device.netns.neighbours.forget_device(device)
        device.netns.netfilter.device_down(device)


class Stack(NetNamespace):
    """A namespace with its protocols. All have the same, so none has more of its own than what they remember."""

    protocols = MappingProxyType({ETH_IP: ipv4.receive, ETH_ARP: arp.receive, ETH_IPV6: ipv6.receive})
    listeners = (route.device_changed, addrconf.device_changed, _device_down)

    def __init__(self, machine: Machine, name: str) -> None:
        super().__init__(machine, name)
        self.fragments = FragmentQueues(self)
        self.icmp_limits = IcmpLimits(self)
        self.sockets = SocketTables(self)

    def send(self, packet: Packet, *, device: Device | None = None, mark: int = 0, uid: int | None = None) -> None:
        skb = Skb(packet, self, mark=mark, uid=uid)
        (ipv4 if packet.version == 4 else ipv6).send(skb, device=device)

    def source_for(self, destination: str, *, device: Device | None = None) -> str:
        return ipv4.source_for(self, destination, device=device)

    def mtu_for(self, destination: str) -> int:
        road = self.fib.lookup(destination)
        device = self.loopback if road.kind == "local" else road.device
        assert device is not None
        return self.path_mtus.limit(destination, device.mtu)

    def deliver(self, skb: Skb) -> None:
        """ip_protocol_deliver_rcu."""
        taken = self.sockets.deliver_raw(skb)
        proto = skb.packet.proto
        if proto == PROTO_TCP:
            tcp.input(self, skb)
        elif proto == PROTO_UDP:
            if not udp.input(self, skb):
                icmp.port_unreachable(skb)
        elif proto in (PROTO_ICMP, PROTO_ICMPV6):
            icmp.receive(skb)
        elif proto != PROTO_IGMP and not taken:
            icmp.protocol_unreachable(skb)

    def unreachable(self, packet: Packet) -> None:
        icmp.unreachable(self, packet)

    def reply_icmp_error(self, packet: Packet, kind: int, code: int, *, mtu: int = 0) -> None:
        icmp.send_error(self, packet, kind, code, mtu=mtu)
