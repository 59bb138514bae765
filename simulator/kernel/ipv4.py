"""The road of an IPv4 packet through a host, hook by hook. See net/ipv4/ip_input.c, ip_forward.c, ip_output.c.

    receive -> PREROUTING -> route -+-> INPUT -> deliver
                                    +-> FORWARD -> POSTROUTING -> neighbour -> device
    send -> route -> OUTPUT -------------------^

Left out: options, source routing, multicast routing, redirects.
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from simulator.kernel import arp
from simulator.kernel.device import Device
from simulator.kernel.drops import drop
from simulator.kernel.errors import error
from simulator.kernel.forward import next_hop
from simulator.kernel.netfilter.skb import ACCEPT, FORWARD, INPUT, OUTPUT, POSTROUTING, PREROUTING, Skb
from simulator.kernel.packet import (
    BROADCAST_MAC,
    NO_MAC,
    Frame,
    Packet,
    fragment,
    frame,
)
from simulator.kernel.route import Route, any_source, source_on
from simulator.trace import RouteChosen

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace

RP_FILTER_ALL = "net.ipv4.conf.all.rp_filter"

# --- in ------------------------------------------------------------------------------------------------------------


def receive(device: Device, received: Frame) -> None:
    """A frame with an IPv4 packet for this host came in (ip_rcv)."""
    packet = received.payload
    assert isinstance(packet, Packet)
    netns = device.netns
    if packet.is_fragment and netns.netfilter.tracks:
        whole = netns.fragments.add(packet, "conntrack")
        if whole is None:
            return
        packet = whole
    skb = Skb(packet, netns, device_in=device, frame=received)
    if netns.netfilter.run(PREROUTING, skb) is ACCEPT:
        route_input(skb)


def route_input(skb: Skb) -> None:
    """Decides whether a packet is for this host, for somebody behind it, or for nobody (ip_rcv_finish)."""
    netns, packet, device = skb.netns, skb.packet, skb.device_in
    assert device is not None
    if _is_martian(skb, device):
        drop(netns, packet.id, "MARTIAN", f"{packet.src} > {packet.dst} on {device.name}")
        return
    kind = netns.fib.kind_of(packet.dst)
    if kind in ("local", "broadcast", "multicast"):
        deliver(skb)
    elif netns.sysctl["net.ipv4.ip_forward"] != "1":
        drop(netns, packet.id, "NOT_FORWARDING", packet.dst)
    else:
        forward(skb)


def _is_martian(skb: Skb, device: Device) -> bool:
    """Addresses that cannot have come from there: loopback ones off lo, our own from outside (fib_validate_source)."""
    netns, packet = skb.netns, skb.packet
    if device.kind == "loopback":
        return False
    if packet.src.startswith("127.") or packet.dst.startswith("127."):
        return (
            netns.conf("ipv4", device.name, "route_localnet") != "1"
            and netns.conf("ipv4", "all", "route_localnet") != "1"
        )
    if netns.fib.is_local(packet.src):
        return True
    return _reverse_path_fails(skb, device)


def _reverse_path_fails(skb: Skb, device: Device) -> bool:
    netns = skb.netns
    if netns.sysctl[RP_FILTER_ALL] != "1" and netns.conf("ipv4", device.name, "rp_filter") != "1":
        return False
    try:
        return netns.fib.lookup(skb.packet.src).device is not device
    except OSError:
        return True


def deliver(skb: Skb) -> None:
    """A packet for this host itself: INPUT, then the transport protocol (ip_local_deliver)."""
    netns = skb.netns
    if skb.packet.is_fragment:
        whole = netns.fragments.add(skb.packet, "local")
        if whole is None:
            return
        skb.packet = whole
    if netns.netfilter.run(INPUT, skb) is ACCEPT:
        netns.deliver(skb)


def forward(skb: Skb) -> None:
    """A packet for somebody behind this host (ip_forward)."""
    route = next_hop(skb)
    if route is None:
        return
    assert route.device is not None
    _tell(skb, route)
    if skb.netns.netfilter.run(FORWARD, skb) is ACCEPT:
        _output(skb, route, route.device.mtu)


# --- out -----------------------------------------------------------------------------------------------------------


def send(skb: Skb, *, device: Device | None = None) -> None:
    """A packet that this host made (ip_local_out).

    Raises OSError: ENETUNREACH and other refusals of the route, EPERM if iptables drops it, EMSGSIZE if it does not
    fit and must not be fragmented.
    """
    netns, packet = skb.netns, skb.packet
    try:
        route = _road(skb, device)
    except OSError:
        drop(netns, packet.id, "NO_ROUTE", packet.dst)
        raise
    skb.device_out = route.device
    _tell(skb, route)
    if netns.netfilter.run(OUTPUT, skb) is not ACCEPT:
        raise error(errno.EPERM)
    if skb.packet.dst != packet.dst:
        route = _road(skb, device)
        skb.device_out = route.device
        _tell(skb, route)
    assert route.device is not None
    _output(skb, route, netns.path_mtus.limit(skb.packet.dst, route.device.mtu))


def _road(skb: Skb, device: Device | None) -> Route:
    """The route of a packet we send; to our own addresses it goes by lo."""
    netns = skb.netns
    if device and skb.packet.dst == "255.255.255.255":
        return Route(netns.fib.lookup("255.255.255.255", device=device).destination, device, kind="broadcast")
    route = netns.fib.lookup(skb.packet.dst, device=device)
    if route.kind == "local":
        return Route(route.destination, netns.loopback, source=route.source, scope="host", kind="local")
    return route


def _output(skb: Skb, route: Route, mtu: int) -> None:
    """POSTROUTING, then cut to fit, then out (ip_output, ip_finish_output)."""
    netns = skb.netns
    if netns.netfilter.run(POSTROUTING, skb) is not ACCEPT:
        return
    device, packet = route.device, skb.packet
    assert device is not None
    if packet.length <= mtu:
        _transmit(packet, route, device)
        return
    if packet.df:
        drop(netns, packet.id, "TOO_BIG", f"mtu {mtu} of {device.name}")
        raise error(errno.EMSGSIZE)
    for part in fragment(packet, mtu):
        _transmit(part, route, device)


def _transmit(packet: Packet, route: Route, device: Device) -> None:
    """Finds the MAC address of the next hop and sends (ip_finish_output2)."""
    if not device.arp:
        device.transmit(frame(packet, src=device.mac, dst=NO_MAC))
        return
    if route.kind == "broadcast":
        device.transmit(frame(packet, src=device.mac, dst=BROADCAST_MAC))
        return
    if packet.dst.startswith(("224.", "239.")):
        device.transmit(frame(packet, src=device.mac, dst=_group_mac(packet.dst)))
        return

    def sent(mac: str) -> None:
        device.transmit(frame(packet, src=device.mac, dst=mac))

    device.netns.neighbours.output(device, route.gateway or packet.dst, packet, sent, arp.solicit)


def _group_mac(group: str) -> str:
    """The MAC address of an IPv4 group: the low 23 bits of the address (RFC 1112 6.4)."""
    octets = [int(octet) for octet in group.split(".")]
    return f"01:00:5e:{octets[1] & 0x7F:02x}:{octets[2]:02x}:{octets[3]:02x}"


# --- choices -------------------------------------------------------------------------------------------------------


def source_for(netns: NetNamespace, destination: str, *, device: Device | None = None) -> str:
    """The address to speak to a destination from. Raises OSError as a route lookup does, EADDRNOTAVAIL."""
    if ":" in destination and not _has_ipv6(netns):
        raise error(errno.EADDRNOTAVAIL)
    try:
        route: Route = netns.fib.lookup(destination, device=device)
    except OSError:
        drop(netns, 0, "NO_ROUTE", destination)  # there is no packet yet
        raise
    if route.source:
        return route.source
    if route.kind == "local":
        return destination
    assert route.device is not None
    own = source_on(route.device, route.gateway or destination) or any_source(netns)
    if own is None:
        raise error(errno.EADDRNOTAVAIL)
    return own


def _has_ipv6(netns: NetNamespace) -> bool:
    return any(own.version == 6 for device in netns.devices.values() for own in device.addresses)


def _tell(skb: Skb, route: Route) -> None:
    netns = skb.netns
    if RouteChosen in netns.trace.wanted:
        packet, now = skb.packet, int(netns.clock.now)
        netns.trace.emit(
            RouteChosen(now, netns.machine.name, netns.name, packet.id, packet.dst, str(route), str(packet))
        )
