"""Network address translation: nf_nat_core.c, nf_nat_proto.c.

Rules are asked once, by a connection's first packet. What they decide is written into the entry's reply tuple
(`bind`); every packet of the connection, in both directions, is then rewritten from the tuples alone (`translate`),
and so are ICMP errors about it, with the packet inside them. Left out: NETMAP for IPv6, sequence adjustment.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from enum import Enum
from typing import TYPE_CHECKING

from msgspec import Struct

from simulator.kernel.netfilter.addresses import address_from_number, number
from simulator.kernel.netfilter.conntrack import Conntrack, Entry, Status
from simulator.kernel.netfilter.flow import WITH_PORTS, FlowTuple
from simulator.kernel.netfilter.skb import CtState, Direction, Hook, Skb
from simulator.kernel.packet import Icmp, Packet, endpoint, rewrite
from simulator.trace import Translated

if TYPE_CHECKING:
    from simulator.clock import Chance

IsFree = Callable[[FlowTuple], bool]
ATTEMPTS = 65536  # ports tried before a connection is given up


class Manip(Enum):
    """Which end of the original direction is rewritten."""

    SOURCE = "SNAT"
    DESTINATION = "DNAT"

    @property
    def flag(self) -> int:
        return Status.SRC_NAT if self is Manip.SOURCE else Status.DST_NAT

    @property
    def done(self) -> int:
        return Status.SRC_NAT_DONE if self is Manip.SOURCE else Status.DST_NAT_DONE

    @property
    def other(self) -> Manip:
        return Manip.DESTINATION if self is Manip.SOURCE else Manip.SOURCE


MANIP_AT: dict[Hook, Manip] = {
    Hook.PREROUTING: Manip.DESTINATION,
    Hook.OUTPUT: Manip.DESTINATION,
    Hook.INPUT: Manip.SOURCE,
    Hook.POSTROUTING: Manip.SOURCE,
}


class Range(Struct, frozen=True):
    """What a rule allows: addresses ("" keeps the address), ports or echo ids (None: any that is free).

    `shift` is the base of a port range that keeps the distance (--to-destination 1.2.3.4:80-90/8080).
    """

    low: str = ""
    high: str = ""
    first: int | None = None
    last: int | None = None
    random: bool = False
    persistent: bool = False
    shift: int | None = None


def bind(table: Conntrack, entry: Entry, *, manip: Manip, allowed: Range) -> bool:
    """Chooses what the connection looks like behind this host (nf_nat_setup_info). False if no port is free."""
    current = entry.reply.reply()
    wanted = _unique(table, entry, current, manip, allowed)
    if wanted is None:
        return False
    if wanted != current:
        entry.reply = wanted.reply()
        entry.status |= manip.flag
    entry.status |= manip.done
    return True


def keep(table: Conntrack, entry: Entry, *, manip: Manip) -> bool:
    """No rule wants another address: it stays, but a port that is taken must go (nf_nat_alloc_null_binding)."""
    current = entry.reply.reply()
    own = current.src if manip is Manip.SOURCE else current.dst
    return bind(table, entry, manip=manip, allowed=Range(own, own))


# --- choosing a tuple (get_unique_tuple) ---------------------------------------------------------------------------


def _unique(table: Conntrack, entry: Entry, current: FlowTuple, manip: Manip, allowed: Range) -> FlowTuple | None:
    def is_free(flow: FlowTuple) -> bool:
        return not table.is_taken(flow.reply(), but=entry)

    if manip is Manip.SOURCE and not allowed.random:
        if _source_fits(current, allowed):
            if is_free(current):
                return current
        else:
            mapped = _mapped_before(table, entry, current, allowed)
            if mapped and is_free(mapped):
                return mapped
    chosen = _with_address(current, manip, allowed)
    if not allowed.random and allowed.shift is None:
        port = _port_of(chosen, manip)
        if allowed.first is None or allowed.last is None:
            if is_free(chosen):
                return chosen
        elif allowed.first <= port <= allowed.last and (allowed.first == allowed.last or is_free(chosen)):
            return chosen
    return _free_port(chosen, manip, allowed, table.netns.clock.chance, is_free)


def _source_fits(flow: FlowTuple, allowed: Range) -> bool:
    low, high = allowed.low or flow.src, allowed.high or flow.src
    if not number(low) <= number(flow.src) <= number(high):
        return False
    return allowed.first is None or allowed.last is None or allowed.first <= flow.sport <= allowed.last


def _mapped_before(table: Conntrack, entry: Entry, current: FlowTuple, allowed: Range) -> FlowTuple | None:
    """The same source keeps the mapping that it has for other destinations (find_appropriate_src)."""
    for other in table.from_source(entry.original):
        mapped = current._replace(src=other.reply.dst, sport=_source_port(other))
        if other is not entry and _source_fits(mapped, allowed):
            return mapped
    return None


def _source_port(entry: Entry) -> int:
    return entry.reply.sport if entry.reply.is_icmp else entry.reply.dport


def _with_address(flow: FlowTuple, manip: Manip, allowed: Range) -> FlowTuple:
    """The address out of the range: always the same for one client (and, unless persistent, one destination)."""
    if not allowed.low:
        return flow
    low, high = number(allowed.low), number(allowed.high)
    address = allowed.low
    if high > low:
        key = flow.src if allowed.persistent else f"{flow.src} {flow.dst}"
        version = 6 if ":" in allowed.low else 4
        address = address_from_number(low + zlib.crc32(key.encode()) % (high - low + 1), version)
    return flow._replace(src=address) if manip is Manip.SOURCE else flow._replace(dst=address)


def _port_of(flow: FlowTuple, manip: Manip) -> int:
    return flow.sport if manip is Manip.SOURCE or flow.is_icmp else flow.dport


def _with_port(flow: FlowTuple, manip: Manip, port: int) -> FlowTuple:
    return flow._replace(sport=port) if manip is Manip.SOURCE or flow.is_icmp else flow._replace(dport=port)


def _free_port(flow: FlowTuple, manip: Manip, allowed: Range, chance: Chance, is_free: IsFree) -> FlowTuple | None:
    """Another port or echo id (nf_nat_l4proto_unique_tuple), where there is one that may change."""
    bounds = _bounds(flow, manip, allowed)
    if bounds is None:
        return flow
    for port in _candidates(flow, manip, allowed, bounds, chance):
        candidate = _with_port(flow, manip, port)
        if is_free(candidate):
            return candidate
    return None


def _candidates(
    flow: FlowTuple, manip: Manip, allowed: Range, bounds: tuple[int, int], chance: Chance
) -> Iterator[int]:
    first, last = bounds
    size = last - first + 1
    if allowed.shift is not None:
        start = _port_of(flow, manip) - allowed.shift
    else:
        start = chance.integer("nat port", 0, 65535)
    for step in range(min(size, ATTEMPTS)):
        yield first + (start + step) % size


def _bounds(flow: FlowTuple, manip: Manip, allowed: Range) -> tuple[int, int] | None:
    """The ports to choose from; None if there are none. A low port stays a low one. A destination port changes only
    if the rule says so.
    """
    if not flow.is_icmp and flow.proto not in WITH_PORTS:
        return None
    if allowed.first is not None and allowed.last is not None:
        return allowed.first, allowed.last
    if flow.is_icmp:
        return 0, 65535
    if manip is Manip.DESTINATION:
        return None
    if flow.sport < 512:
        return 1, 511
    return (600, 1023) if flow.sport < 1024 else (1024, 65535)


# --- rewriting packets ---------------------------------------------------------------------------------------------


def translate(skb: Skb, entry: Entry) -> None:
    """Rewrites a packet by its connection's tuples (nf_nat_packet)."""
    manip = MANIP_AT[skb.hook]
    flag = manip.flag if skb.direction is Direction.ORIGINAL else manip.other.flag
    if not entry.status & flag:
        return
    before = skb.packet
    target = entry.tuple_of(skb.direction.other).reply()
    if skb.ct_state is CtState.RELATED:
        skb.packet = _translate_error(before, entry.tuple_of(skb.direction.other), manip)
    else:
        skb.packet = _manipulate(before, target, manip)
    if skb.packet is not before:
        _tell(skb, before, manip)


def _manipulate(packet: Packet, target: FlowTuple, manip: Manip) -> Packet:
    """The packet with the source or destination end of the target tuple."""
    source = manip is Manip.SOURCE
    address = target.src if source else target.dst
    port = target.sport if source or target.is_icmp else target.dport
    changes: dict[str, object] = {"src" if source else "dst": address}
    if packet.proto in WITH_PORTS:
        changes["sport" if source else "dport"] = port
    elif target.is_icmp and isinstance(packet.l4, Icmp) and packet.l4.about is None:
        changes["echo_ident"] = port
    if _is_unchanged(packet, address, port, source):
        return packet
    return rewrite(packet, **changes)  # type: ignore[arg-type]


def _is_unchanged(packet: Packet, address: str, port: int, source: bool) -> bool:
    own = packet.src if source else packet.dst
    own_port = packet.sport if source else packet.dport
    if isinstance(packet.l4, Icmp):
        own_port = packet.l4.ident
    return own == address and own_port in (None, port)


def _translate_error(packet: Packet, other: FlowTuple, manip: Manip) -> Packet:
    """An ICMP error and the packet inside it, which went the other way (nf_nat_icmp_reply_translation)."""
    message = packet.l4
    if not isinstance(message, Icmp) or message.about is None:  # a reset that REJECT sent
        return _manipulate(packet, other.reply(), manip)
    inner = _manipulate(message.about, other, manip.other)
    outer = other.dst if manip is Manip.SOURCE else other.src
    if manip is Manip.SOURCE:
        return rewrite(packet, src=outer, about=inner)
    return rewrite(packet, dst=outer, about=inner)


def _tell(skb: Skb, before: Packet, manip: Manip) -> None:
    netns, after = skb.netns, skb.packet
    if Translated in netns.trace.wanted:
        kind = manip.value if skb.direction is Direction.ORIGINAL else f"reverse {manip.other.value}"
        now = int(netns.clock.now)
        record = Translated(now, netns.machine.name, netns.name, before.id, kind, _road(before), _road(after))
        netns.trace.emit(record)


def _road(packet: Packet) -> str:
    return f"{endpoint(packet.src, packet.sport)} > {endpoint(packet.dst, packet.dport)}"
