"""Connection tracking: which packets belong together. nf_conntrack_core.c, conntrack(8), /proc/net/nf_conntrack.

An entry has the tuple of its original direction and the tuple by which replies come back (NAT changes that one). It is
made by a connection's first packet, counts once that packet has got through (`confirm`), and goes after a time without
packets. Times run out without events: an entry remembers its deadline and is dropped when somebody meets it later.

Left out: helpers and expectations (FTP), zones, accounting, early drop when the table is full.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct

from simulator.clock import S
from simulator.kernel.netfilter.conntrack_tcp import TIMEOUTS, TcpState, next_state
from simulator.kernel.netfilter.flow import ANSWERS, FlowTuple, flow_of
from simulator.kernel.netfilter.skb import CtState, Direction, Skb
from simulator.kernel.packet import PROTO_ICMP, PROTO_ICMPV6, PROTO_TCP, PROTO_UDP, Flag, Icmp, Packet, Tcp
from simulator.trace import ConntrackChanged

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace

# Seconds without a packet after which an entry goes, by the name of its sysctl.
UDP_TIMEOUT = "net.netfilter.nf_conntrack_udp_timeout"
UDP_TIMEOUT_STREAM = "net.netfilter.nf_conntrack_udp_timeout_stream"
ICMP_TIMEOUT = "net.netfilter.nf_conntrack_icmp_timeout"
ICMPV6_TIMEOUT = "net.netfilter.nf_conntrack_icmpv6_timeout"
GENERIC_TIMEOUT = "net.netfilter.nf_conntrack_generic_timeout"
TCP_TIMEOUT = {state: f"net.netfilter.nf_conntrack_tcp_timeout_{name}" for state, (name, _) in TIMEOUTS.items()}
TIMES = {UDP_TIMEOUT: 30, UDP_TIMEOUT_STREAM: 120, ICMP_TIMEOUT: 30, ICMPV6_TIMEOUT: 30, GENERIC_TIMEOUT: 600} | {
    TCP_TIMEOUT[state]: seconds for state, (_, seconds) in TIMEOUTS.items()
}
UDP_STREAM_AFTER = 2 * S  # a UDP connection with answers is a stream when it lives longer than this
SWEEP_AT_LEAST = 1024  # entries before the table looks for dead ones by itself

PROTOCOL_NAMES = {PROTO_ICMP: "icmp", PROTO_TCP: "tcp", PROTO_UDP: "udp", PROTO_ICMPV6: "icmpv6"}
# The ICMP errors that belong to the connection of the packet that they are about.
ICMP_ERRORS = {PROTO_ICMP: (3, 4, 5, 11, 12), PROTO_ICMPV6: (1, 2, 3, 4)}


class Status:
    """What is known of an entry (enum ip_conntrack_status): bits of a plain integer, which every packet asks for."""

    EXPECTED = 1 << 0
    SEEN_REPLY = 1 << 1
    ASSURED = 1 << 2
    CONFIRMED = 1 << 3
    SRC_NAT = 1 << 4
    DST_NAT = 1 << 5
    SRC_NAT_DONE = 1 << 7
    DST_NAT_DONE = 1 << 8
    TRANSLATED = SRC_NAT | DST_NAT
    NAT = SRC_NAT | DST_NAT | SRC_NAT_DONE | DST_NAT_DONE


class Entry(Struct, eq=False):
    """One connection. `reply` is the tuple that packets of the other direction will have when they arrive here."""

    original: FlowTuple
    reply: FlowTuple
    status: int = 0
    tcp: TcpState = TcpState.NONE
    deadline: int = 0  # ns, lab time
    stream_from: int = 0  # UDP: when it becomes a stream
    mark: int = 0
    masqueraded_on: int = 0  # ifindex of the device whose address it borrowed

    def tuple_of(self, direction: Direction) -> FlowTuple:
        return self.original if direction is Direction.ORIGINAL else self.reply

    @property
    def family(self) -> str:
        """The network protocol, as conntrack's longer format begins."""
        return "ipv6     10" if ":" in self.original.src else "ipv4     2"

    @property
    def is_open(self) -> bool:
        return self.tcp not in (TcpState.TIME_WAIT, TcpState.CLOSE)

    def line(self, now: int) -> str:
        """The entry as `conntrack -L` prints it."""
        proto = self.original.proto
        left = max(0, (self.deadline - now) // S)
        head = f"{PROTOCOL_NAMES.get(proto, 'unknown'):<8} {proto} {left}"
        parts = [head] + ([self.tcp.value] if proto == PROTO_TCP else []) + [str(self.original)]
        if not self.status & Status.SEEN_REPLY:
            parts.append("[UNREPLIED]")
        parts.append(str(self.reply))
        if self.status & Status.ASSURED:
            parts.append("[ASSURED]")
        return " ".join([*parts, f"mark={self.mark}"])

    def __str__(self) -> str:
        return f"{PROTOCOL_NAMES.get(self.original.proto, self.original.proto)} {self.original}"


class Conntrack:
    """The table of one namespace."""

    def __init__(self, netns: NetNamespace) -> None:
        self.netns = netns
        self._found: dict[FlowTuple, tuple[Entry, Direction]] = {}
        self._by_source: defaultdict[tuple[str, int, int], list[Entry]] = defaultdict(list)
        self._sweep_at = SWEEP_AT_LEAST

    # -- the table --------------------------------------------------------------------------------------------------

    def lookup(self, flow: FlowTuple) -> tuple[Entry, Direction] | None:
        """The living entry with this tuple, and which of its directions that is."""
        found = self._found.get(flow)
        if found and found[0].deadline <= self.netns.clock.now:
            self.delete(found[0])
            return None
        return found

    def entries(self) -> list[Entry]:
        """The living entries, oldest first."""
        now = self.netns.clock.now
        found = [entry for entry, direction in self._found.values() if direction is Direction.ORIGINAL]
        return [entry for entry in found if entry.deadline > now]

    def from_source(self, flow: FlowTuple) -> list[Entry]:
        """The living entries whose original direction comes from the same address and port."""
        now = self.netns.clock.now
        return [entry for entry in self._by_source.get(_source_key(flow), ()) if entry.deadline > now]

    def is_taken(self, flow: FlowTuple, *, but: Entry) -> bool:
        """Whether another entry has this tuple."""
        found = self.lookup(flow)
        return found is not None and found[0] is not but

    def delete(self, entry: Entry) -> None:
        """Drops an entry."""
        for flow in (entry.original, entry.reply):
            if flow in self._found and self._found[flow][0] is entry:
                del self._found[flow]
        same = self._by_source.get(_source_key(entry.original))
        if same and entry in same:
            same.remove(entry)
            if not same:
                del self._by_source[_source_key(entry.original)]
        self._tell(entry, "DESTROY")

    def flush(self, predicate: Callable[[Entry], bool] = lambda entry: True) -> int:
        """Drops all entries that the predicate picks; returns how many (conntrack -D, -F)."""
        picked = [entry for entry in self.entries() if predicate(entry)]
        for entry in picked:
            self.delete(entry)
        return len(picked)

    def __len__(self) -> int:
        return len(self.entries())

    def _insert(self, entry: Entry) -> None:
        self._found[entry.original] = (entry, Direction.ORIGINAL)
        self._found.setdefault(entry.reply, (entry, Direction.REPLY))
        self._by_source[_source_key(entry.original)].append(entry)
        if len(self._found) > 2 * self._sweep_at:
            self._sweep()

    def _sweep(self) -> None:
        now = self.netns.clock.now
        for entry in [entry for entry, direction in self._found.values() if direction is Direction.ORIGINAL]:
            if entry.deadline <= now:
                self.delete(entry)
        self._sweep_at = max(SWEEP_AT_LEAST, len(self._found))

    def _tell(self, entry: Entry, state: str) -> None:
        trace, netns = self.netns.trace, self.netns
        if ConntrackChanged in trace.wanted:
            trace.emit(ConntrackChanged(int(netns.clock.now), netns.machine.name, netns.name, str(entry), state))

    # -- packets ----------------------------------------------------------------------------------------------------

    def track(self, skb: Skb) -> None:
        """Finds or makes the entry of a packet (nf_conntrack_in); notes on it in the skb. PREROUTING and OUTPUT."""
        if skb.ct is not None or skb.ct_state is CtState.UNTRACKED:
            return
        packet = skb.packet
        message = packet.l4
        if isinstance(message, Icmp) and message.about is not None:
            self._track_error(skb, message)
            return
        flow = flow_of(packet)
        if flow is None:
            if packet.proto == PROTO_ICMPV6:
                skb.ct_state = CtState.UNTRACKED  # neighbour discovery is nobody's connection
            return
        found = self.lookup(flow) or self._new(flow, packet)
        if found and not self._follow(skb, *found):
            self.track(skb)  # a new connection with the tuple of one that has ended

    def _track_error(self, skb: Skb, error: Icmp) -> None:
        """An ICMP error is RELATED to the connection of the packet that it is about."""
        about = error.about
        assert about is not None
        flow = flow_of(about)
        if flow is None or error.type not in ICMP_ERRORS[skb.packet.proto]:
            return
        found = self.lookup(flow.reply())
        if found:
            skb.ct, skb.direction = found
            skb.ct_state = CtState.RELATED

    def _new(self, flow: FlowTuple, packet: Packet) -> tuple[Entry, Direction] | None:
        """An entry for a first packet; None if no connection begins with such a packet."""
        segment = packet.l4
        if isinstance(segment, Tcp) and next_state(Direction.ORIGINAL, segment.flags, TcpState.NONE) is None:
            return None
        if flow.is_icmp and flow.dport >> 8 not in ANSWERS[flow.proto]:
            return None
        entry = Entry(flow, flow.reply())
        if flow.proto == PROTO_UDP:
            entry.stream_from = int(self.netns.clock.now) + UDP_STREAM_AFTER
        return entry, Direction.ORIGINAL

    def _follow(self, skb: Skb, entry: Entry, direction: Direction) -> bool:
        """Lets the entry see the packet. False if the entry is over and the packet begins another connection."""
        segment = skb.packet.l4
        if isinstance(segment, Tcp):
            going_on = self._follow_tcp(entry, direction, segment)
            if going_on is not True:
                return going_on is None
        else:
            self._refresh(entry, self._timeout_of(entry))
        skb.ct, skb.direction = entry, direction
        if not entry.status & Status.SEEN_REPLY and direction is Direction.REPLY:
            entry.status |= Status.SEEN_REPLY
            self._tell(entry, "ESTABLISHED")
        skb.ct_state = CtState.ESTABLISHED if entry.status & Status.SEEN_REPLY else CtState.NEW
        return True

    def _follow_tcp(self, entry: Entry, direction: Direction, segment: Tcp) -> bool | None:
        """True: the segment belongs here. None: it is invalid. False: the entry was over and has been dropped."""
        before = entry.tcp
        after = next_state(direction, segment.flags, before)
        if after is None:
            return None
        if after is before and entry.status & Status.ASSURED:
            self._refresh(entry, TCP_TIMEOUT[after])
            return True
        if after is TcpState.SYN_SENT and before in (TcpState.TIME_WAIT, TcpState.CLOSE):
            self.delete(entry)
            return False
        entry.tcp = after
        if segment.flags & Flag.RST and not entry.status & Status.SEEN_REPLY and direction is Direction.REPLY:
            entry.status |= Status.SEEN_REPLY
            self.delete(entry)  # refused: nothing to remember, though this packet is still an answer
            return True
        self._refresh(entry, TCP_TIMEOUT[after])
        if before in (TcpState.SYN_RECV, TcpState.ESTABLISHED) and after is TcpState.ESTABLISHED:
            entry.status |= Status.ASSURED
        if before is not after and before is not TcpState.NONE:
            self._tell(entry, after.value)
        return True

    def _timeout_of(self, entry: Entry) -> str:
        """The sysctl that says how long an entry lives on."""
        proto = entry.original.proto
        if proto == PROTO_UDP:
            if entry.status & Status.SEEN_REPLY and self.netns.clock.now > entry.stream_from:
                entry.status |= Status.ASSURED
                return UDP_TIMEOUT_STREAM
            return UDP_TIMEOUT
        if proto in ANSWERS:
            return ICMP_TIMEOUT if proto == PROTO_ICMP else ICMPV6_TIMEOUT
        return GENERIC_TIMEOUT

    def _refresh(self, entry: Entry, timeout: str) -> None:
        """Packets keep an entry alive for as long as a sysctl says."""
        entry.deadline = self.netns.clock.now + int(self.netns.sysctl[timeout]) * S

    def confirm(self, skb: Skb, entry: Entry) -> bool:
        """The packet got through: its entry counts from now on (__nf_conntrack_confirm). False if it must not."""
        if skb.ct_state is CtState.RELATED:
            return True
        found = self.lookup(entry.original) or self.lookup(entry.reply)
        if found:
            return self._resolve(skb, entry, found[0])
        entry.status |= Status.CONFIRMED
        self._insert(entry)
        self._tell(entry, "NEW")
        return True

    def _resolve(self, skb: Skb, entry: Entry, other: Entry) -> bool:
        """Another packet of the connection was confirmed first: they are one, but for TCP (nf_ct_resolve_clash)."""
        if entry.original.proto == PROTO_TCP or (entry.original, entry.reply) != (other.original, other.reply):
            return False
        skb.ct = other
        return True


def _source_key(flow: FlowTuple) -> tuple[str, int, int]:
    return flow.src, flow.proto, flow.sport
