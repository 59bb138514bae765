"""ICMP: the answer to a ping, and telling senders what became of their packets. RFC 792, 1122, net/ipv4/icmp.c.

ICMPv6 echo and errors go the same way. Left out: redirects, timestamps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.kernel.drops import drop
from simulator.kernel.netfilter.hooks import Skb
from simulator.kernel.packet import (
    ECHO6_REPLY,
    ECHO_REPLY,
    FRAGMENTATION_NEEDED,
    PORT_UNREACHABLE,
    PROTO_ICMP,
    PROTO_ICMPV6,
    PROTOCOL_UNREACHABLE,
    UNREACHABLE,
    Icmp,
    Packet,
    icmp,
)
from simulator.trace import Delivered

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace

PRECEDENCE_INTERNETCONTROL = 0xC0  # the TOS of errors: RFC 1812 4.3.2.5

TOO_BIG = {4: (UNREACHABLE, FRAGMENTATION_NEEDED), 6: (2, 0)}

# ICMPv4 errors and their ICMPv6 counterparts, for code that serves both: (type, code) -> (type, code).
_AS_ICMP6 = {
    (UNREACHABLE, 0): (1, 0),
    (UNREACHABLE, 1): (1, 3),
    (UNREACHABLE, 3): (1, 4),
    (UNREACHABLE, 13): (1, 1),
    (11, 0): (3, 0),
    (UNREACHABLE, 4): (2, 0),
}


def receive(skb: Skb) -> None:
    """An ICMP packet for this host (icmp_rcv)."""
    message = skb.packet.l4
    assert isinstance(message, Icmp)
    if message.is_echo_request:
        _echo(skb, message)
    elif message.about is not None:
        _error_came(skb, message)


def _echo(skb: Skb, request: Icmp) -> None:
    netns, packet = skb.netns, skb.packet
    to_all = netns.fib.kind_of(packet.dst) in ("broadcast", "multicast") and packet.version == 4
    if netns.sysctl["net.ipv4.icmp_echo_ignore_all"] == "1" or (
        to_all and netns.sysctl["net.ipv4.icmp_echo_ignore_broadcasts"] == "1"
    ):
        drop(netns, packet.id, "ECHO_IGNORED", packet.dst)
        return
    told(netns, packet, "echo responder")
    source = packet.dst if netns.is_local(packet.dst) else netns.source_for(packet.src)
    kind = ECHO_REPLY if packet.version == 4 else ECHO6_REPLY
    answer = Icmp(kind, 0, request.ident, request.seq, request.data)
    _try_send(netns, icmp(source, packet.src, answer, number=netns.number(), tos=packet.tos), skb)


def _error_came(skb: Skb, message: Icmp) -> None:
    netns, packet = skb.netns, skb.packet
    about = message.about
    assert about is not None
    told(netns, packet, "sender of what the error is about")
    if (message.type, message.code) == TOO_BIG[about.version]:
        netns.path_mtus.learn(about.dst, message.mtu)
    device = skb.device_in.name if skb.device_in else ""
    netns.sockets.icmp_error(about, message.type, message.code, message.mtu, sender=packet.src, device=device)


def send_error(netns: NetNamespace, packet: Packet, kind: int, code: int, *, mtu: int = 0) -> None:
    """Tells the sender of a packet what became of it (icmp_send), unless RFC 1122 3.2.2 forbids it."""
    if packet.offset > 0 or _is_error(packet) or packet.src in ("0.0.0.0", "::") or not _is_unicast(netns, packet):
        return
    if packet.version == 6:
        kind, code = _AS_ICMP6.get((kind, code), (kind, code))
    if not netns.icmp_limits.allow(packet.src, kind, code):
        return
    try:
        source = packet.dst if netns.is_local(packet.dst) else netns.source_for(packet.src)
    except OSError:
        return
    error = Icmp(kind, code, about=packet, mtu=mtu)
    tos = PRECEDENCE_INTERNETCONTROL if packet.version == 4 else 0
    _try_send(netns, icmp(source, packet.src, error, number=netns.number(), tos=tos), None)


def unreachable(netns: NetNamespace, packet: Packet) -> None:
    """The next hop of a packet does not answer: the sender is told, this host itself by lo (arp_error_report)."""
    send_error(netns, packet, UNREACHABLE, 1)


def port_unreachable(skb: Skb) -> None:
    """Nobody listens on the UDP port."""
    drop(skb.netns, skb.packet.id, "PORT_CLOSED", f"udp port {skb.packet.dport}")
    send_error(skb.netns, skb.packet, UNREACHABLE, PORT_UNREACHABLE)


def protocol_unreachable(skb: Skb) -> None:
    drop(skb.netns, skb.packet.id, "NO_PROTOCOL", f"protocol {skb.packet.proto}")
    send_error(skb.netns, skb.packet, UNREACHABLE, PROTOCOL_UNREACHABLE)


def told(netns: NetNamespace, packet: Packet, *to: object) -> None:
    """Records that a packet has arrived where it wanted to go, which these words name."""
    if Delivered in netns.trace.wanted:
        where = (netns.clock.now, netns.machine.name, netns.name)
        netns.trace.emit(Delivered(*where, packet.id, " ".join(str(word) for word in to)))


def _is_error(packet: Packet) -> bool:
    return packet.proto in (PROTO_ICMP, PROTO_ICMPV6) and packet.is_icmp_error


def _is_unicast(netns: NetNamespace, packet: Packet) -> bool:
    return netns.fib.kind_of(packet.dst) in ("unicast", "local")


def _try_send(netns: NetNamespace, packet: Packet, cause: Skb | None) -> None:
    """Sends what the kernel itself says; if there is no road it is lost."""
    device = cause.device_in if cause and packet.dst.startswith("fe80:") else None
    try:
        netns.send(packet, device=device)
    except OSError as refusal:
        drop(netns, packet.id, "NO_ROUTE", str(refusal.strerror))
