"""Frames as lines of text: print-ether.c, print-arp.c, print-ip.c, print-ip6.c and their like."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from simulator.kernel.packet import (
    ETH_ARP,
    ETH_IP,
    ETH_IPV6,
    IPV4_HEADER,
    IPV6_HEADER,
    NO_MAC,
    PROTO_ICMP,
    PROTO_ICMPV6,
    PROTO_IGMP,
    PROTO_TCP,
    PROTO_UDP,
    Arp,
    Discovery,
    Fragment,
    Frame,
    GroupReport,
    Icmp,
    Packet,
    Tcp,
    Udp,
)
from simulator.userland.tcpdump import icmp_text, tcp_text, udp_text
from simulator.userland.tcpdump.names import Names

ETHERTYPES = {ETH_IP: "IPv4", ETH_ARP: "ARP", ETH_IPV6: "IPv6"}
PROTOCOLS = {PROTO_ICMP: "ICMP", PROTO_IGMP: "IGMP", PROTO_TCP: "TCP", PROTO_UDP: "UDP", PROTO_ICMPV6: "ICMPv6"}


class Style(Struct, frozen=True):
    """How much is shown."""

    verbose: int = 0
    quiet: bool = False
    link: bool = False  # -e
    absolute: bool = False  # -S


class Printer:
    """Writes frames; it remembers TCP's first sequence numbers, so that later ones count from them."""

    def __init__(self, style: Style, names: Names) -> None:
        self.style, self.names = style, names
        self.conversations = tcp_text.Conversations(absolute=style.absolute)

    def frame(self, frame: Frame) -> str:
        """A frame of a device: the link's header if asked for, then the packet."""
        head = self._link(f"{self.names.mac(frame.src)} > {self.names.mac(frame.dst)}", frame, frame.length)
        return head + self._payload(frame)

    def cooked(self, frame: Frame, device: str, index: int, kind: str) -> str:
        """A frame of any device, as the cooked header of Linux tells it."""
        source = self.names.mac(frame.src)
        head = f"ifindex {index} {source} " if self.style.link else ""
        length = frame.length - 14 + 20
        link = f"{head}{self._ethertype(frame, length)}" if self.style.link else ""
        return f"{device:5} {kind:3} {link}{self._payload(frame)}"

    def _link(self, ends: str, frame: Frame, length: int) -> str:
        return f"{ends}, {self._ethertype(frame, length)}" if self.style.link else ""

    def _ethertype(self, frame: Frame, length: int) -> str:
        kind = ETHERTYPES.get(frame.ethertype, "Unknown")
        return f"ethertype {kind} (0x{frame.ethertype:04x}), length {length}: "

    def _payload(self, frame: Frame) -> str:
        payload = frame.payload
        if isinstance(payload, Arp):
            return ("" if self.style.link else "ARP, ") + self._arp(payload)
        name = "IP6 " if payload.version == 6 else "IP "
        return ("" if self.style.link else name) + self.packet(payload)

    # -- ARP --------------------------------------------------------------------------------------------------------

    def _arp(self, arp: Arp) -> str:
        kind = "Ethernet (len 6), IPv4 (len 4), " if self.style.verbose else ""
        host = self.names.host
        if arp.op == 1:
            known = f" ({self.names.mac(arp.hwdst)})" if arp.hwdst != NO_MAC else ""
            return f"{kind}Request who-has {host(arp.pdst)}{known} tell {host(arp.psrc)}, length {arp.length}"
        return f"{kind}Reply {host(arp.psrc)} is-at {self.names.mac(arp.hwsrc)}, length {arp.length}"

    # -- IP ---------------------------------------------------------------------------------------------------------

    def packet(self, packet: Packet) -> str:
        """An IP packet, without the word before it."""
        head = self._header(packet) if self.style.verbose else ""
        if packet.offset > 0:
            return f"{head}{self._ends(packet)}: {self._protocol_name(packet.proto)}"
        return head + self._transport(packet)

    def _header(self, packet: Packet) -> str:
        name = PROTOCOLS.get(packet.proto, f"unknown-{packet.proto}")
        if packet.version == 6:
            size = packet.length - IPV6_HEADER
            hops = packet.l4 if isinstance(packet.l4, GroupReport) else None
            next_header = "Options (0)" if hops else f"{name} ({packet.proto})"
            traffic = f"class 0x{packet.tos:02x}, " if packet.tos else ""
            return f"({traffic}hlim {packet.ttl}, next-header {next_header} payload length: {size}) "
        flags = ", ".join(text for flag, text in ((packet.mf, "+"), (packet.df, "DF")) if flag) or "none"
        options = ", options (RA)" if isinstance(packet.l4, GroupReport) else ""
        return (
            f"(tos 0x{packet.tos:x}, ttl {packet.ttl}, id {packet.ident}, offset {packet.offset}, flags [{flags}], "
            f"proto {name} ({packet.proto}), length {packet.length}{options})\n    "
        )

    def _ends(self, packet: Packet) -> str:
        return f"{self.names.host(packet.src)} > {self.names.host(packet.dst)}"

    def _protocol_name(self, number: int) -> str:
        known = PROTOCOLS.get(number)
        return f"ip-proto-{number}" if self.names.numeric or known is None else known.lower()

    def _transport(self, packet: Packet) -> str:
        body = packet.l4.whole.l4 if isinstance(packet.l4, Fragment) else packet.l4
        write = _WRITERS.get(type(body))
        if write is None:
            return f"{self._ends(packet)}: {self._protocol_name(packet.proto)} {payload_length(packet)}"
        return write(self, packet)


def payload_length(packet: Packet) -> int:
    """The bytes behind the IP header."""
    return packet.length - (IPV6_HEADER if packet.version == 6 else IPV4_HEADER)


def _report(printer: Printer, packet: Packet) -> str:
    """An IGMPv3 or MLDv2 report."""
    report = packet.l4
    assert isinstance(report, GroupReport)
    ends = printer._ends(packet)
    detail = icmp_text.records(report, six=packet.version == 6) if printer.style.verbose else ""
    count = f"{len(report.records)} group record(s)"
    if packet.version == 6:
        length = payload_length(packet)
        options = "HBH (rtalert: 0x0000) (padn) " if printer.style.verbose else "HBH "
        tail = "" if printer.style.verbose else f", length {length}"
        return f"{ends}: {options}ICMP6, multicast listener report v2, {count}{detail}{tail}"
    return f"{ends}: igmp v3 report, {count}{detail}"


_WRITERS: dict[type, Callable[[Printer, Packet], str]] = {
    Icmp: lambda printer, packet: icmp_text.message(printer, packet),
    Discovery: lambda printer, packet: icmp_text.discovery(printer, packet),
    GroupReport: _report,
    Udp: lambda printer, packet: udp_text.datagram(printer, packet),
    Tcp: lambda printer, packet: tcp_text.segment(printer, packet),
}
