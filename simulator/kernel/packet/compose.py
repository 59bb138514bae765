"""Packets and frames made from what they carry, and copies with other headers.

Every constructor demands every address: an unset IP.src or ARP.psrc would make scapy ask the real machine.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from simulator.kernel.packet import scapy_layers as scapy
from simulator.kernel.packet.headers import (
    ECHO_REPLY,
    ECHO_REQUEST,
    IPV4_HEADER,
    PROTO_ICMP,
    PROTO_ICMPV6,
    PROTO_IGMP,
    PROTO_TCP,
    PROTO_UDP,
    Discovery,
    GroupReport,
    Icmp,
    Raw,
    Tcp,
    Transport,
    Udp,
)
from simulator.kernel.packet.values import Arp, Frame, Packet


def icmp(src: str, dst: str, message: Icmp, *, number: int, **header: Any) -> Packet:
    """An ICMP packet; ICMPv6 if src is an IPv6 address."""
    return Packet(src, dst, PROTO_ICMPV6 if ":" in src else PROTO_ICMP, message, number=number, **header)


def udp(src: str, dst: str, datagram: Udp, *, number: int, **header: Any) -> Packet:
    return Packet(src, dst, PROTO_UDP, datagram, number=number, **header)


def tcp(src: str, dst: str, segment: Tcp, *, number: int, **header: Any) -> Packet:
    return Packet(src, dst, PROTO_TCP, segment, number=number, **header)


def raw(src: str, dst: str, proto: int, data: bytes, *, number: int, **header: Any) -> Packet:
    return Packet(src, dst, proto, Raw(data), number=number, **header)


def discovery(src: str, dst: str, message: Discovery, *, number: int) -> Packet:
    """A neighbour discovery packet; its hop limit of 255 proves that no router forwarded it (RFC 4861 7.1)."""
    return Packet(src, dst, PROTO_ICMPV6, message, number=number, ttl=255)


def mld(src: str, dst: str, report: GroupReport, *, number: int) -> Packet:
    return Packet(src, dst, PROTO_ICMPV6, report, number=number, ttl=1)


def igmp(src: str, dst: str, report: GroupReport, *, number: int) -> Packet:
    return Packet(src, dst, PROTO_IGMP, report, number=number, ttl=1, tos=0xC0)


def arp(op: int, *, hwsrc: str, psrc: str, hwdst: str, pdst: str) -> Arp:
    return Arp(op, hwsrc=hwsrc, psrc=psrc, hwdst=hwdst, pdst=pdst)


def frame(payload: Packet | Arp, *, src: str, dst: str) -> Frame:
    return Frame(payload, src=src, dst=dst)


def rewrite(
    packet: Packet,
    *,
    src: str | None = None,
    dst: str | None = None,
    sport: int | None = None,
    dport: int | None = None,
    ttl: int | None = None,
    tos: int | None = None,
    echo_ident: int | None = None,
    about: Packet | None = None,
    l4: Transport | None = None,
) -> Packet:
    """A copy of a packet with new headers and its old id; what is None stays as it was.

    A router that only counts the TTL down leaves what is behind the IP header alone: both packets have the same layers.
    """
    l4 = packet.l4 if l4 is None else l4
    changes: dict[str, Any] = {}
    if sport is not None:
        changes["sport"] = sport
    if dport is not None:
        changes["dport"] = dport
    if echo_ident is not None:
        changes["ident"] = echo_ident
    if about is not None:
        changes["about"] = about
    if changes:
        l4 = replace(l4, **changes)
    same_body = l4 is packet.l4 and src is None and dst is None
    return Packet(
        packet.src if src is None else src,
        packet.dst if dst is None else dst,
        packet.proto,
        l4,
        number=packet.id,
        ttl=packet.ttl if ttl is None else ttl,
        ident=packet.ident,
        df=packet.df,
        mf=packet.mf,
        offset=packet.offset,
        tos=packet.tos if tos is None else tos,
        body=packet.body if same_body else None,
    )


def parse_ip(data: bytes, *, number: int) -> Packet:
    """The packet in bytes that a program hands to a raw socket with IP_HDRINCL.

    Raises ValueError for what is no IPv4 packet.
    """
    if len(data) < IPV4_HEADER or data[0] >> 4 != 4:
        raise ValueError("not an IPv4 packet")
    layer = scapy.IP(data)
    body = bytes(layer.payload)
    inner = layer.payload
    transport: Transport = Raw(body)
    if isinstance(inner, scapy.UDP):
        transport = Udp(inner.sport, inner.dport, body[8:])
    elif isinstance(inner, scapy.ICMP) and inner.type in (ECHO_REQUEST, ECHO_REPLY):
        transport = Icmp(inner.type, inner.code, inner.id, inner.seq, body[8:])
    return Packet(layer.src, layer.dst, layer.proto, transport, number=number, ttl=layer.ttl, ident=layer.id)
