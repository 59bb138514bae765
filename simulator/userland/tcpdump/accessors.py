"""What a filter may ask of a frame: protocols, addresses, ports, bytes. pcap-filter(7), primitives."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, TypeVar

from simulator.kernel.packet import (
    BROADCAST_MAC,
    PROTO_ICMP,
    PROTO_ICMPV6,
    PROTO_IGMP,
    PROTO_TCP,
    PROTO_UDP,
    Arp,
    Frame,
    Packet,
)

if TYPE_CHECKING:
    from simulator.userland.tcpdump.filter import Qualifiers

T = TypeVar("T")
Test = Callable[[Frame], bool]
Number = Callable[[Frame], int]

IP_PROTOCOLS = {
    "icmp": PROTO_ICMP, "igmp": PROTO_IGMP, "tcp": PROTO_TCP, "udp": PROTO_UDP, "icmp6": PROTO_ICMPV6, "ipv6-icmp": 58,
}  # fmt: skip
ETHERTYPES = {"ip": 0x0800, "arp": 0x0806, "rarp": 0x8035, "ip6": 0x86DD}
CONSTANTS = {
    "tcpflags": 13, "tcp-fin": 1, "tcp-syn": 2, "tcp-rst": 4, "tcp-push": 8, "tcp-ack": 16, "tcp-urg": 32,
    "tcp-ece": 64, "tcp-cwr": 128, "icmptype": 0, "icmpcode": 1, "icmp-echoreply": 0, "icmp-unreach": 3,
    "icmp-redirect": 5, "icmp-echo": 8, "icmp-timxceed": 11, "icmp6type": 0, "icmp6code": 1, "icmp6-echo": 128,
    "icmp6-echoreply": 129, "icmp6-neighborsolicit": 135, "icmp6-neighboradvert": 136,
}  # fmt: skip
OPERATORS: dict[str, Callable[[int, int], int]] = {
    "&": operator.and_, "|": operator.or_, "^": operator.xor, "+": operator.add, "-": operator.sub, "*": operator.mul,
    "<<": operator.lshift, ">>": operator.rshift,
}  # fmt: skip
_RELATIONS: dict[str, Callable[[int, int], bool]] = {
    ">": operator.gt, "<": operator.lt, ">=": operator.ge, "<=": operator.le, "=": operator.eq, "==": operator.eq,
    "!=": operator.ne,
}  # fmt: skip


class Missing(Exception):
    """A byte that the frame has not: the test fails."""


# -- protocols ------------------------------------------------------------------------------------------------------


def protocol(name: str) -> Test:
    """ip, tcp, arp ... alone."""
    if name == "ether":
        return lambda frame: True
    if name in ETHERTYPES:
        return lambda frame: frame.ethertype == ETHERTYPES[name]
    number, version = IP_PROTOCOLS[name], {"icmp": 4, "igmp": 4, "icmp6": 6}.get(name)
    return lambda frame: (
        isinstance(frame.payload, Packet)
        and frame.payload.proto == number
        and (version is None or frame.payload.version == version)
    )


def proto(given: Qualifiers, word: str, number: int | None) -> Test:
    """ip proto 6, ether proto arp, proto icmp."""
    if given.protocol == "ether":
        wanted = ETHERTYPES.get(word, number)
        return lambda frame: frame.ethertype == wanted
    kind = IP_PROTOCOLS.get(word, number)
    version = {"ip": 4, "ip6": 6}.get(given.protocol)
    return lambda frame: (
        isinstance(frame.payload, Packet)
        and frame.payload.proto == kind
        and (version is None or frame.payload.version == version)
    )


def group(name: str, kind: str) -> Test:
    """ether broadcast, ip multicast ..."""
    if name == "ether":
        return lambda frame: frame.dst == BROADCAST_MAC if kind == "broadcast" else frame.is_multicast
    if kind == "broadcast":
        return lambda frame: isinstance(frame.payload, Packet) and frame.payload.dst.endswith(".255")
    version = 6 if name == "ip6" else 4
    return lambda frame: (
        isinstance(frame.payload, Packet)
        and frame.payload.version == version
        and ip_address(frame.payload.dst).is_multicast
    )


# -- addresses ------------------------------------------------------------------------------------------------------


def host(given: Qualifiers, addresses: Sequence[str]) -> Test:
    wanted = frozenset(addresses)
    return _directed(given, _ends, lambda end: end in wanted)


def net(given: Qualifiers, network: str) -> Test:
    wanted = ip_network(network)
    return _directed(given, _ends, lambda end: ip_address(end) in wanted)


def mac(given: Qualifiers, address: str) -> Test:
    return _directed(given, lambda frame: (frame.src, frame.dst), lambda end: end == address)


def port(given: Qualifiers, first: int, last: int | None = None) -> Test:
    """A port, or a range of ports, of TCP or UDP."""
    top = first if last is None else last
    return _directed(given, _ports, lambda end: end is not None and first <= end <= top)


def network_from_text(text: str) -> str | None:
    """172.17 as 172.17.0.0/16; None for what is no network."""
    bare, slash, bits = text.partition("/")
    if ":" not in bare:
        parts = bare.split(".")
        if not slash:
            bits = str(8 * len(parts))
        bare = ".".join(parts + ["0"] * (4 - len(parts)))
    try:
        return str(ip_network(f"{bare}/{bits or '128'}"))
    except ValueError:
        return None


def _directed(given: Qualifiers, ends: Callable[[Frame], tuple[T, T] | None], fits: Callable[[T], bool]) -> Test:
    """Whether the source, the destination, one or both of them fit."""

    def test(frame: Frame) -> bool:
        pair = ends(frame)
        if pair is None or (given.protocol not in ("", "ether") and not protocol(given.protocol)(frame)):
            return False
        source, destination = fits(pair[0]), fits(pair[1])
        return {
            "src": source,
            "dst": destination,
            "src and dst": source and destination,
        }.get(given.direction, source or destination)

    return test


def _ends(frame: Frame) -> tuple[str, str] | None:
    payload = frame.payload
    if isinstance(payload, Arp):
        return payload.psrc, payload.pdst
    return payload.src, payload.dst


def _ports(frame: Frame) -> tuple[int | None, int | None] | None:
    if not isinstance(frame.payload, Packet) or frame.payload.sport is None:
        return None
    return frame.payload.sport, frame.payload.dport


# -- numbers --------------------------------------------------------------------------------------------------------


def constant(number: int) -> Number:
    return lambda frame: number


def arithmetic(left: Number, sign: str, right: Number) -> Number:
    return lambda frame: OPERATORS[sign](left(frame), right(frame))


def relation(left: Number, sign: str, right: Number) -> Test:
    def test(frame: Frame) -> bool:
        try:
            return _RELATIONS[sign](left(frame), right(frame))
        except Missing:
            return False

    return test


def field(name: str, offset: Number, size: int) -> Number:
    """Bytes of a header as a number."""

    def number(frame: Frame) -> int:
        start = _start(name, frame)
        at = start + offset(frame)
        data = frame.bytes()[at : at + size] if at >= 0 else b""
        if len(data) < size:
            raise Missing
        return int.from_bytes(data, "big")

    return number


def _start(name: str, frame: Frame) -> int:
    """Where the header of a protocol begins in the frame. Raises Missing if it has none."""
    if name == "ether":
        return 0
    if not protocol(name)(frame):
        raise Missing
    if name in ETHERTYPES:
        return 14
    packet = frame.payload
    assert isinstance(packet, Packet)
    if packet.offset > 0:
        raise Missing
    return 14 + (40 if packet.version == 6 else 4 * (frame.bytes()[14] & 15))
