"""Matches on addresses and devices: addrtype, iprange, mac, physdev, pkttype. See iptables-extensions(8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from msgspec import Struct

from simulator.kernel.netfilter.addresses import ipv4_from_text, number
from simulator.kernel.netfilter.matches.base import Match, Test
from simulator.kernel.netfilter.options import Given, Names, Option, RuleError, bang
from simulator.kernel.netfilter.skb import Skb
from simulator.kernel.packet import BROADCAST_MAC

if TYPE_CHECKING:
    from simulator.kernel.device import Device
    from simulator.kernel.netns import NetNamespace

# The types of a route, in the order in which they are printed.
ADDRESS_TYPES = (
    "UNSPEC",
    "UNICAST",
    "LOCAL",
    "BROADCAST",
    "ANYCAST",
    "MULTICAST",
    "BLACKHOLE",
    "UNREACHABLE",
    "PROHIBIT",
    "THROW",
    "NAT",
    "XRESOLVE",
)
PACKET_TYPES = ("unicast", "broadcast", "multicast")


class Types(Struct, frozen=True):
    """The address types that one side may have."""

    names: tuple[str, ...]
    inverted: bool = False

    def __str__(self) -> str:
        return ",".join(self.names)


class Addrtype(Match, frozen=True):
    """`-m addrtype`: what the routing table says of the source or destination address (RTN_LOCAL, ...)."""

    name: ClassVar[str] = "addrtype"
    options: ClassVar[tuple[Option, ...]] = (
        Option("src-type", invertible=True),
        Option("dst-type", invertible=True),
        Option("limit-iface-in", 0, excludes=("limit-iface-out",)),
        Option("limit-iface-out", 0, excludes=("limit-iface-in",)),
    )

    source: Types | None = None
    destination: Types | None = None
    limit: str = ""  # "in" or "out": what counts is whether the address is of that device

    @classmethod
    def build(cls, given: Given) -> Self:
        if "src-type" not in given and "dst-type" not in given:
            raise RuleError("addrtype: you must specify --src-type or --dst-type")
        limit = given.first("limit-iface-in", "limit-iface-out").removeprefix("limit-iface-")
        return cls(_types(given, "src-type"), _types(given, "dst-type"), limit)

    def _sides(self) -> list[tuple[str, Types]]:
        pairs = (("src-type", self.source), ("dst-type", self.destination))
        return [(name, types) for name, types in pairs if types]

    def __str__(self) -> str:
        parts = [f"{bang(types.inverted)}--{name} {types}" for name, types in self._sides()]
        return " ".join(parts + ([f"--limit-iface-{self.limit}"] if self.limit else []))

    def listing(self, names: Names) -> str:
        parts = [f" {name} {'!' if types.inverted else ''}{types}" for name, types in self._sides()]
        return " ADDRTYPE match" + "".join(parts) + (f" limit-{self.limit}" if self.limit else "")

    def test(self, netns: NetNamespace) -> Test:
        kind_of, limit = netns.fib.kind_of, self.limit

        def fits(types: Types, address: str, device: Device | None) -> bool:
            kind = kind_of(address)
            if limit:
                kind = _kind_on(device, address, kind)
            return (kind.upper() in types.names) is not types.inverted

        def test(skb: Skb) -> bool:
            device = skb.device_in if limit == "in" else skb.device_out
            if self.source and not fits(self.source, skb.packet.src, device):
                return False
            return not self.destination or fits(self.destination, skb.packet.dst, device)

        return test


class Range(Struct, frozen=True):
    """The addresses from low to high, or all but those."""

    low: str
    high: str
    inverted: bool = False

    def __contains__(self, address: str) -> bool:
        return (number(self.low) <= number(address) <= number(self.high)) is not self.inverted

    def __str__(self) -> str:
        return f"{self.low}-{self.high}"


class Iprange(Match, frozen=True):
    """`-m iprange`: ranges that are no networks."""

    name: ClassVar[str] = "iprange"
    options: ClassVar[tuple[Option, ...]] = (
        Option("src-range", invertible=True),
        Option("dst-range", invertible=True),
    )

    source: Range | None = None
    destination: Range | None = None

    @classmethod
    def build(cls, given: Given) -> Self:
        if not given:
            raise RuleError("iprange match: You must specify `--src-range' or `--dst-range'")
        return cls(_range(given, "src-range"), _range(given, "dst-range"))

    def _sides(self) -> list[tuple[str, str, Range]]:
        triples = (("src-range", "source", self.source), ("dst-range", "destination", self.destination))
        return [(option, word, addresses) for option, word, addresses in triples if addresses]

    def __str__(self) -> str:
        return " ".join(f"{bang(part.inverted)}--{option} {part}" for option, _, part in self._sides())

    def listing(self, names: Names) -> str:
        return "".join(f" {word} IP range {bang(part.inverted)}{part}" for _, word, part in self._sides())

    def test(self, netns: NetNamespace) -> Test:
        source, destination = self.source, self.destination
        return lambda skb: (
            (source is None or skb.packet.src in source) and (destination is None or skb.packet.dst in destination)
        )


class Mac(Match, frozen=True):
    """`-m mac`: the Ethernet source address of the frame it came in."""

    name: ClassVar[str] = "mac"
    options: ClassVar[tuple[Option, ...]] = (Option("mac-source", invertible=True, mandatory=True),)

    address: str
    inverted: bool = False

    @classmethod
    def build(cls, given: Given) -> Self:
        return cls(_mac(given.text("mac-source")), given.inverted("mac-source"))

    def __str__(self) -> str:
        return f"{bang(self.inverted)}--mac-source {self.address}"

    def listing(self, names: Names) -> str:
        return f" MAC {bang(self.inverted)}{self.address}"

    def test(self, netns: NetNamespace) -> Test:
        address, inverted = self.address, self.inverted
        return lambda skb: skb.frame is not None and (skb.frame.src == address) is not inverted


class Physdev(Match, frozen=True):
    """`-m physdev`: the ports of the bridge that the packet crosses (with br_netfilter)."""

    name: ClassVar[str] = "physdev"
    options: ClassVar[tuple[Option, ...]] = (
        Option("physdev-is-in", 0, invertible=True),
        Option("physdev-in", invertible=True),
        Option("physdev-is-out", 0, invertible=True),
        Option("physdev-out", invertible=True),
        Option("physdev-is-bridged", 0, invertible=True),
    )

    conditions: tuple[tuple[str, str, bool], ...]  # option, device name ("" for the is-... ones), inverted

    @classmethod
    def build(cls, given: Given) -> Self:
        if not given:
            raise RuleError("PHYSDEV: no physdev option specified")
        names = [option.name for option in cls.options if option.name in given]
        return cls(tuple((name, given.text(name), given.inverted(name)) for name in names))

    def __str__(self) -> str:
        return " ".join(f"{bang(inverted)}--{option} {device}".strip() for option, device, inverted in self.conditions)

    def listing(self, names: Names) -> str:
        return f" PHYSDEV match {self}"

    def test(self, netns: NetNamespace) -> Test:
        def fits(skb: Skb, option: str, pattern: str) -> bool:
            port = skb.physdev_in if option.endswith("in") else skb.physdev_out
            if not pattern or port is None:
                return port is not None and not pattern
            return port.name.startswith(pattern[:-1]) if pattern.endswith("+") else port.name == pattern

        return lambda skb: all(fits(skb, option, name) is not inverted for option, name, inverted in self.conditions)


class Pkttype(Match, frozen=True):
    """`-m pkttype`: whether the frame was for this machine, for all or for a group."""

    name: ClassVar[str] = "pkttype"
    options: ClassVar[tuple[Option, ...]] = (Option("pkt-type", invertible=True, mandatory=True),)

    type: str
    inverted: bool = False

    @classmethod
    def build(cls, given: Given) -> Self:
        text = given.text("pkt-type")
        kind = {"host": "unicast", "bcast": "broadcast", "mcast": "multicast"}.get(text.lower(), text.lower())
        if kind not in PACKET_TYPES:
            raise RuleError(f"Bad packet type '{text}'")
        return cls(kind, given.inverted("pkt-type"))

    def __str__(self) -> str:
        return f"{bang(self.inverted)}--pkt-type {self.type}"

    def listing(self, names: Names) -> str:
        return f" PKTTYPE {'!=' if self.inverted else '='} {self.type}"

    def test(self, netns: NetNamespace) -> Test:
        return lambda skb: (packet_type(skb) == self.type) is not self.inverted


def packet_type(skb: Skb) -> str:
    """unicast, broadcast or multicast: by the frame it came in, else by where it is going."""
    if skb.frame is None:
        kind = skb.netns.fib.kind_of(skb.packet.dst)
        return kind if kind in PACKET_TYPES else "unicast"
    if skb.frame.dst == BROADCAST_MAC:
        return "broadcast"
    return "multicast" if skb.frame.is_multicast else "unicast"


def _types(given: Given, option: str) -> Types | None:
    if option not in given:
        return None
    asked = [name.upper() for name in given.text(option).split(",")]
    for name, spelt in zip(asked, given.text(option).split(","), strict=True):
        if name not in ADDRESS_TYPES:
            raise RuleError(f'addrtype: bad type "{spelt}"')
    return Types(tuple(name for name in ADDRESS_TYPES if name in asked), given.inverted(option))


def _kind_on(device: Device | None, address: str, kind: str) -> str:
    """The type of an address seen from one device: another device's address is nothing special."""
    if kind not in ("local", "broadcast") or device is None:
        return kind
    if kind == "broadcast":
        return kind if any(own.broadcast == address for own in device.addresses) else "unicast"
    is_own = any(own.ip == address for own in device.addresses)
    return kind if is_own or (device.kind == "loopback" and address.startswith("127.")) else "unicast"


def _range(given: Given, option: str) -> Range | None:
    if option not in given:
        return None
    first, dash, last = given.text(option).partition("-")
    ends = []
    for text in (first, last if dash else first):
        address = ipv4_from_text(text)
        if address is None or text.count(".") != 3:
            raise RuleError(f'iprange: Bad value for "--{option}" option: "{text}"')
        ends.append(address)
    if number(ends[0]) > number(ends[1]):
        given.warnings.append(f"xt_iprange: range {ends[0]}-{ends[1]} is reversed and will never match")
    return Range(ends[0], ends[1], given.inverted(option))


def _mac(text: str) -> str:
    octets = text.split(":")
    digits = "0123456789abcdefABCDEF"
    if len(octets) != 6 or any(not 1 <= len(octet) <= 2 or octet.strip(digits) for octet in octets):
        raise RuleError("Invalid MAC address specified.")
    return ":".join(f"{int(octet, 16):02x}" for octet in octets)
