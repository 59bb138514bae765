"""What frames and packets carry, in plain Python: protocol numbers, and a record for each transport header.

RFC 792 and 4443 (ICMP), 768 (UDP), 9293 (TCP), 4861 (neighbour discovery), 3810 (MLDv2), 3376 (IGMPv3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from simulator.kernel.packet.values import Packet

PROTO_ICMP, PROTO_IGMP, PROTO_TCP, PROTO_UDP, PROTO_ICMPV6 = 1, 2, 6, 17, 58
ETH_IP, ETH_ARP, ETH_IPV6 = 0x0800, 0x0806, 0x86DD
ETHERNET_HEADER, IPV4_HEADER, IPV6_HEADER = 14, 20, 40  # bytes
FRAGMENT_HEADER, FRAGMENT_NEXT = 8, 44  # of IPv6: bytes, and its number as a next header
BROADCAST_MAC = "ff:ff:ff:ff:ff:ff"
NO_MAC = "00:00:00:00:00:00"

# How much of the packet that it is about an ICMP error carries: RFC 1812 4.3.2.3, RFC 4443 2.4 (c).
ICMP_ERROR_LIMIT = {4: 576, 6: 1280}

ECHO_REPLY, UNREACHABLE, REDIRECT, ECHO_REQUEST, TIME_EXCEEDED = 0, 3, 5, 8, 11
ECHO6_REQUEST, ECHO6_REPLY = 128, 129
NET_UNREACHABLE, HOST_UNREACHABLE, PROTOCOL_UNREACHABLE, PORT_UNREACHABLE, FRAGMENTATION_NEEDED = range(5)
ADMIN_PROHIBITED = 13
ROUTER_SOLICITATION, NEIGHBOUR_SOLICITATION, NEIGHBOUR_ADVERTISEMENT = 133, 135, 136

ARP_REQUEST, ARP_REPLY = 1, 2


class Flag:
    """The flags of a TCP segment: bits of a plain integer, which every segment is asked for."""

    FIN = 0x01
    SYN = 0x02
    RST = 0x04
    PSH = 0x08
    ACK = 0x10
    URG = 0x20
    ECE = 0x40
    CWR = 0x80


FLAGS: dict[str, int] = {name: bit for name, bit in vars(Flag).items() if name.isupper()}


class Icmp(Struct, frozen=True):
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


class Udp(Struct, frozen=True):
    """A UDP datagram."""

    sport: int
    dport: int
    data: bytes = b""


class TcpOptions(Struct, frozen=True):
    """The options of a segment that Linux sends: mss, window scale (shift), sackOK, timestamps (value, echo)."""

    mss: int | None = None
    window_scale: int | None = None
    sack_ok: bool = False
    timestamp: tuple[int, int] | None = None


NO_OPTIONS = TcpOptions()


class Tcp(Struct, frozen=True):
    """A TCP segment."""

    sport: int
    dport: int
    seq: int
    ack: int
    flags: int
    window: int
    options: TcpOptions = NO_OPTIONS
    data: bytes = b""


HAS_PORTS = (Tcp, Udp)


class Raw(Struct, frozen=True):
    """The payload of any other protocol."""

    data: bytes


class Fragment(Struct, frozen=True):
    """A part of a fragmented packet: its bytes, and the packet it was cut from."""

    data: bytes
    whole: Packet


class Discovery(Struct, frozen=True):
    """An ICMPv6 neighbour discovery message: RS, NS or NA. `mac` is the link-layer address option."""

    type: int
    target: str = ""
    mac: str = ""
    nonce: bytes = b""
    solicited: bool = False
    override: bool = False


class GroupReport(Struct, frozen=True):
    """An MLDv2 or IGMPv3 report: (record type, group) for each record. Types: 2, 4 exclude (join), 3 include (leave)."""

    records: tuple[tuple[int, str], ...]


Transport = Icmp | Udp | Tcp | Raw | Fragment | Discovery | GroupReport
