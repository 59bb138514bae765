"""IP packets that cross a bridge walk through iptables, ip6tables: net/bridge/br_netfilter_hooks.c, br_netfilter_ipv6.c.

A packet that came in through a port passes PREROUTING with the bridge as its input device. If it goes on to another
port it passes FORWARD and POSTROUTING, in and out by the bridge; if it goes up to the host, the IP layer takes it
after PREROUTING. Fragments of IPv4 are put together first and cut again behind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from simulator.kernel.netfilter.skb import ACCEPT, FORWARD, POSTROUTING, PREROUTING, Skb
from simulator.kernel.packet import Frame, Packet, fragment, frame

if TYPE_CHECKING:
    from simulator.kernel.bridge import Bridge
    from simulator.kernel.device import Device


def port_receive(bridge: Bridge, port: Device, received: Frame) -> None:
    """A frame with an IP packet came in through a port (br_nf_pre_routing)."""
    packet = received.payload
    assert isinstance(packet, Packet)
    netns = bridge.netns
    merges = packet.is_fragment and packet.version == 4  # which connection tracking needs
    whole = netns.fragments.add(packet, "bridge") if merges else packet
    if whole is None:
        return
    skb = Skb(whole, netns, device_in=bridge, physdev_in=port, frame=received)
    if netns.netfilter.run(PREROUTING, skb) is not ACCEPT:
        return
    translated = skb.packet.dst != whole.dst
    now = received if skb.packet is packet else frame(skb.packet, src=received.src, dst=received.dst)
    if bridge.is_own(now) or translated:
        bridge.count_in(now)
        _route_input(skb)
        return
    if now.is_multicast:
        bridge.count_in(now)
        _route_input(replace(skb))
    _forward(bridge, port, now, skb)


def _route_input(skb: Skb) -> None:
    """Up to the host."""
    from simulator.kernel import ipv4, ipv6  # which know devices, and so bridges

    (ipv4 if skb.packet.version == 4 else ipv6).route_input(skb)


def _forward(bridge: Bridge, port: Device, received: Frame, skb: Skb) -> None:
    """Between two ports; whoever watches the bridge sees the frame after that (br_handle_frame_finish)."""
    _cross(bridge, port, received, skb)
    if not received.is_multicast:
        bridge.observe(received)


def _cross(bridge: Bridge, port: Device, received: Frame, skb: Skb) -> None:
    """FORWARD, then POSTROUTING, then out (br_nf_forward_ip, br_nf_post_routing)."""
    before = skb.packet
    skb.device_in = skb.device_out = bridge
    skb.physdev_out = bridge.lookup(received.dst)
    netfilter = bridge.netns.netfilter
    for hook in (FORWARD, POSTROUTING):
        if netfilter.run(hook, skb) is not ACCEPT:
            return
    if skb.packet.length > bridge.mtu and skb.packet.version == 4:
        for part in fragment(skb.packet, bridge.mtu):
            bridge.relay(port, frame(part, src=received.src, dst=received.dst))
        return
    now = received if skb.packet is before else frame(skb.packet, src=received.src, dst=received.dst)
    bridge.relay(port, now)
