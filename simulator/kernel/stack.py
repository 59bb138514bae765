"""Joins the protocols of a namespace: the one place where they all meet.

`attach` gives a NetNamespace its receivers by EtherType, its listeners for device events, and the calls that sockets
and netfilter use (`send`, `source_for`, `reply_icmp_error` ...), so that those need not know the protocols.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.kernel import addrconf, arp, icmp, ipv4, ipv6, tcp, udp
from simulator.kernel.device import Device, DeviceEvent
from simulator.kernel.fragments import FragmentQueues
from simulator.kernel.icmp_limit import IcmpLimits
from simulator.kernel.netfilter.hooks import Skb
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
    from simulator.kernel.netns import NetNamespace


def attach(netns: NetNamespace) -> None:
    """Gives a new namespace its protocols."""
    netns.protocols = {ETH_IP: ipv4.receive, ETH_ARP: arp.receive, ETH_IPV6: ipv6.receive}
    netns.listeners = (netns.fib.device_changed, addrconf.device_changed, _device_down)
    netns.fragments = FragmentQueues(netns)
    netns.icmp_limits = IcmpLimits(netns)
    netns.sockets = SocketTables(netns)

    def send(packet: Packet, *, device: Device | None = None, mark: int = 0, uid: int | None = None) -> None:
        """Sends a packet that somebody here made; `device` pins the way out, `uid` owns the socket. Raises OSError."""
        skb = Skb(packet, netns, mark=mark, uid=uid)
        (ipv4 if packet.version == 4 else ipv6).send(skb, device=device)

    def mtu_for(destination: str) -> int:
        """The MTU of the road to a destination. Raises OSError without a route."""
        route = netns.fib.lookup(destination)
        device = netns.loopback if route.kind == "local" else route.device
        assert device is not None
        return netns.path_mtus.limit(destination, device.mtu)

    netns.send = send
    netns.mtu_for = mtu_for
    netns.source_for = lambda destination, *, device=None: ipv4.source_for(netns, destination, device=device)
    netns.deliver = deliver
    netns.unreachable = lambda packet: icmp.unreachable(netns, packet)
    netns.reply_icmp_error = lambda packet, kind, code, *, mtu=0: icmp.send_error(netns, packet, kind, code, mtu=mtu)
    netns.reply_reset = lambda packet: tcp.send_reset(netns, packet)


def _device_down(device: Device, event: DeviceEvent) -> None:
    """With a device go its neighbours, and the connections that were masqueraded behind its addresses."""
    if event is DeviceEvent.DOWN:
        device.netns.neighbours.forget_device(device)
        device.netns.netfilter.device_down(device)


def deliver(skb: Skb) -> None:
    """Hands a packet for this host to its transport protocol (ip_protocol_deliver_rcu)."""
    taken = skb.netns.sockets.deliver_raw(skb.netns, skb)
    proto = skb.packet.proto
    if proto == PROTO_TCP:
        tcp.input(skb.netns, skb)
    elif proto == PROTO_UDP:
        if not udp.input(skb.netns, skb):
            icmp.port_unreachable(skb)
    elif proto in (PROTO_ICMP, PROTO_ICMPV6):
        icmp.receive(skb)
    elif proto != PROTO_IGMP and not taken:
        icmp.protocol_unreachable(skb)
