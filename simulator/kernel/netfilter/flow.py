"""What names one direction of a connection: addresses, protocol, ports (struct nf_conntrack_tuple)."""

from __future__ import annotations

from typing import NamedTuple

from simulator.kernel.packet import PROTO_ICMP, PROTO_ICMPV6, PROTO_TCP, PROTO_UDP, Fragment, Icmp, Packet
from simulator.kernel.packet.headers import HAS_PORTS

WITH_PORTS = (PROTO_TCP, PROTO_UDP)

# The ICMP messages that ask, and those that answer them: only these begin connections.
ICMP_ANSWERS = {8: 0, 13: 14, 15: 16, 17: 18}
ICMP6_ANSWERS = {128: 129}
ANSWERS: dict[int, dict[int, int]] = {PROTO_ICMP: ICMP_ANSWERS, PROTO_ICMPV6: ICMP6_ANSWERS}
_OPPOSITE = {
    proto: answers | {answer: question for question, answer in answers.items()} for proto, answers in ANSWERS.items()
}


class FlowTuple(NamedTuple):
    """One direction. For ICMP `sport` is the identifier and `dport` is type * 256 + code; 0 without ports."""

    src: str
    dst: str
    proto: int
    sport: int = 0
    dport: int = 0

    @property
    def is_icmp(self) -> bool:
        return self.proto in ANSWERS

    def reply(self) -> FlowTuple:
        """The other direction."""
        if self.is_icmp:
            kind = _OPPOSITE[self.proto].get(self.dport >> 8, self.dport >> 8)
            return FlowTuple(self.dst, self.src, self.proto, self.sport, kind << 8 | self.dport & 0xFF)
        return FlowTuple(self.dst, self.src, self.proto, self.dport, self.sport)

    def __str__(self) -> str:
        """As conntrack prints it: src=... dst=... and the protocol's own fields."""
        return f"src={self.src} dst={self.dst}{self._ports()}"

    def _ports(self) -> str:
        if self.is_icmp:
            return f" type={self.dport >> 8} code={self.dport & 0xFF} id={self.sport}"
        return f" sport={self.sport} dport={self.dport}" if self.proto in WITH_PORTS else ""


def flow_of(packet: Packet) -> FlowTuple | None:
    """The tuple of a packet; None if it has none (later fragments)."""
    message = packet.l4
    if isinstance(message, HAS_PORTS):
        return FlowTuple(packet.src, packet.dst, packet.proto, message.sport, message.dport)
    if isinstance(message, Icmp):
        return FlowTuple(packet.src, packet.dst, packet.proto, message.ident, message.type << 8 | message.code)
    if isinstance(message, Fragment) or packet.proto in ANSWERS:
        return None
    return FlowTuple(packet.src, packet.dst, packet.proto)
