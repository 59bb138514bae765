"""Matches on transport headers: tcp, udp, sctp, tcpmss. See iptables-extensions(8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from msgspec import Struct

from simulator.kernel.netfilter.matches.base import Match, Test
from simulator.kernel.netfilter.matches.ports import ANY, HIGHEST_PORT, Ports, ports_from_value
from simulator.kernel.netfilter.options import Given, Names, Option, RuleError, bang
from simulator.kernel.netfilter.skb import Skb
from simulator.kernel.packet import FLAGS, PROTO_TCP, PROTO_UDP, Flag, Tcp

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace

PROTO_SCTP = 132

# The TCP flags that rules can name, in the order in which they are printed.
ALL_FLAGS = 0x3F
KNOWN_FLAGS = {name: bit for name, bit in FLAGS.items() if bit & ALL_FLAGS}
SYN_MASK = Flag.FIN | Flag.SYN | Flag.RST | Flag.ACK  # --syn is --tcp-flags FIN,SYN,RST,ACK SYN

# The numbers of TCP options (RFC 9293 3.1, 7323, 2018) that packets here can have.
OPTION_MSS, OPTION_WINDOW_SCALE, OPTION_SACK_OK, OPTION_TIMESTAMP = 2, 3, 4, 8


def port_options() -> tuple[Option, ...]:
    """--sport and --dport, which tcp, udp and sctp share."""
    return tuple(
        Option(f"{end}-port", invertible=True, aliases=(alias,), again=f"Only one `--{end}-port' allowed")
        for end, alias in (("source", "sport"), ("destination", "dport"))
    )


class PortMatch(Match, frozen=True):
    """What tcp, udp and sctp have in common."""

    proto: ClassVar[int]

    sport: Ports = ANY
    dport: Ports = ANY

    @property
    def only_port(self) -> int | None:
        return self.dport.low if self.dport.low == self.dport.high and not self.dport.inverted else None

    @classmethod
    def read(cls, given: Given, option: Option) -> None:
        if option.name.endswith("-port"):
            ports_from_value(given.value(option.name), given.names, cls.name)

    @classmethod
    def ports(cls, given: Given) -> tuple[Ports, Ports]:
        if given.proto != cls.proto:
            raise RuleError(f"{cls.name.upper()} match requires '-p {cls.name}'")
        source, destination = given.value("source-port"), given.value("destination-port")
        return tuple(ports_from_value(value, given.names, cls.name) for value in (source, destination))  # type: ignore[return-value]


def _saved_ports(sport: Ports, dport: Ports) -> list[str]:
    pairs = (("sport", sport), ("dport", dport))
    return [f"{bang(ports.inverted)}--{name} {ports}" for name, ports in pairs if not ports.is_any]


def _listed_ports(sport: Ports, dport: Ports, names: Names, proto: str) -> list[str]:
    parts = []
    for letter, ports in (("spt", sport), ("dpt", dport)):
        if not ports.is_any:
            plural = "" if ports.low == ports.high else "s"
            parts.append(f"{letter}{plural}:{'!' if ports.inverted else ''}{ports.listing(names, proto)}")
    return parts


def _port_test(proto: int, sport: Ports, dport: Ports) -> Test:
    """Later fragments have no ports and match nothing that asks for them."""
    any_source, any_destination = sport.is_any, dport.is_any

    def test(skb: Skb) -> bool:
        packet = skb.packet
        if packet.proto != proto:
            return False
        source, destination = packet.sport, packet.dport
        if source is None or destination is None:
            return any_source and any_destination and packet.offset == 0
        return (any_destination or destination in dport) and (any_source or source in sport)

    return test


class UdpMatch(PortMatch, frozen=True):
    """`-m udp`: source and destination ports."""

    name: ClassVar[str] = "udp"
    proto: ClassVar[int] = PROTO_UDP
    options: ClassVar[tuple[Option, ...]] = port_options()

    @classmethod
    def build(cls, given: Given) -> Self:
        return cls(*cls.ports(given))

    def __str__(self) -> str:
        return " ".join(_saved_ports(self.sport, self.dport))

    def listing(self, names: Names) -> str:
        return " ".join(["", self.name, *_listed_ports(self.sport, self.dport, names, self.name)])

    def test(self, netns: NetNamespace) -> Test:
        return _port_test(self.proto, self.sport, self.dport)


class SctpMatch(UdpMatch, frozen=True):
    """`-m sctp`: ports only; nothing here sends SCTP."""

    name: ClassVar[str] = "sctp"
    proto: ClassVar[int] = PROTO_SCTP


class Flags(Struct, frozen=True):
    """Which flags are looked at, and which of them must be set."""

    mask: int
    wanted: int
    inverted: bool = False

    def __str__(self) -> str:
        return f"{flag_names(self.mask)} {flag_names(self.wanted)}"


class TcpMatch(PortMatch, frozen=True):
    """`-m tcp`: ports, flags, options."""

    name: ClassVar[str] = "tcp"
    proto: ClassVar[int] = PROTO_TCP
    options: ClassVar[tuple[Option, ...]] = (
        *port_options(),
        Option("syn", 0, invertible=True),
        Option("tcp-flags", 2, invertible=True),
        Option("tcp-option", invertible=True, again="Only one `--tcp-option' allowed"),
    )

    flags: Flags | None = None
    option: int = 0
    not_option: bool = False

    @classmethod
    def build(cls, given: Given) -> Self:
        sport, dport = cls.ports(given)
        if "syn" in given and "tcp-flags" in given:
            raise RuleError("Only one of `--syn' or `--tcp-flags'  allowed")
        flags = None
        if "syn" in given:
            flags = Flags(SYN_MASK, Flag.SYN, given.inverted("syn"))
        value = given.value("tcp-flags")
        if value:
            flags = Flags(flags_from_text(value.texts[0]), flags_from_text(value.texts[1]), value.inverted)
        option = given.integer("tcp-option", 1, 255)
        return cls(sport, dport, flags, option, given.inverted("tcp-option"))

    def __str__(self) -> str:
        parts = _saved_ports(self.sport, self.dport)
        if self.option:
            parts.append(f"{bang(self.not_option)}--tcp-option {self.option}")
        if self.flags:
            parts.append(f"{bang(self.flags.inverted)}--tcp-flags {self.flags}")
        return " ".join(parts)

    def listing(self, names: Names) -> str:
        parts = ["", self.name, *_listed_ports(self.sport, self.dport, names, self.name)]
        if self.option:
            parts.append(f"option={'!' if self.not_option else ''}{self.option}")
        if self.flags:
            mask, wanted = self.flags.mask, self.flags.wanted
            spelt = f"0x{mask:02X}/0x{wanted:02X}" if names.numeric else f"{flag_names(mask)}/{flag_names(wanted)}"
            parts.append(f"flags:{'!' if self.flags.inverted else ''}{spelt}")
        return " ".join(parts)

    def test(self, netns: NetNamespace) -> Test:
        ports = _port_test(self.proto, self.sport, self.dport)
        if self.flags is None and not self.option:
            return ports
        flags, option, not_option = self.flags, self.option, self.not_option

        def test(skb: Skb) -> bool:
            segment = skb.packet.l4
            if not ports(skb) or not isinstance(segment, Tcp):
                return False
            if flags and (segment.flags & flags.mask == flags.wanted) is flags.inverted:
                return False
            return not option or (option in option_numbers(segment)) is not not_option

        return test


class TcpMss(Match, frozen=True):
    """`-m tcpmss`: the maximum segment size that a SYN announces."""

    name: ClassVar[str] = "tcpmss"
    protocols: ClassVar[tuple[int, ...]] = (PROTO_TCP,)
    options: ClassVar[tuple[Option, ...]] = (Option("mss", invertible=True, mandatory=True),)

    low: int
    high: int
    inverted: bool = False

    @classmethod
    def build(cls, given: Given) -> Self:
        return cls(*given.integer_range("mss", 0, HIGHEST_PORT), given.inverted("mss"))

    def __str__(self) -> str:
        return f"{bang(self.inverted)}--mss {Ports(self.low, self.high)}"

    def listing(self, names: Names) -> str:
        return f" tcpmss match {'!' if self.inverted else ''}{Ports(self.low, self.high)}"

    def test(self, netns: NetNamespace) -> Test:
        def test(skb: Skb) -> bool:
            segment = skb.packet.l4
            mss = segment.options.mss if isinstance(segment, Tcp) else None
            return mss is not None and (self.low <= mss <= self.high) is not self.inverted

        return test


def flag_names(flags: int) -> str:
    return ",".join(name for name, bit in KNOWN_FLAGS.items() if flags & bit) or "NONE"


def flags_from_text(text: str) -> int:
    """ "SYN,ACK", "ALL", "NONE". Raises RuleError."""
    total = 0
    for name in text.split(","):
        if name.upper() == "ALL":
            total |= ALL_FLAGS
        elif name.upper() in KNOWN_FLAGS:
            total |= KNOWN_FLAGS[name.upper()]
        elif name.upper() != "NONE":
            raise RuleError(f"Unknown TCP flag `{name}'")
    return total


def option_numbers(segment: Tcp) -> set[int]:
    """The numbers of the options in a segment."""
    options = segment.options
    present = {
        OPTION_MSS: options.mss is not None,
        OPTION_WINDOW_SCALE: options.window_scale is not None,
        OPTION_SACK_OK: options.sack_ok,
        OPTION_TIMESTAMP: options.timestamp is not None,
    }
    return {number for number, there in present.items() if there}
