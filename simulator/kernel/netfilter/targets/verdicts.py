"""Targets that decide: ACCEPT, DROP, RETURN, REJECT. See iptables(8), iptables-extensions(8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from simulator.kernel.drops import drop
from simulator.kernel.netfilter.options import Given, Names, Option, RuleError
from simulator.kernel.netfilter.skb import Skb, Verdict
from simulator.kernel.netfilter.targets.base import Action, Target
from simulator.kernel.packet import PROTO_TCP, Flag, Packet, Tcp, frame, tcp

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace

TCP_RESET = "tcp-reset"
SEQUENCES = 1 << 32


class Accept(Target, frozen=True):
    """Lets the packet through this table."""

    name: ClassVar[str] = "ACCEPT"

    def __str__(self) -> str:
        return ""

    def action(self, netns: NetNamespace) -> Action:
        return lambda skb: Verdict.ACCEPT


class Drop(Target, frozen=True):
    """Throws the packet away and says nothing."""

    name: ClassVar[str] = "DROP"

    def __str__(self) -> str:
        return ""

    def action(self, netns: NetNamespace) -> Action:
        return lambda skb: Verdict.DROP


class Return(Target, frozen=True):
    """Back to the chain that jumped here; in a built-in chain, to its policy."""

    name: ClassVar[str] = "RETURN"

    def __str__(self) -> str:
        return ""

    def action(self, netns: NetNamespace) -> Action:
        return lambda skb: Verdict.RETURN


# How --reject-with names what is sent, the short names that it also takes, and the ICMP type and code.
REJECTIONS: dict[str, tuple[str, int, int]] = {
    "icmp-net-unreachable": ("net-unreach", 3, 0),
    "icmp-host-unreachable": ("host-unreach", 3, 1),
    "icmp-proto-unreachable": ("proto-unreach", 3, 2),
    "icmp-port-unreachable": ("port-unreach", 3, 3),
    "icmp-net-prohibited": ("net-prohib", 3, 9),
    "icmp-host-prohibited": ("host-prohib", 3, 10),
    TCP_RESET: ("tcp-rst", 0, 0),
    "icmp-admin-prohibited": ("admin-prohib", 3, 13),
}
REJECTIONS6: dict[str, tuple[str, int, int]] = {
    "icmp6-no-route": ("no-route", 1, 0),
    "icmp6-adm-prohibited": ("adm-prohibited", 1, 1),
    "icmp6-addr-unreachable": ("addr-unreach", 1, 3),
    "icmp6-port-unreachable": ("port-unreach", 1, 4),
    TCP_RESET: ("tcp-reset", 0, 0),
    "icmp6-policy-fail": ("policy-fail", 1, 5),
    "icmp6-reject-route": ("reject-route", 1, 6),
}


class Reject(Target, frozen=True):
    """Throws the packet away and tells the sender: by an ICMP error or a TCP reset."""

    name: ClassVar[str] = "REJECT"
    tables: ClassVar[tuple[str, ...]] = ("filter",)
    hooks: ClassVar[frozenset[str]] = frozenset({"INPUT", "FORWARD", "OUTPUT"})
    drop_code: ClassVar[str] = "FILTER_REJECT"
    options: ClassVar[tuple[Option, ...]] = (Option("reject-with"),)
    kinds: ClassVar[dict[str, tuple[str, int, int]]] = REJECTIONS
    usual: ClassVar[str] = "icmp-port-unreachable"

    kind: str
    for_tcp: bool = False  # whether the rule is for TCP alone

    @classmethod
    def build(cls, given: Given) -> Self:
        text = given.text("reject-with", cls.usual)
        if text in ("echo-reply", "echoreply"):
            given.warnings.append(f"--reject-with {text} no longer supported")
        for kind, (short, _, _) in cls.kinds.items():
            if kind.startswith(text.lower()) or short.startswith(text.lower()):
                return cls(kind, given.proto == PROTO_TCP and not given.proto_inverted)
        raise RuleError(f'unknown reject type "{text}"')

    def problem(self, table: str, hooks: frozenset[str]) -> str:
        if self.kind == TCP_RESET and not self.for_tcp:
            return "ipt_REJECT: TCP_RESET invalid for non-tcp"
        return Target.problem(self, table, hooks)

    def __str__(self) -> str:
        return f"--reject-with {self.kind}"

    def listing(self, names: Names) -> str:
        return f" reject-with {self.kind}"

    def action(self, netns: NetNamespace) -> Action:
        _, kind, code = self.kinds[self.kind]

        def act(skb: Skb) -> Verdict:
            packet = skb.packet
            if self.kind != TCP_RESET:
                netns.netfilter.answering(skb, lambda: netns.reply_icmp_error(packet, kind, code))
            else:
                send_reset(netns, skb)
            return Verdict.DROP

        return act


class Reject6(Reject, frozen=True):
    """REJECT of ip6tables."""

    kinds: ClassVar[dict[str, tuple[str, int, int]]] = REJECTIONS6
    usual: ClassVar[str] = "icmp6-port-unreachable"


def send_reset(netns: NetNamespace, skb: Skb) -> None:
    """Resets the connection in the name of the other end (nf_send_reset).

    To what came in through a bridge's port the reset goes back out of that port, with the MAC addresses turned round.
    """
    packet = skb.packet
    segment = packet.l4
    if not isinstance(segment, Tcp) or segment.flags & Flag.RST:
        return
    reset = tcp(packet.dst, packet.src, _reset_of(segment), number=netns.number(), df=True)
    if skb.physdev_in and skb.frame:
        skb.physdev_in.transmit(frame(reset, src=skb.frame.dst, dst=skb.frame.src))
    else:
        netns.netfilter.answering(skb, lambda: _send(netns, reset))


def _reset_of(segment: Tcp) -> Tcp:
    """RFC 9293 3.10.7.1: from the other end's point of view."""
    if segment.flags & Flag.ACK:
        return Tcp(segment.dport, segment.sport, segment.ack, 0, Flag.RST, 0)
    length = len(segment.data) + bool(segment.flags & Flag.SYN) + bool(segment.flags & Flag.FIN)
    ack = (segment.seq + length) % SEQUENCES
    return Tcp(segment.dport, segment.sport, 0, ack, Flag.RST | Flag.ACK, 0)


def _send(netns: NetNamespace, packet: Packet) -> None:
    try:
        netns.send(packet)
    except OSError as refusal:
        drop(netns, packet.id, "NO_ROUTE", refusal.strerror or "")
