"""Matches on other fields of the IP header: ttl, hl, length, tos, dscp. See iptables-extensions(8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from simulator.kernel.netfilter.matches.base import Match, Test
from simulator.kernel.netfilter.matches.ports import HIGHEST_PORT, Ports
from simulator.kernel.netfilter.options import Given, Names, Option, RuleError, bang, integer_from_text

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace

# What the TOS field was before it became DSCP: RFC 1349.
TOS_NAMES = {
    "Minimize-Delay": 0x10,
    "Maximize-Throughput": 0x08,
    "Maximize-Reliability": 0x04,
    "Minimize-Cost": 0x02,
    "Normal-Service": 0x00,
}
TOS_NAME_MASK = 0x3F

# RFC 2474, 2597, 3246.
DSCP_CLASSES = (
    {f"CS{level}": level << 3 for level in range(8)}
    | {f"AF{level}{drop}": level << 3 | drop << 1 for level in range(1, 5) for drop in range(1, 4)}
    | {"BE": 0, "EF": 0x2E}
)


class Ttl(Match, frozen=True):
    """`-m ttl`: the time to live is, is less than, is greater than."""

    name: ClassVar[str] = "ttl"
    shown: ClassVar[str] = "TTL"
    options: ClassVar[tuple[Option, ...]] = (
        Option("ttl-lt", excludes=("ttl-gt", "ttl-eq")),
        Option("ttl-gt", excludes=("ttl-lt", "ttl-eq")),
        Option("ttl-eq", invertible=True, aliases=("ttl",), excludes=("ttl-lt", "ttl-gt")),
    )

    how: str  # eq, lt, gt
    value: int
    inverted: bool = False

    @classmethod
    def build(cls, given: Given) -> Self:
        names = [option.name for option in cls.options]
        option = given.first(*names)
        if not option:
            start = f"--{cls.name}"
            raise RuleError(f"{cls.shown} match: You must specify one of `{start}-eq', `{start}-lt', `{start}-gt")
        return cls(option[-2:], given.integer(option, 0, 255), given.inverted(option))

    def __str__(self) -> str:
        return f"{bang(self.inverted)}--{self.name}-{self.how} {self.value}"

    def listing(self, names: Names) -> str:
        sign = "!=" if self.inverted else {"eq": "==", "lt": "<", "gt": ">"}[self.how]
        return f" {self.shown} match {self.shown} {sign} {self.value}"

    def test(self, netns: NetNamespace) -> Test:
        value, inverted = self.value, self.inverted
        if self.how == "eq":
            return lambda skb: (skb.packet.ttl == value) is not inverted
        if self.how == "lt":
            return lambda skb: skb.packet.ttl < value
        return lambda skb: skb.packet.ttl > value


class HopLimit(Ttl, frozen=True):
    """`-m hl`: IPv6's time to live."""

    name: ClassVar[str] = "hl"
    shown: ClassVar[str] = "HL"
    options: ClassVar[tuple[Option, ...]] = (
        Option("hl-lt", excludes=("hl-gt", "hl-eq")),
        Option("hl-gt", excludes=("hl-lt", "hl-eq")),
        Option("hl-eq", invertible=True, excludes=("hl-lt", "hl-gt")),
    )


class Length(Match, frozen=True):
    """`-m length`: the length of the whole IP packet in bytes."""

    name: ClassVar[str] = "length"
    options: ClassVar[tuple[Option, ...]] = (Option("length", invertible=True, mandatory=True),)

    low: int
    high: int
    inverted: bool = False

    @classmethod
    def build(cls, given: Given) -> Self:
        return cls(*given.integer_range("length", 0, HIGHEST_PORT), given.inverted("length"))

    def __str__(self) -> str:
        return f"{bang(self.inverted)}--length {Ports(self.low, self.high)}"

    def listing(self, names: Names) -> str:
        return f" length {'!' if self.inverted else ''}{Ports(self.low, self.high)}"

    def test(self, netns: NetNamespace) -> Test:
        low, high, inverted = self.low, self.high, self.inverted
        return lambda skb: (low <= skb.packet.length <= high) is not inverted


class Tos(Match, frozen=True):
    """`-m tos`: the type of service octet under a mask."""

    name: ClassVar[str] = "tos"
    options: ClassVar[tuple[Option, ...]] = (Option("tos", invertible=True, mandatory=True),)

    value: int
    mask: int
    inverted: bool = False

    @classmethod
    def build(cls, given: Given) -> Self:
        return cls(*tos_from_text(given.text("tos")), given.inverted("tos"))

    def __str__(self) -> str:
        return f"{bang(self.inverted)}--tos 0x{self.value:02x}/0x{self.mask:02x}"

    def listing(self, names: Names) -> str:
        known = tos_name(self.value, self.mask, names)
        spelt = f" {known}" if known else f"0x{self.value:02x}/0x{self.mask:02x}"
        return f" tos match{'!' if self.inverted else ''}{spelt}"

    def test(self, netns: NetNamespace) -> Test:
        value, mask, inverted = self.value, self.mask, self.inverted
        return lambda skb: (skb.packet.tos & mask == value) is not inverted


class Dscp(Match, frozen=True):
    """`-m dscp`: the upper six bits of the octet (RFC 2474)."""

    name: ClassVar[str] = "dscp"
    options: ClassVar[tuple[Option, ...]] = (
        Option("dscp", invertible=True, excludes=("dscp-class",)),
        Option("dscp-class", invertible=True, excludes=("dscp",)),
    )

    value: int
    inverted: bool = False

    @classmethod
    def build(cls, given: Given) -> Self:
        option = given.first("dscp", "dscp-class")
        if not option:
            raise RuleError("DSCP match: Parameter --dscp is required")
        value = given.integer("dscp", 0, 63) if option == "dscp" else dscp_class(given.text(option))
        return cls(value, given.inverted(option))

    def __str__(self) -> str:
        return f"{bang(self.inverted)}--dscp 0x{self.value:02x}"

    def listing(self, names: Names) -> str:
        return f" DSCP match {'!' if self.inverted else ''}0x{self.value:02x}"

    def test(self, netns: NetNamespace) -> Test:
        value, inverted = self.value, self.inverted
        return lambda skb: (skb.packet.tos >> 2 == value) is not inverted


def dscp_class(name: str) -> int:
    """The value of a DiffServ class. Raises RuleError."""
    if name.upper() not in DSCP_CLASSES:
        raise RuleError(f"Invalid DSCP value `{name}'")
    return DSCP_CLASSES[name.upper()]


def tos_from_text(text: str) -> tuple[int, int]:
    """A value and its mask: "0x10", "0x10/0x3f", "Minimize-Delay". Raises RuleError."""
    for name, known in TOS_NAMES.items():
        if name.lower() == text.lower():
            return known, TOS_NAME_MASK
    first, slash, last = text.partition("/")
    value, mask = integer_from_text(first), integer_from_text(last) if slash else 0xFF
    if value is None or mask is None or value > 0xFF or mask > 0xFF:
        raise RuleError(f'Symbolic name "{text}" is unknown')
    return value, mask


def tos_name(value: int, mask: int, names: Names) -> str:
    """The name of a TOS value where `iptables -L` shows names; "" if it has none."""
    if names.numeric or mask != TOS_NAME_MASK:
        return ""
    return next((name for name, known in TOS_NAMES.items() if known == value), "")
