"""Which rules of a long chain a packet need not be asked about, because it goes to another port.

Matching is linear in meaning: every rule that would match is asked, in order. Left out are only those that begin with a
port (`-p tcp -m tcp --dport 80`, maybe `-d 172.17.0.2/32`) which is not the packet's: they would say no, count nothing
and remember nothing. A host with a thousand published ports has a thousand of them in each of three chains.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from simulator.kernel.netfilter.addresses import WIDTH, number
from simulator.kernel.netfilter.rule import Rule
from simulator.kernel.packet import Packet

Goal = tuple[int | None, int, int]  # an address (None: any), a protocol, a port


class RuleIndex:
    """The rules of one chain, by the only port that they can match."""

    __slots__ = ("_count", "_to_any_port", "_to_one_port")

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._count = 0
        self._to_any_port: list[int] = []
        self._to_one_port: defaultdict[Goal, list[int]] = defaultdict(list)
        for rule in rules:
            self.append(rule)

    def append(self, rule: Rule) -> None:
        goal = _goal(rule)
        numbers = self._to_any_port if goal is None else self._to_one_port[goal]
        numbers.append(self._count)
        self._count += 1

    def candidates(self, packet: Packet) -> Sequence[int]:
        """The places of the rules that may match a packet, in order."""
        port = packet.dport
        if port is None:
            return self._to_any_port
        there = self._to_one_port.get((number(packet.dst), packet.proto, port), ())
        anywhere = self._to_one_port.get((None, packet.proto, port), ())
        return sorted((*self._to_any_port, *anywhere, *there)) if there or anywhere else self._to_any_port


def _goal(rule: Rule) -> Goal | None:
    """Where a packet must go to be matched, if the rule asks for its port before anything that has a memory."""
    header = rule.header
    port = rule.matches[0].only_port if rule.matches else None
    if port is None or header.not_proto:
        return None
    net = header.destination
    is_host = net is not None and net.prefix == WIDTH[net.version] and not header.not_destination
    return (net.address if net and is_host else None, header.proto, port)
