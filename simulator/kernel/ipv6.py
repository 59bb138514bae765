"""IPv6 as far as a host with link-local addresses and ::1 has it, and global addresses on a link. net/ipv6/ip6_*.c.

There is no forwarding and no ip6tables hook on this road: Docker Engine 20.10 leaves both alone.
"""

from __future__ import annotations

from simulator.kernel import ndisc
from simulator.kernel.device import Device
from simulator.kernel.drops import drop
from simulator.kernel.netfilter.hooks import Skb
from simulator.kernel.packet import NO_MAC, Discovery, Frame, GroupReport, Packet, frame


def receive(device: Device, received: Frame) -> None:
    """A frame with an IPv6 packet came in (ipv6_rcv)."""
    packet = received.payload
    assert isinstance(packet, Packet)
    netns = device.netns
    if isinstance(packet.l4, GroupReport):
        return
    if isinstance(packet.l4, Discovery):
        ndisc.receive(device, packet)
    elif netns.is_local(packet.dst):
        netns.deliver(Skb(packet, netns, device_in=device))
    elif not packet.dst.startswith("ff"):
        drop(netns, packet.id, "NOT_FORWARDING", packet.dst)


def send(skb: Skb, *, device: Device | None = None) -> None:
    """A packet that this host made. Raises OSError ENETUNREACH and what else a route lookup gives."""
    netns, packet = skb.netns, skb.packet
    if packet.dst.startswith("ff") and device:
        device.transmit(frame(packet, src=device.mac, dst=ndisc.group_mac(packet.dst)))
        return
    route = netns.fib.lookup(packet.dst, device=device)
    out = netns.loopback if route.kind == "local" else route.device
    assert out is not None
    if not out.arp:
        out.transmit(frame(packet, src=out.mac, dst=NO_MAC))
        return

    def sent(mac: str) -> None:
        out.transmit(frame(packet, src=out.mac, dst=mac))

    netns.neighbours.output(out, route.gateway or packet.dst, packet, sent, ndisc.solicit)
