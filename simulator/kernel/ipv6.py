"""The road of an IPv6 packet through a host, hook by hook. See net/ipv6/ip6_input.c, ip6_output.c (ip6_forward).

It is IPv4's road with its own tables (ip6tables). Left out: extension headers but that of fragments, multicast beyond the link.
"""

from __future__ import annotations

import errno

from simulator.kernel import ndisc
from simulator.kernel.device import Device
from simulator.kernel.drops import drop
from simulator.kernel.errors import error
from simulator.kernel.forward import next_hop
from simulator.kernel.netfilter.skb import ACCEPT, FORWARD, INPUT, OUTPUT, POSTROUTING, PREROUTING, Skb
from simulator.kernel.packet import (
    NO_MAC,
    Discovery,
    Frame,
    GroupReport,
    Packet,
    fragment,
    frame,
)
from simulator.kernel.route import Route

FORWARDING = "net.ipv6.conf.all.forwarding"


def receive(device: Device, received: Frame) -> None:
    """A frame with an IPv6 packet came in (ipv6_rcv)."""
    packet = received.payload
    assert isinstance(packet, Packet)
    if device.netns.conf("ipv6", device.name, "disable_ipv6") == "1":
        drop(device.netns, packet.id, "IPV6_DISABLED", device.name)
        return
    skb = Skb(packet, device.netns, device_in=device, frame=received)
    if device.netns.netfilter.run(PREROUTING, skb) is ACCEPT:
        route_input(skb)


def route_input(skb: Skb) -> None:
    """Decides whether a packet is for this host, for somebody behind it, or for nobody (ip6_rcv_finish)."""
    netns, packet = skb.netns, skb.packet
    if netns.is_local(packet.dst) or isinstance(packet.l4, (Discovery, GroupReport)):
        deliver(skb)
    elif packet.dst.startswith("ff"):
        return
    elif netns.sysctl[FORWARDING] != "1" or packet.src.startswith("fe80:"):
        drop(netns, packet.id, "NOT_FORWARDING", packet.dst)
    else:
        forward(skb)


def deliver(skb: Skb) -> None:
    """A packet for this host itself: INPUT, then whoever it is for (ip6_input)."""
    if skb.packet.is_fragment:
        whole = skb.netns.fragments.add(skb.packet, "local")
        if whole is None:
            return
        skb.packet = whole
    if skb.netns.netfilter.run(INPUT, skb) is not ACCEPT:
        return
    if isinstance(skb.packet.l4, Discovery):
        assert skb.device_in is not None
        ndisc.receive(skb.device_in, skb.packet)
    elif not isinstance(skb.packet.l4, GroupReport):
        skb.netns.deliver(skb)


def forward(skb: Skb) -> None:
    """A packet for somebody behind this host (ip6_forward)."""
    route = next_hop(skb)
    if route is not None and skb.netns.netfilter.run(FORWARD, skb) is ACCEPT:
        _output(skb, route)


def send(skb: Skb, *, device: Device | None = None) -> None:
    """A packet that this host made. Raises OSError ENETUNREACH and what else a route lookup gives, EPERM."""
    netns, packet = skb.netns, skb.packet
    if packet.dst.startswith("ff") and device:
        device.transmit(frame(packet, src=device.mac, dst=ndisc.group_mac(packet.dst)))
        return
    route = _road(skb, device)
    if netns.netfilter.run(OUTPUT, skb) is not ACCEPT:
        raise error(errno.EPERM)
    if skb.packet.dst != packet.dst:
        route = _road(skb, device)
    _output(skb, route)


def _road(skb: Skb, device: Device | None) -> Route:
    """The route of a packet we send; to our own addresses it goes by lo."""
    route = skb.netns.fib.lookup(skb.packet.dst, device=device)
    skb.device_out = skb.netns.loopback if route.kind == "local" else route.device
    return route


def _output(skb: Skb, route: Route) -> None:
    """POSTROUTING, then cut to fit, then out (ip6_output, ip6_fragment)."""
    if skb.netns.netfilter.run(POSTROUTING, skb) is not ACCEPT:
        return
    out, packet = skb.device_out, skb.packet
    assert out is not None
    mtu = skb.netns.path_mtus.limit(packet.dst, out.mtu)
    if packet.length <= mtu:
        _transmit(packet, route, out)
        return
    if packet.df:
        drop(skb.netns, packet.id, "TOO_BIG", f"mtu {mtu} of {out.name}")
        raise error(errno.EMSGSIZE)
    for part in fragment(packet, mtu):
        _transmit(part, route, out)


def _transmit(packet: Packet, route: Route, out: Device) -> None:
    """Finds the MAC address of the next hop and sends (ip6_finish_output2)."""
    if not out.arp:
        out.transmit(frame(packet, src=out.mac, dst=NO_MAC))
        return

    def sent(mac: str) -> None:
        out.transmit(frame(packet, src=out.mac, dst=mac))

    out.netns.neighbours.output(out, route.gateway or packet.dst, packet, sent, ndisc.solicit)
