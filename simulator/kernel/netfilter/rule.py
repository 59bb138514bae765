"""Rules: what a packet must be like, and what then becomes of it, in iptables' own spelling.

`rule_from_text("-p tcp --dport 80 -j ACCEPT")` reads a rule, `str(rule)` prints it as iptables-save does, in iptables'
normal form: printing what was read and reading what was printed gives the same rule. A rule is a value; the chains of
`tables` hold it together with its counters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from simulator.kernel.netfilter.addresses import Net, number
from simulator.kernel.netfilter.matches.base import Match, Test
from simulator.kernel.netfilter.options import bang
from simulator.kernel.netfilter.protocols import protocol_name
from simulator.kernel.netfilter.skb import Skb
from simulator.kernel.netfilter.targets.base import Target

if TYPE_CHECKING:
    from simulator.kernel.device import Device


class Header(Struct, frozen=True):
    """What every rule can ask of a packet's IP header and devices (struct ipt_ip)."""

    source: Net | None = None
    not_source: bool = False
    destination: Net | None = None
    not_destination: bool = False
    device_in: str = ""  # "eth+" stands for all that begin with eth
    not_in: bool = False
    device_out: str = ""
    not_out: bool = False
    proto: int = 0
    not_proto: bool = False
    fragment: bool | None = None  # True: later fragments only, False: all but those
    version: int = 4

    def __str__(self) -> str:
        parts = [
            self.source and f"{bang(self.not_source)}-s {self.source}",
            self.destination and f"{bang(self.not_destination)}-d {self.destination}",
            self.device_in and f"{bang(self.not_in)}-i {self.device_in}",
            self.device_out and f"{bang(self.not_out)}-o {self.device_out}",
            self.proto and f"{bang(self.not_proto)}-p {protocol_name(self.proto)}",
            self.fragment is not None and f"{bang(not self.fragment)}-f",
        ]
        return " ".join(part for part in parts if part)

    def tests(self) -> list[Test]:
        """One test for each thing asked, cheap ones first."""
        tests: list[Test] = []
        if self.device_in:
            tests.append(_device_test("device_in", self.device_in, self.not_in))
        if self.device_out:
            tests.append(_device_test("device_out", self.device_out, self.not_out))
        if self.proto:
            tests.append(_proto_test(self.proto, self.not_proto))
        if self.fragment is not None:
            tests.append(_fragment_test(self.fragment))
        if self.source:
            tests.append(_address_test("src", self.source, self.not_source))
        if self.destination:
            tests.append(_address_test("dst", self.destination, self.not_destination))
        return tests


class Rule(Struct, frozen=True):
    """A rule: header, matches in their order, and a target (None: it only counts)."""

    header: Header = Header()
    matches: tuple[Match, ...] = ()
    target: Target | None = None

    def __str__(self) -> str:
        parts = [str(self.header)]
        for match in self.matches:
            parts += [f"-m {match.name}", str(match)]
        if self.target:
            parts += [self.target.jump, str(self.target)]
        return " ".join(part for part in parts if part)

    @property
    def tracks(self) -> bool:
        """Whether it makes the kernel track connections."""
        return any(match.tracks for match in self.matches) or (self.target is not None and self.target.tracks)

    def problems(self, table: str, hooks: frozenset[str]) -> list[str]:
        """Why the kernel would not take it into this table, reachable from these hooks."""
        extensions: list[Match | Target] = [*self.matches, *([self.target] if self.target else [])]
        return [problem for part in extensions if (problem := _problem(part, self.header, table, hooks))]


def rule_from_text(text: str) -> Rule:
    """Reads one rule without its chain: "-s 10.0.0.0/8 ! -o docker0 -j MASQUERADE". Raises RuleError."""
    from simulator.kernel.netfilter.rule_parser import parse  # which makes rules

    return parse(text)


def _problem(part: Match | Target, header: Header, table: str, hooks: frozenset[str]) -> str:
    if part.protocols and (header.proto not in part.protocols or header.not_proto):
        kind = "match" if isinstance(part, Match) else "target"
        return f"x_tables: ip_tables: {part.name} {kind}: only valid for protocol {part.protocols[0]}"
    return part.problem(table, hooks)


def _device_test(field: str, pattern: str, inverted: bool) -> Test:
    prefix = pattern[:-1] if pattern.endswith("+") else None

    def test(skb: Skb) -> bool:
        device: Device | None = getattr(skb, field)
        name = device.name if device else ""
        return (name == pattern if prefix is None else name.startswith(prefix)) is not inverted

    return test


def _proto_test(proto: int, inverted: bool) -> Test:
    return lambda skb: (skb.packet.proto == proto) is not inverted


def _fragment_test(wanted: bool) -> Test:
    return lambda skb: (skb.packet.offset > 0) is wanted


def _address_test(field: str, net: Net, inverted: bool) -> Test:
    mask, base = net.mask, net.address
    if field == "src":
        return lambda skb: (number(skb.packet.src) & mask == base) is not inverted
    return lambda skb: (number(skb.packet.dst) & mask == base) is not inverted
