"""Matches on ICMP types: icmp and icmp6. See iptables-extensions(8); the names are those of xt_icmp.h."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from simulator.kernel.netfilter.matches.base import Match, Test
from simulator.kernel.netfilter.options import Given, Names, Option, RuleError, bang, integer_from_text
from simulator.kernel.netfilter.skb import Skb
from simulator.kernel.packet import PROTO_ICMP, PROTO_ICMPV6, Discovery, GroupReport, Icmp

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace

ANY_TYPE = 0xFF
MLD_REPORT = 143

# Name, type, code (None: every code). The first name of a type and code is the one that is listed.
TYPES: tuple[tuple[str, int, int | None], ...] = (
    ("any", ANY_TYPE, None),
    ("echo-reply", 0, None),
    ("pong", 0, None),
    ("destination-unreachable", 3, None),
    ("network-unreachable", 3, 0),
    ("host-unreachable", 3, 1),
    ("protocol-unreachable", 3, 2),
    ("port-unreachable", 3, 3),
    ("fragmentation-needed", 3, 4),
    ("source-route-failed", 3, 5),
    ("network-unknown", 3, 6),
    ("host-unknown", 3, 7),
    ("network-prohibited", 3, 9),
    ("host-prohibited", 3, 10),
    ("TOS-network-unreachable", 3, 11),
    ("TOS-host-unreachable", 3, 12),
    ("communication-prohibited", 3, 13),
    ("host-precedence-violation", 3, 14),
    ("precedence-cutoff", 3, 15),
    ("source-quench", 4, None),
    ("redirect", 5, None),
    ("network-redirect", 5, 0),
    ("host-redirect", 5, 1),
    ("TOS-network-redirect", 5, 2),
    ("TOS-host-redirect", 5, 3),
    ("echo-request", 8, None),
    ("ping", 8, None),
    ("router-advertisement", 9, None),
    ("router-solicitation", 10, None),
    ("time-exceeded", 11, None),
    ("ttl-exceeded", 11, None),
    ("ttl-zero-during-transit", 11, 0),
    ("ttl-zero-during-reassembly", 11, 1),
    ("parameter-problem", 12, None),
    ("ip-header-bad", 12, 0),
    ("required-option-missing", 12, 1),
    ("timestamp-request", 13, None),
    ("timestamp-reply", 14, None),
    ("address-mask-request", 17, None),
    ("address-mask-reply", 18, None),
)
TYPES6: tuple[tuple[str, int, int | None], ...] = (
    ("destination-unreachable", 1, None),
    ("no-route", 1, 0),
    ("communication-prohibited", 1, 1),
    ("beyond-scope", 1, 2),
    ("address-unreachable", 1, 3),
    ("port-unreachable", 1, 4),
    ("failed-policy", 1, 5),
    ("reject-route", 1, 6),
    ("packet-too-big", 2, None),
    ("time-exceeded", 3, None),
    ("ttl-exceeded", 3, None),
    ("ttl-zero-during-transit", 3, 0),
    ("ttl-zero-during-reassembly", 3, 1),
    ("parameter-problem", 4, None),
    ("bad-header", 4, 0),
    ("unknown-header-type", 4, 1),
    ("unknown-option", 4, 2),
    ("echo-request", 128, None),
    ("ping", 128, None),
    ("echo-reply", 129, None),
    ("pong", 129, None),
    ("router-solicitation", 133, None),
    ("router-advertisement", 134, None),
    ("neighbour-solicitation", 135, None),
    ("neighbor-solicitation", 135, None),
    ("neighbour-advertisement", 136, None),
    ("neighbor-advertisement", 136, None),
    ("redirect", 137, None),
)


class IcmpMatch(Match, frozen=True):
    """`-m icmp`: a type, or a type and code."""

    name: ClassVar[str] = "icmp"
    label: ClassVar[str] = "ICMP"
    shown: ClassVar[str] = "icmp"
    types: ClassVar[tuple[tuple[str, int, int | None], ...]] = TYPES
    protocols: ClassVar[tuple[int, ...]] = (PROTO_ICMP,)
    options: ClassVar[tuple[Option, ...]] = (Option("icmp-type", invertible=True, mandatory=True),)

    type: int
    code: int | None = None
    inverted: bool = False

    @classmethod
    def build(cls, given: Given) -> Self:
        option = cls.options[0].name
        return cls(*cls._type(given.text(option)), given.inverted(option))

    @classmethod
    def _type(cls, text: str) -> tuple[int, int | None]:
        found = [(name, kind, code) for name, kind, code in cls.types if name.lower().startswith(text.lower())]
        if len(found) > 1:
            raise RuleError(f"Ambiguous {cls.label} type `{text}': `{found[0][0]}' or `{found[1][0]}'?")
        if found:
            return found[0][1], found[0][2]
        first, slash, last = text.partition("/")
        kind, code = integer_from_text(first), integer_from_text(last)
        if kind is None or kind > 255:
            raise RuleError(f"Unknown {cls.label} type `{text}'")
        if slash and (code is None or code > 255):
            raise RuleError(f"Unknown {cls.label} code `{text}'")
        return kind, code if slash and kind != ANY_TYPE else None

    def __str__(self) -> str:
        spelt = "any" if self.type == ANY_TYPE else str(self.type) + ("" if self.code is None else f"/{self.code}")
        return f"{bang(self.inverted)}--{self.options[0].name} {spelt}"

    def listing(self, names: Names) -> str:
        mark = " !" if self.inverted else ""
        known = next((name for name, kind, code in self.types if (kind, code) == (self.type, self.code)), None)
        if known and not names.numeric:
            return f" {self.shown} {mark.strip()}{known}"
        return f" {self.shown}{mark}type {self.type}" + ("" if self.code is None else f" code {self.code}")

    def test(self, netns: NetNamespace) -> Test:
        proto = self.protocols[0]

        def test(skb: Skb) -> bool:
            if skb.packet.proto != proto or skb.packet.offset:
                return False
            kind, code = type_and_code(skb)
            hit = self.type == ANY_TYPE or (kind == self.type and self.code in (None, code))
            return hit is not self.inverted

        return test


class Icmp6Match(IcmpMatch, frozen=True):
    """`-m icmp6`."""

    name: ClassVar[str] = "icmp6"
    label: ClassVar[str] = "ICMPv6"
    shown: ClassVar[str] = "ipv6-icmp"
    types: ClassVar[tuple[tuple[str, int, int | None], ...]] = TYPES6
    protocols: ClassVar[tuple[int, ...]] = (PROTO_ICMPV6,)
    options: ClassVar[tuple[Option, ...]] = (Option("icmpv6-type", invertible=True, mandatory=True),)


def type_and_code(skb: Skb) -> tuple[int, int]:
    """The type and code of an ICMP packet."""
    message = skb.packet.l4
    if isinstance(message, Icmp):
        return message.type, message.code
    if isinstance(message, Discovery):
        return message.type, 0
    return (MLD_REPORT if isinstance(message, GroupReport) else ANY_TYPE), 0
