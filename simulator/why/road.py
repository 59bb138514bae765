"""A packet's road, phase by phase, told from trace records alone, in the manner of packet-tracer and retis.

Records of one packet have its id, which survives NAT. What has none (a neighbour asked for, a connection noted) belongs
to the packet that was last on its way in the same namespace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from msgspec import Struct, field

from simulator.kernel.drops import DROP_CODES
from simulator.kernel.packet import Arp, Discovery, GroupReport
from simulator.trace import (
    BridgeForwarded,
    ConntrackChanged,
    Delivered,
    Dropped,
    FrameReceived,
    FrameSent,
    NeighbourChanged,
    PolicyApplied,
    Record,
    RouteChosen,
    RuleMatched,
    Translated,
)

# Drops that happen to copies of a flooded frame, or to noise: they say nothing about the packet.
ASIDE = frozenset({"OTHER_HOST", "NO_MEMBER"})


class Phase(Struct, frozen=True):
    """One thing that happened to a packet: to a device, bridge, route, neighbour, conntrack, rule, policy, nat, end."""

    time: int
    machine: str
    netns: str
    kind: str
    result: str  # ALLOW, DROP or nothing
    text: str
    made_by: str = ""
    record: Record | None = None

    @property
    def where(self) -> str:
        return self.netns or self.machine

    def document(self) -> dict[str, Any]:
        plain = {"time": self.time, "machine": self.machine, "netns": self.netns, "phase": self.kind}
        plain |= {"result": self.result, "text": self.text}
        return plain | ({"made_by": self.made_by} if self.made_by else {})


class Road(Struct):
    """One packet's phases and what became of it. `packet` is 0 where none could be made."""

    packet: int
    about: str = ""
    phases: list[Phase] = field(default_factory=list)
    dropped: Dropped | None = None
    delivered: Delivered | None = None

    @property
    def outcome(self) -> str:
        return "dropped" if self.dropped else "delivered" if self.delivered else "on its way"

    @property
    def code(self) -> str:
        return self.dropped.code if self.dropped else ""

    @property
    def ends(self) -> tuple[str, str]:
        """Source and destination as they were at first, with ports."""
        source, _, rest = self.about.removeprefix("to ").rpartition(" > ") if not self.packet else self._split()
        return source, rest.split(" ")[0]

    def _split(self) -> tuple[str, str, str]:
        return self.about.partition(" > ")

    @property
    def addresses(self) -> tuple[str, str]:
        """The same without ports."""
        source, destination = map(_address, self.ends)
        return source, destination

    @property
    def frames(self) -> list[FrameSent]:
        return [phase.record for phase in self.phases if isinstance(phase.record, FrameSent)]

    def document(self) -> dict[str, Any]:
        head: dict[str, Any] = {"packet": self.packet, "about": self.about, "outcome": self.outcome}
        if self.dropped:
            head |= {"code": self.code, "detail": self.dropped.detail, "meaning": DROP_CODES[self.code]}
        return head | {"phases": [phase.document() for phase in self.phases]}


def roads(records: Iterable[Record]) -> list[Road]:
    """The roads of all packets, in the order in which they set out.

    Hosts' own IPv6 and group noise is left out, and what was on its way before.
    """
    found: dict[int, Road] = {}
    latest: dict[tuple[str, str], Road] = {}
    for record in records:
        number = _packet_of(record)
        place = (record.machine, record.netns)
        if number is None:
            road = latest.get(place)
        elif number == 0 and not isinstance(record, Dropped):
            road = latest.get(place) if _is_question(record) else None
        else:
            road = found.setdefault(number, Road(number))
            latest[place] = road
        if road is not None and (road.outcome != "delivered" or isinstance(record, Dropped | FrameSent)):
            _take(road, record)
    return [road for road in found.values() if road.phases and road.about and not _is_noise(road)]


def _address(end: str) -> str:
    """The address of an end as tcpdump writes it, the port joined by a dot."""
    return end.partition(".")[0] if ":" in end else ".".join(end.split(".")[:4])


def _packet_of(record: Record) -> int | None:
    if isinstance(record, FrameSent | FrameReceived):
        return 0 if isinstance(record.frame.payload, Arp) else int(record.frame.payload.id)
    return getattr(record, "packet", None)


def _is_question(record: Record) -> bool:
    return isinstance(record, FrameSent) and isinstance(record.frame.payload, Arp)


def _is_noise(road: Road) -> bool:
    frames = road.frames
    return any(isinstance(sent.frame.payload.l4, Discovery | GroupReport) for sent in frames if not _is_question(sent))


def _take(road: Road, record: Record) -> None:
    """Adds what a record says to a road."""
    if isinstance(record, Dropped):
        if record.code in ASIDE:
            return
        road.dropped = record
        road.delivered = None
    elif isinstance(record, Delivered):
        road.delivered = record
    if not road.about:
        road.about = _about(record)
    phase = phase_of(record)
    if phase:
        road.phases.append(phase)


def phase_of(record: Record) -> Phase | None:
    """What a record says of a packet's road, if anything."""
    tell = _TELL.get(type(record))
    kind, result, text = tell(record) if tell else ("", "", "")
    if not text:
        return None
    made_by = getattr(record, "made_by", "")
    return Phase(record.time, record.machine, record.netns, kind, result, text, made_by, record)


def _about(record: Record) -> str:
    if isinstance(record, RouteChosen):
        return record.about
    if isinstance(record, FrameSent) and not _is_question(record):
        return str(record.frame.payload)
    return f"to {record.detail}" if isinstance(record, Dropped) and record.packet == 0 else ""


Told = tuple[str, str, str]


def _sent(record: Any) -> Told:
    payload = record.frame.payload
    if isinstance(payload, Arp):
        return "neighbour", "", f"{record.device} asks: {payload}"
    return "device", "ALLOW", f"out by {record.device} to {record.frame.dst}"


def _received(record: Any) -> Told:
    return "device", "ALLOW", f"in by {record.device}"


def _bridged(record: Any) -> Told:
    goal = ", ".join(record.ports) or "nobody"
    how = "does not know the address and floods" if record.flooded else "knows the address"
    return "bridge", "ALLOW" if record.ports else "", f"{record.bridge} {how}: to {goal}"


def _routed(record: Any) -> Told:
    return "route", "ALLOW", f"{record.destination} goes by: {record.route}"


def _matched(record: Any) -> Told:
    result = "DROP" if record.verdict in ("DROP", "REJECT") else "ALLOW"
    return "rule", result, f"{record.hook} {record.table} {record.chain} {record.number}: {record.rule}"


def _policy(record: Any) -> Told:
    result = "DROP" if record.verdict == "DROP" else "ALLOW"
    return "policy", result, f"{record.hook} {record.table} {record.chain}: no rule decides; policy {record.verdict}"


def _translated(record: Any) -> Told:
    return "nat", "ALLOW", f"{record.kind}: {record.before} becomes {record.after}"


def _tracked(record: Any) -> Told:
    return "conntrack", "", f"{record.entry} is {record.state}"


def _neighbour(record: Any) -> Told:
    if record.after not in ("INCOMPLETE", "REACHABLE", "FAILED"):
        return "neighbour", "", ""
    at = f" at {record.mac}" if record.mac else ""
    result = {"REACHABLE": "ALLOW", "FAILED": "DROP"}.get(record.after, "")
    return "neighbour", result, f"{record.address}{at} on {record.device} is {record.after}"


def _delivered(record: Any) -> Told:
    return "end", "ALLOW", f"arrives: {record.to}"


def _dropped(record: Any) -> Told:
    return "end", "DROP", f"{record.code}: {record.detail}"


_TELL: dict[type[Record], Callable[[Any], Told]] = {
    FrameSent: _sent,
    FrameReceived: _received,
    BridgeForwarded: _bridged,
    RouteChosen: _routed,
    RuleMatched: _matched,
    PolicyApplied: _policy,
    Translated: _translated,
    ConntrackChanged: _tracked,
    NeighbourChanged: _neighbour,
    Delivered: _delivered,
    Dropped: _dropped,
}
