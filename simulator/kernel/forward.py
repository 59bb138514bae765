"""Whether a packet for somebody behind this host may go on, and what its sender is told otherwise.

What ip_forward and ip6_forward of net/ipv4/ip_forward.c and net/ipv6/ip6_output.c have in common.
"""

from __future__ import annotations

import errno

from simulator.kernel.drops import drop
from simulator.kernel.netfilter.hooks import Skb
from simulator.kernel.packet import (
    ADMIN_PROHIBITED,
    FRAGMENTATION_NEEDED,
    HOST_UNREACHABLE,
    NET_UNREACHABLE,
    TIME_EXCEEDED,
    UNREACHABLE,
    rewrite,
)
from simulator.kernel.route import Route

# What the sender is told when a route refuses, by IP version: ip_error; ip6_pkt_discard and ip6_pkt_prohibit, as
# ICMPv4 numbers it. Of a blackhole nothing.
ROUTE_ERRORS = {
    4: {errno.ENETUNREACH: NET_UNREACHABLE, errno.EHOSTUNREACH: HOST_UNREACHABLE, errno.EACCES: ADMIN_PROHIBITED},
    6: {errno.ENETUNREACH: NET_UNREACHABLE, errno.EHOSTUNREACH: NET_UNREACHABLE, errno.EACCES: ADMIN_PROHIBITED},
}


def next_hop(skb: Skb) -> Route | None:
    """The route on, the packet made ready for it; None if it ends here, of which its sender is told."""
    netns, packet = skb.netns, skb.packet
    try:
        route = netns.fib.lookup(packet.dst)
    except OSError as refusal:
        code = ROUTE_ERRORS[packet.version].get(refusal.errno or 0)
        drop(netns, packet.id, "NO_ROUTE", packet.dst)
        if code is not None:
            netns.reply_icmp_error(packet, UNREACHABLE, code)
        return None
    if packet.ttl <= 1:
        drop(netns, packet.id, "TTL_EXCEEDED", netns.machine.name)
        netns.reply_icmp_error(packet, TIME_EXCEEDED, 0)
        return None
    assert route.device is not None
    if packet.length > route.device.mtu and (packet.df or packet.version == 6):
        drop(netns, packet.id, "TOO_BIG", f"mtu {route.device.mtu} of {route.device.name}")
        netns.reply_icmp_error(packet, UNREACHABLE, FRAGMENTATION_NEEDED, mtu=route.device.mtu)
        return None
    skb.packet = rewrite(packet, ttl=packet.ttl - 1)
    skb.device_out = route.device
    return route
