"""Why packets die: the stable codes of `Dropped` records, with one sentence each.

A code never changes its meaning; tools, lessons and tests may rely on it. Linux names most of them in
include/net/dropreason-core.h.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.trace import Dropped

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace

DROP_CODES: dict[str, str] = {
    "DEVICE_DOWN": "The device is administratively down.",
    "NO_CARRIER": "The device is up, but nothing is connected to it.",
    "CABLE_CUT": "The cable was cut by a fault that somebody set.",
    "LOST": "A fault that somebody set made the cable lose the frame.",
    "OTHER_HOST": "The frame was addressed to another machine.",
    "NO_PROTOCOL": "Nobody here handles packets of this kind.",
    "NEIGHBOUR_FAILED": "Nobody answered when the neighbour's MAC address was asked for.",
    "NEIGHBOUR_QUEUE_FULL": "Too many packets waited for the neighbour's MAC address.",
    "NO_ROUTE": "The routing table has no road to the destination.",
    "NOT_FORWARDING": "The packet is for somebody else, and this machine does not forward (net.ipv4.ip_forward is 0).",
    "IPV6_DISABLED": "The device has no IPv6 (net.ipv6.conf.*.disable_ipv6 is 1).",
    "TTL_EXCEEDED": "The packet's time to live ended here.",
    "TOO_BIG": "The packet does not fit into the next link and must not be fragmented.",
    "MARTIAN": "The packet's source or destination address cannot be true on this device.",
    "RP_FILTER": "The answer would leave through another device (net.ipv4.conf.*.rp_filter).",
    "FILTER_DROP": "A rule or a chain's policy of iptables dropped the packet.",
    "FILTER_REJECT": "A rule of iptables rejected the packet and told the sender.",
    "CONNTRACK_FULL": "The connection tracking table is full.",
    "NAT_FAILED": "No free port was left to translate the packet to.",
    "INVALID_STATE": "Connection tracking could not make sense of the packet.",
    "PORT_CLOSED": "Nobody listens on the port.",
    "BACKLOG_FULL": "The listener's queue is full.",
    "SOCKET_BUFFER_FULL": "The receiver has not read what came before.",
    "TCP_INVALID": "The segment does not belong to any connection.",
    "FRAGMENT_TIMEOUT": "Some fragments of the packet never came.",
    "BRIDGE_SAME_PORT": "The bridge would have to send the frame back through the port where it came in.",
    "BRIDGE_PORT_DOWN": "The port of the bridge is down.",
    "NO_MEMBER": "Nobody here has joined the group that the packet is for.",
    "SOURCE_QUENCHED": "The sender's own address is not one it may use here.",
    "ECHO_IGNORED": "This machine does not answer pings (net.ipv4.icmp_echo_ignore_all).",
}


def drop(netns: NetNamespace, packet: int, code: str, detail: str = "") -> None:
    """Records that a packet (its id) died here."""
    assert code in DROP_CODES, code
    if Dropped in netns.trace.wanted:
        netns.trace.emit(Dropped(int(netns.clock.now), netns.machine.name, netns.name, packet, code, detail))
