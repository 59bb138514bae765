"""Frames and packets as values. scapy's one door.

A `Frame` (Ethernet) carries an `Arp` or a `Packet` (IPv4 or IPv6), a packet carries one of the transport headers
below. Each knows its header fields in plain Python and owns the scapy layers (`wire`) that were built from them,
once; nothing is ever dissected that was built here. Once made, nothing changes: `rewrite` gives a copy with other
headers and lets scapy compute the checksums anew.

Every constructor demands every address: an unset IP.src or ARP.psrc would make scapy ask the real machine.

RFC 791 (IPv4), 8200 (IPv6), 792 and 4443 (ICMP), 768 (UDP), 9293 (TCP), 826 (ARP), 4861 (neighbour discovery),
3810 (MLDv2), 3376 (IGMPv3). Left out: IPv6 fragments and extension headers other than MLD's router alert.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import IntFlag
from ipaddress import ip_address
from typing import Any

from simulator.kernel import scapy_layers as scapy

PROTO_ICMP, PROTO_IGMP, PROTO_TCP, PROTO_UDP, PROTO_ICMPV6 = 1, 2, 6, 17, 58
ETH_IP, ETH_ARP, ETH_IPV6 = 0x0800, 0x0806, 0x86DD
ETHERNET_HEADER, IPV4_HEADER, IPV6_HEADER = 14, 20, 40  # bytes
BROADCAST_MAC = "ff:ff:ff:ff:ff:ff"
NO_MAC = "00:00:00:00:00:00"

# How much of the packet that it is about an ICMP error carries: RFC 1812 4.3.2.3, RFC 4443 2.4 (c).
ICMP_ERROR_LIMIT = {4: 576, 6: 1280}

ECHO_REPLY, UNREACHABLE, REDIRECT, ECHO_REQUEST, TIME_EXCEEDED = 0, 3, 5, 8, 11
ECHO6_REQUEST, ECHO6_REPLY = 128, 129
NET_UNREACHABLE, HOST_UNREACHABLE, PROTOCOL_UNREACHABLE, PORT_UNREACHABLE, FRAGMENTATION_NEEDED = range(5)
ROUTER_SOLICITATION, NEIGHBOUR_SOLICITATION, NEIGHBOUR_ADVERTISEMENT = 133, 135, 136

ARP_REQUEST, ARP_REPLY = 1, 2


class Flag(IntFlag):
    """The flags of a TCP segment."""

    FIN = 0x01
    SYN = 0x02
    RST = 0x04
    PSH = 0x08
    ACK = 0x10
    URG = 0x20
    ECE = 0x40
    CWR = 0x80


@dataclass(frozen=True, slots=True)
class Icmp:
    """An ICMP or ICMPv6 message: an echo (ident, seq, data) or an error (about, mtu)."""

    type: int
    code: int = 0
    ident: int = 0
    seq: int = 0
    data: bytes = b""
    about: Packet | None = None
    mtu: int = 0

    @property
    def is_echo_request(self) -> bool:
        return self.type in (ECHO_REQUEST, ECHO6_REQUEST)

    @property
    def is_echo_reply(self) -> bool:
        return self.type in (ECHO_REPLY, ECHO6_REPLY)


@dataclass(frozen=True, slots=True)
class Udp:
    """A UDP datagram."""

    sport: int
    dport: int
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class TcpOptions:
    """The options of a segment that Linux sends: mss, window scale (shift), sackOK, timestamps (value, echo)."""

    mss: int | None = None
    window_scale: int | None = None
    sack_ok: bool = False
    timestamp: tuple[int, int] | None = None


NO_OPTIONS = TcpOptions()


@dataclass(frozen=True, slots=True)
class Tcp:
    """A TCP segment."""

    sport: int
    dport: int
    seq: int
    ack: int
    flags: Flag
    window: int
    options: TcpOptions = NO_OPTIONS
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class Raw:
    """The payload of any other protocol."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Fragment:
    """A part of a fragmented packet: its bytes, and the packet it was cut from."""

    data: bytes
    whole: Packet


@dataclass(frozen=True, slots=True)
class Discovery:
    """An ICMPv6 neighbour discovery message: RS, NS or NA. `mac` is the link-layer address option."""

    type: int
    target: str = ""
    mac: str = ""
    nonce: bytes = b""
    solicited: bool = False
    override: bool = False


@dataclass(frozen=True, slots=True)
class GroupReport:
    """An MLDv2 or IGMPv3 report: (record type, group) for each record. Types: 2, 4 exclude (join), 3 include (leave)."""

    records: tuple[tuple[int, str], ...]


Transport = Icmp | Udp | Tcp | Raw | Fragment | Discovery | GroupReport


class Packet:
    """An IP packet of version 4 or 6. `id` names it for its whole life, through NAT and forwarding."""

    __slots__ = (
        "df",
        "dst",
        "id",
        "ident",
        "l4",
        "length",
        "mf",
        "offset",
        "proto",
        "src",
        "tos",
        "ttl",
        "version",
        "wire",
    )

    def __init__(
        self,
        src: str,
        dst: str,
        proto: int,
        l4: Transport,
        *,
        number: int,
        ttl: int = 64,
        ident: int = 0,
        df: bool = False,
        mf: bool = False,
        offset: int = 0,
        tos: int = 0,
    ) -> None:
        self.id = number
        self.version = 6 if ":" in src else 4
        self.src = src
        self.dst = dst
        self.proto = proto
        self.ttl = ttl
        self.ident = ident
        self.df = df
        self.mf = mf
        self.offset = offset
        self.tos = tos
        self.l4 = l4
        self.length, self.wire = _BUILD_IP[self.version](self)

    @property
    def sport(self) -> int | None:
        return self.l4.sport if isinstance(self.l4, Tcp | Udp) else None

    @property
    def dport(self) -> int | None:
        return self.l4.dport if isinstance(self.l4, Tcp | Udp) else None

    @property
    def is_fragment(self) -> bool:
        return self.mf or self.offset > 0

    @property
    def is_icmp_error(self) -> bool:
        return isinstance(self.l4, Icmp) and self.l4.about is not None

    def bytes(self) -> bytes:
        """The packet as on the wire, without the Ethernet header."""
        return bytes(self.wire)

    def __str__(self) -> str:
        return f"{endpoint(self.src, self.sport)} > {endpoint(self.dst, self.dport)} {describe(self)}"

    __repr__ = __str__


class Arp:
    """An ARP request or reply for IPv4 over Ethernet."""

    __slots__ = ("hwdst", "hwsrc", "op", "pdst", "psrc", "wire")

    length = 28

    def __init__(self, op: int, *, hwsrc: str, psrc: str, hwdst: str, pdst: str) -> None:
        self.op, self.hwsrc, self.psrc, self.hwdst, self.pdst = op, hwsrc, psrc, hwdst, pdst
        self.wire: Any = scapy.ARP(op=op, hwsrc=hwsrc, psrc=psrc, hwdst=hwdst, pdst=pdst)

    def __str__(self) -> str:
        if self.op == ARP_REQUEST:
            return f"ARP, Request who-has {self.pdst} tell {self.psrc}"
        return f"ARP, Reply {self.psrc} is-at {self.hwsrc}"

    __repr__ = __str__


class Frame:
    """An Ethernet frame. `length` is in bytes, without padding and checksum."""

    __slots__ = ("_bytes", "dst", "ethertype", "length", "payload", "src", "wire")

    def __init__(self, payload: Packet | Arp, *, src: str, dst: str) -> None:
        self.src = src
        self.dst = dst
        self.payload = payload
        self.ethertype = ETH_ARP if isinstance(payload, Arp) else ETH_IP if payload.version == 4 else ETH_IPV6
        self.length = ETHERNET_HEADER + payload.length
        self.wire: Any = scapy.Ether(dst=dst, src=src, type=self.ethertype)
        self.wire.add_payload(payload.wire)
        self._bytes: bytes | None = None

    def bytes(self) -> bytes:
        """The frame as on the wire; serialised once."""
        if self._bytes is None:
            self._bytes = bytes(self.wire)
        return self._bytes

    @property
    def is_multicast(self) -> bool:
        """Whether it goes to a group, or to all (the lowest bit of the first octet)."""
        return self.dst[1] in "13579bdf"

    def __str__(self) -> str:
        return f"{self.src} > {self.dst} {self.payload}"

    __repr__ = __str__


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
    """A copy of a packet with new headers and its old id; what is None stays as it was."""
    body = packet.l4 if l4 is None else l4
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
        body = replace(body, **changes)
    return Packet(
        packet.src if src is None else src,
        packet.dst if dst is None else dst,
        packet.proto,
        body,
        number=packet.id,
        ttl=packet.ttl if ttl is None else ttl,
        ident=packet.ident,
        df=packet.df,
        mf=packet.mf,
        offset=packet.offset,
        tos=packet.tos if tos is None else tos,
    )


def fragment(packet: Packet, mtu: int) -> list[Packet]:
    """The packet cut so that each part fits into mtu bytes (RFC 791 3.2). IPv4 only."""
    data = packet.bytes()[IPV4_HEADER:]
    step = (mtu - IPV4_HEADER) // 8 * 8
    return [
        Packet(
            packet.src,
            packet.dst,
            packet.proto,
            Fragment(data[at : at + step], packet),
            number=packet.id,
            ttl=packet.ttl,
            ident=packet.ident,
            mf=at + step < len(data),
            offset=at,
            tos=packet.tos,
        )
        for at in range(0, len(data), step)
    ]


def reassemble(fragments: list[Packet]) -> Packet | None:
    """The packet that these fragments of one packet make together, or None while some are missing."""
    parts = sorted(fragments, key=lambda part: part.offset)
    end = 0
    for part in parts:
        if part.offset != end or not isinstance(part.l4, Fragment):
            return None
        end += len(part.l4.data)
    first = parts[0].l4
    if parts[-1].mf or not isinstance(first, Fragment):
        return None
    return rewrite(first.whole, ttl=parts[0].ttl)


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


# --- building with scapy -------------------------------------------------------------------------------------------


def _build_ipv4(packet: Packet) -> tuple[int, Any]:
    size, payload = _BUILD[type(packet.l4)](packet)
    header: dict[str, Any] = {"version": 4, "ihl": 5}
    if isinstance(packet.l4, GroupReport):
        header = {"version": 4, "ihl": 6, "options": [scapy.IPOption_Router_Alert()]}
    length = 4 * header["ihl"] + size
    layer = scapy.IP(
        tos=packet.tos,
        len=length,
        id=packet.ident,
        flags=(2 if packet.df else 0) | (1 if packet.mf else 0),
        frag=packet.offset // 8,
        ttl=packet.ttl,
        proto=packet.proto,
        src=packet.src,
        dst=packet.dst,
        **header,
    )
    layer.add_payload(payload)
    return length, layer


def _build_ipv6(packet: Packet) -> tuple[int, Any]:
    size, payload = _BUILD[type(packet.l4)](packet)
    next_header = packet.proto
    if isinstance(packet.l4, GroupReport):
        hop_by_hop = scapy.IPv6ExtHdrHopByHop(nh=packet.proto, options=[scapy.RouterAlert()])
        hop_by_hop.add_payload(payload)
        size, payload, next_header = size + 8, hop_by_hop, 0
    layer = scapy.IPv6(tc=packet.tos, plen=size, nh=next_header, hlim=packet.ttl, src=packet.src, dst=packet.dst)
    layer.add_payload(payload)
    return IPV6_HEADER + size, layer


def _build_udp(packet: Packet) -> tuple[int, Any]:
    datagram = packet.l4
    assert isinstance(datagram, Udp)
    size = 8 + len(datagram.data)
    layer = scapy.UDP(sport=datagram.sport, dport=datagram.dport, len=size)
    return size, _with_data(layer, datagram.data)


def _build_tcp(packet: Packet) -> tuple[int, Any]:
    segment = packet.l4
    assert isinstance(segment, Tcp)
    options, width = _tcp_options(segment.options)
    layer = scapy.TCP(
        sport=segment.sport,
        dport=segment.dport,
        seq=segment.seq,
        ack=segment.ack,
        dataofs=5 + width // 4,
        flags=int(segment.flags),
        window=segment.window,
        options=options,
    )
    return 20 + width + len(segment.data), _with_data(layer, segment.data)


def _tcp_options(options: TcpOptions) -> tuple[list[tuple[str, Any]], int]:
    """The options in the order in which Linux writes them (tcp_options_write), and their size in bytes."""
    if options is NO_OPTIONS:
        return [], 0
    chosen: list[tuple[str, Any]] = []
    if options.mss is not None:
        chosen.append(("MSS", options.mss))
    if options.timestamp is not None:
        chosen += [("SAckOK", b"")] if options.sack_ok else [("NOP", None), ("NOP", None)]
        chosen.append(("Timestamp", options.timestamp))
    elif options.sack_ok:
        chosen += [("NOP", None), ("NOP", None), ("SAckOK", b"")]
    if options.window_scale is not None:
        chosen += [("NOP", None), ("WScale", options.window_scale)]
    sizes = {"MSS": 4, "SAckOK": 2, "Timestamp": 10, "NOP": 1, "WScale": 3}
    return chosen, sum(sizes[name] for name, _ in chosen)


def _build_icmp(packet: Packet) -> tuple[int, Any]:
    message = packet.l4
    assert isinstance(message, Icmp)
    if packet.version == 6:
        return _build_icmp6(message)
    if message.about is None:
        layer = scapy.ICMP(type=message.type, code=message.code, id=message.ident, seq=message.seq)
        return 8 + len(message.data), _with_data(layer, message.data)
    quoted = _quoted(message.about, 4)
    layer = scapy.ICMP(type=message.type, code=message.code)
    if message.mtu:
        layer.nexthopmtu = message.mtu
    return 8 + len(quoted), _with_data(layer, quoted)


_ICMP6_ERRORS: dict[int, Any] = {
    1: scapy.ICMPv6DestUnreach,
    2: scapy.ICMPv6PacketTooBig,
    3: scapy.ICMPv6TimeExceeded,
}


def _build_icmp6(message: Icmp) -> tuple[int, Any]:
    if message.about is None:
        kind = scapy.ICMPv6EchoRequest if message.type == ECHO6_REQUEST else scapy.ICMPv6EchoReply
        return 8 + len(message.data), kind(id=message.ident, seq=message.seq, data=message.data)
    quoted = _quoted(message.about, 6)
    return 8 + len(quoted), _with_data(_ICMP6_ERRORS[message.type](code=message.code), quoted)


def _quoted(packet: Packet, version: int) -> bytes:
    header = IPV4_HEADER if version == 4 else IPV6_HEADER
    return packet.bytes()[: ICMP_ERROR_LIMIT[version] - header - 8]


def _build_raw(packet: Packet) -> tuple[int, Any]:
    assert isinstance(packet.l4, Raw | Fragment)
    return len(packet.l4.data), scapy.RawLayer(load=packet.l4.data)


def _build_discovery(packet: Packet) -> tuple[int, Any]:
    message = packet.l4
    assert isinstance(message, Discovery)
    if message.type == ROUTER_SOLICITATION:
        layer, size = scapy.ICMPv6ND_RS(), 8
    elif message.type == NEIGHBOUR_SOLICITATION:
        layer, size = scapy.ICMPv6ND_NS(tgt=message.target), 24
    else:
        layer = scapy.ICMPv6ND_NA(tgt=message.target, R=0, S=int(message.solicited), O=int(message.override))
        size = 24
    last = layer
    if message.mac:
        is_answer = message.type == NEIGHBOUR_ADVERTISEMENT
        option = (scapy.ICMPv6NDOptDstLLAddr if is_answer else scapy.ICMPv6NDOptSrcLLAddr)(lladdr=message.mac)
        last.add_payload(option)
        last, size = option, size + 8
    if message.nonce:
        last.add_payload(scapy.ICMPv6NDOptUnknown(type=14, len=1, data=message.nonce))
        size += 8
    return size, layer


def _build_report(packet: Packet) -> tuple[int, Any]:
    report = packet.l4
    assert isinstance(report, GroupReport)
    if packet.version == 6:
        records = [scapy.ICMPv6MLDMultAddrRec(rtype=kind, dst=group) for kind, group in report.records]
        return 8 + 20 * len(records), scapy.ICMPv6MLReport2(records=records, records_number=len(records))
    body = b"".join(struct.pack(">BBH4s", kind, 0, 0, ip_address(group).packed) for kind, group in report.records)
    data = struct.pack(">BBHHH", 0x22, 0, 0, 0, len(report.records)) + body
    return len(data), scapy.RawLayer(load=data[:2] + struct.pack(">H", _checksum(data)) + data[4:])


def _checksum(data: bytes) -> int:
    """The Internet checksum (RFC 1071) of an even number of bytes."""
    total: int = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def _with_data(layer: Any, data: bytes) -> Any:
    if data:
        layer.add_payload(scapy.RawLayer(load=data))
    return layer


_BUILD: dict[type, Callable[[Packet], tuple[int, Any]]] = {
    Icmp: _build_icmp,
    Udp: _build_udp,
    Tcp: _build_tcp,
    Raw: _build_raw,
    Fragment: _build_raw,
    Discovery: _build_discovery,
    GroupReport: _build_report,
}
_BUILD_IP: dict[int, Callable[[Packet], tuple[int, Any]]] = {4: _build_ipv4, 6: _build_ipv6}


# --- spelling ------------------------------------------------------------------------------------------------------


def endpoint(address: str, port: int | None) -> str:
    """An address, with its port as tcpdump joins them."""
    return address if port is None else f"{address}.{port}"


def describe(packet: Packet) -> str:
    """What a packet carries, in a few words."""
    return _DESCRIBE[type(packet.l4)](packet)


def _describe_icmp(packet: Packet) -> str:
    message = packet.l4
    assert isinstance(message, Icmp)
    if message.is_echo_request or message.is_echo_reply:
        kind = "request" if message.is_echo_request else "reply"
        return f"ICMP echo {kind}, id {message.ident}, seq {message.seq}, length {8 + len(message.data)}"
    return f"ICMP type {message.type} code {message.code} about {message.about}"


def flags_text(flags: Flag) -> str:
    """Flags as tcpdump writes them: S, S., P., F., R ..."""
    marks = [(Flag.SYN, "S"), (Flag.FIN, "F"), (Flag.RST, "R"), (Flag.PSH, "P"), (Flag.ACK, "."), (Flag.URG, "U")]
    return "".join(mark for flag, mark in marks if flags & flag) or "none"


def _describe_tcp(packet: Packet) -> str:
    segment = packet.l4
    assert isinstance(segment, Tcp)
    return f"TCP [{flags_text(segment.flags)}] seq {segment.seq} ack {segment.ack} length {len(segment.data)}"


def _describe_size(packet: Packet) -> str:
    body = packet.l4
    size = len(body.data) if isinstance(body, Udp | Raw | Fragment) else packet.length
    return f"{_NAMES.get(type(body), 'data')}, length {size}"


_NAMES = {Udp: "UDP", Raw: "data", Fragment: "fragment", Discovery: "neighbour discovery", GroupReport: "group report"}
_DESCRIBE: dict[type, Callable[[Packet], str]] = {
    Icmp: _describe_icmp,
    Tcp: _describe_tcp,
    Udp: _describe_size,
    Raw: _describe_size,
    Fragment: _describe_size,
    Discovery: _describe_size,
    GroupReport: _describe_size,
}
