"""`-m multiport`: several ports in one rule. See iptables-extensions(8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Self

from simulator.kernel.netfilter.matches.base import Match, Test
from simulator.kernel.netfilter.matches.ports import Ports, port_from_text
from simulator.kernel.netfilter.options import Given, Names, Option, RuleError, bang
from simulator.kernel.netfilter.protocols import protocol_name
from simulator.kernel.netfilter.skb import Skb
from simulator.kernel.packet import Packet

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace

MULTIPORT_PROTOCOLS = (6, 17, 136, 132, 33)  # TCP, UDP, UDPLITE, SCTP, DCCP
MULTIPORT_LIMIT = 15  # XT_MULTI_PORTS


class Multiport(Match, frozen=True):
    """`-m multiport`: up to fifteen ports or ranges. `side`: dports, sports or ports (either)."""

    name: ClassVar[str] = "multiport"
    options: ClassVar[tuple[Option, ...]] = (
        Option("source-ports", invertible=True, aliases=("sports",), excludes=("destination-ports", "ports")),
        Option("destination-ports", invertible=True, aliases=("dports",), excludes=("source-ports", "ports")),
        Option("ports", invertible=True, excludes=("source-ports", "destination-ports")),
    )

    side: str
    ranges: tuple[Ports, ...]
    proto: int
    inverted: bool = False

    @classmethod
    def build(cls, given: Given) -> Self:
        option = given.first("source-ports", "destination-ports", "ports")
        if not option:
            raise RuleError("multiport expection an option")
        proto = _multiport_protocol(given)
        texts = given.text(option).split(",")
        ranges = tuple(_multiport_range(text, given.names, protocol_name(proto)) for text in texts)
        if sum(1 if ports.low == ports.high else 2 for ports in ranges) > MULTIPORT_LIMIT:
            raise RuleError("too many ports specified")
        side = {"source-ports": "sports", "destination-ports": "dports"}.get(option, option)
        return cls(side, ranges, proto, given.inverted(option))

    def __str__(self) -> str:
        return f"{bang(self.inverted)}--{self.side} {','.join(map(str, self.ranges))}"

    def listing(self, names: Names) -> str:
        proto = protocol_name(self.proto)
        ports = ",".join(ports.listing(names, proto) for ports in self.ranges)
        return f" multiport {self.side} {' !' if self.inverted else ''}{ports}"

    def test(self, netns: NetNamespace) -> Test:
        ends = _ENDS[self.side]

        def test(skb: Skb) -> bool:
            ports = [port for port in ends(skb.packet) if port is not None]
            if not ports:
                return False
            return any(port in wanted for wanted in self.ranges for port in ports) is not self.inverted

        return test


_ENDS: dict[str, Callable[[Packet], tuple[int | None, ...]]] = {
    "sports": lambda packet: (packet.sport,),
    "dports": lambda packet: (packet.dport,),
    "ports": lambda packet: (packet.sport, packet.dport),
}


def _multiport_protocol(given: Given) -> int:
    if given.proto_inverted:
        raise RuleError("multiport only works with TCP, UDP, UDPLITE, SCTP and DCCP")
    if given.proto not in MULTIPORT_PROTOCOLS:
        raise RuleError("multiport needs `-p tcp', `-p udp', `-p udplite', `-p sctp' or `-p dccp'")
    return given.proto


def _multiport_range(text: str, names: Names, proto: str) -> Ports:
    first, colon, last = text.partition(":")
    low = port_from_text(first, names, proto)
    high = port_from_text(last, names, proto) if colon else low
    if colon and low >= high:
        raise RuleError("invalid portrange specified")
    return Ports(low, high)
