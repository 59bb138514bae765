"""The scapy layers of a packet, with the lengths that its headers state."""

from __future__ import annotations

import struct
from collections.abc import Callable
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from simulator.kernel.packet import scapy_layers as scapy
from simulator.kernel.packet.headers import (
    ECHO6_REQUEST,
    FRAGMENT_HEADER,
    FRAGMENT_NEXT,
    ICMP_ERROR_LIMIT,
    IPV4_HEADER,
    IPV6_HEADER,
    NEIGHBOUR_ADVERTISEMENT,
    NEIGHBOUR_SOLICITATION,
    NO_MAC,
    NO_OPTIONS,
    ROUTER_SOLICITATION,
    Discovery,
    Fragment,
    GroupReport,
    Icmp,
    Raw,
    Tcp,
    TcpOptions,
    Udp,
)
from simulator.kernel.packet.template import Template, stack

if TYPE_CHECKING:
    from simulator.kernel.packet.values import Packet

Body = tuple[int, Any]  # bytes, and the scapy layers that they are

# Headers that are made for every packet. Addresses are set in each copy.
_IP = Template(scapy.IP(version=4, ihl=5, src="0.0.0.0", dst="0.0.0.0"))
_IP_WITH_ALERT = Template(
    scapy.IP(version=4, ihl=6, options=[scapy.IPOption_Router_Alert()], src="0.0.0.0", dst="0.0.0.0")
)
_IPV6 = Template(scapy.IPv6(src="::", dst="::"))
_FRAGMENT = Template(scapy.IPv6ExtHdrFragment())
_HOP_BY_HOP = Template(scapy.IPv6ExtHdrHopByHop(options=[scapy.RouterAlert()]))
_UDP, _TCP, _ICMP, _DATA = (Template(layer()) for layer in (scapy.UDP, scapy.TCP, scapy.ICMP, scapy.RawLayer))
_MLD_REPORT, _MLD_RECORD = Template(scapy.ICMPv6MLReport2()), Template(scapy.ICMPv6MLDMultAddrRec())
_SOLICIT_ROUTER, _SOLICIT_NEIGHBOUR = Template(scapy.ICMPv6ND_RS()), Template(scapy.ICMPv6ND_NS())
_ADVERTISE_NEIGHBOUR = Template(scapy.ICMPv6ND_NA())
_SOURCE_ADDRESS = Template(scapy.ICMPv6NDOptSrcLLAddr(lladdr=NO_MAC))
_TARGET_ADDRESS = Template(scapy.ICMPv6NDOptDstLLAddr(lladdr=NO_MAC))
_NONCE = Template(scapy.ICMPv6NDOptUnknown(type=14, len=1))


def build_body(packet: Packet) -> Body:
    """What is behind the IP header."""
    return _BUILD[type(packet.l4)](packet)


def _build_ipv4(packet: Packet) -> Body:
    size, payload = packet.body
    header = _IP_WITH_ALERT if isinstance(packet.l4, GroupReport) else _IP
    length = (24 if header is _IP_WITH_ALERT else IPV4_HEADER) + size
    layer = header(
        tos=packet.tos,
        len=length,
        id=packet.ident,
        flags=(2 if packet.df else 0) | (1 if packet.mf else 0),
        frag=packet.offset // 8,
        ttl=packet.ttl,
        proto=packet.proto,
        src=packet.src,
        dst=packet.dst,
    )
    return length, stack(layer, payload)


def _build_ipv6(packet: Packet) -> Body:
    size, payload = packet.body
    next_header = packet.proto
    if isinstance(packet.l4, GroupReport):
        hop_by_hop = _HOP_BY_HOP(nh=packet.proto)
        size, payload, next_header = size + 8, stack(hop_by_hop, payload), 0
    elif packet.is_fragment:
        header = _FRAGMENT(nh=packet.proto, offset=packet.offset // 8, m=int(packet.mf), id=packet.ident)
        size, payload, next_header = size + FRAGMENT_HEADER, stack(header, payload), FRAGMENT_NEXT
    layer = _IPV6(tc=packet.tos, plen=size, nh=next_header, hlim=packet.ttl, src=packet.src, dst=packet.dst)
    return IPV6_HEADER + size, stack(layer, payload)


def _build_udp(packet: Packet) -> Body:
    datagram = packet.l4
    assert isinstance(datagram, Udp)
    size = 8 + len(datagram.data)
    layer = _UDP(sport=datagram.sport, dport=datagram.dport, len=size)
    return size, _with_data(layer, datagram.data)


def _build_tcp(packet: Packet) -> Body:
    segment = packet.l4
    assert isinstance(segment, Tcp)
    options, width = _tcp_options(segment.options)
    layer = _TCP(
        sport=segment.sport,
        dport=segment.dport,
        seq=segment.seq,
        ack=segment.ack,
        dataofs=5 + width // 4,
        flags=segment.flags,
        window=segment.window,
        options=options,
    )
    return 20 + width + len(segment.data), _with_data(layer, segment.data)


_OPTION_SIZES = {"MSS": 4, "SAckOK": 2, "Timestamp": 10, "NOP": 1, "WScale": 3}  # bytes
_PADDING: list[tuple[str, Any]] = [("NOP", None), ("NOP", None)]


def _tcp_options(options: TcpOptions) -> tuple[list[tuple[str, Any]], int]:
    """The options in the order in which Linux writes them (tcp_options_write), and their size in bytes."""
    if options is NO_OPTIONS:
        return [], 0
    if options.timestamp and options.mss is None and options.window_scale is None and not options.sack_ok:
        return [*_PADDING, ("Timestamp", options.timestamp)], 12  # what every segment after the SYNs has
    chosen: list[tuple[str, Any]] = []
    if options.mss is not None:
        chosen.append(("MSS", options.mss))
    if options.timestamp is not None:
        chosen += [("SAckOK", b"")] if options.sack_ok else _PADDING
        chosen.append(("Timestamp", options.timestamp))
    elif options.sack_ok:
        chosen += [*_PADDING, ("SAckOK", b"")]
    if options.window_scale is not None:
        chosen += [("NOP", None), ("WScale", options.window_scale)]
    return chosen, sum(_OPTION_SIZES[name] for name, _ in chosen)


def _build_icmp(packet: Packet) -> Body:
    message = packet.l4
    assert isinstance(message, Icmp)
    if packet.version == 6:
        return _build_icmp6(message)
    if message.about is None:
        layer = _ICMP(type=message.type, code=message.code, id=message.ident, seq=message.seq)
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


def _build_icmp6(message: Icmp) -> Body:
    if message.about is None:
        kind = scapy.ICMPv6EchoRequest if message.type == ECHO6_REQUEST else scapy.ICMPv6EchoReply
        return 8 + len(message.data), kind(id=message.ident, seq=message.seq, data=message.data)
    quoted = _quoted(message.about, 6)
    return 8 + len(quoted), _with_data(_ICMP6_ERRORS[message.type](code=message.code), quoted)


def _quoted(packet: Packet, version: int) -> bytes:
    header = IPV4_HEADER if version == 4 else IPV6_HEADER
    return packet.bytes()[: ICMP_ERROR_LIMIT[version] - header - 8]


def _build_raw(packet: Packet) -> Body:
    assert isinstance(packet.l4, Raw | Fragment)
    return len(packet.l4.data), _DATA(load=packet.l4.data)


def _build_discovery(packet: Packet) -> Body:
    message = packet.l4
    assert isinstance(message, Discovery)
    if message.type == ROUTER_SOLICITATION:
        layer, size = _SOLICIT_ROUTER(), 8
    elif message.type == NEIGHBOUR_SOLICITATION:
        layer, size = _SOLICIT_NEIGHBOUR(tgt=message.target), 24
    else:
        layer = _ADVERTISE_NEIGHBOUR(tgt=message.target, R=0, S=int(message.solicited), O=int(message.override))
        size = 24
    last = layer
    if message.mac:
        option = _TARGET_ADDRESS if message.type == NEIGHBOUR_ADVERTISEMENT else _SOURCE_ADDRESS
        last, size = stack(last, option(lladdr=message.mac)).payload, size + 8
    if message.nonce:
        stack(last, _NONCE(data=message.nonce))
        size += 8
    return size, layer


def _build_report(packet: Packet) -> Body:
    report = packet.l4
    assert isinstance(report, GroupReport)
    if packet.version == 6:
        records = [_MLD_RECORD(rtype=kind, dst=group) for kind, group in report.records]
        return 8 + 20 * len(records), _MLD_REPORT(records=records, records_number=len(records))
    body = b"".join(struct.pack(">BBH4s", kind, 0, 0, ip_address(group).packed) for kind, group in report.records)
    data = struct.pack(">BBHHH", 0x22, 0, 0, 0, len(report.records)) + body
    return len(data), _DATA(load=data[:2] + struct.pack(">H", _checksum(data)) + data[4:])


def _checksum(data: bytes) -> int:
    """The Internet checksum (RFC 1071) of an even number of bytes."""
    total: int = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def _with_data(layer: Any, data: bytes) -> Any:
    return stack(layer, _DATA(load=data)) if data else layer


_BUILD: dict[type, Callable[[Packet], Body]] = {
    Icmp: _build_icmp,
    Udp: _build_udp,
    Tcp: _build_tcp,
    Raw: _build_raw,
    Fragment: _build_raw,
    Discovery: _build_discovery,
    GroupReport: _build_report,
}
BUILD_IP: dict[int, Callable[[Packet], Body]] = {4: _build_ipv4, 6: _build_ipv6}
