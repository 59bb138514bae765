"""What happened, as one ordered stream of records.

Kernel, engine and programs emit; the terminal, captures, lessons and tests subscribe. Whoever emits asks first
whether anybody listens (`if trace.wants(FrameSent): trace.emit(FrameSent(...))`), so that a record nobody reads is
never built. Every record is frozen, and `as_json` gives it in plain data.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, TypeVar


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that happened. `time` is in ns since the lab began, `machine` and `netns` say where."""

    time: int
    machine: str
    netns: str


R = TypeVar("R", bound=Record)
Listener = Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class FrameSent(Record):
    """A frame left through a device. `frame` is a kernel.packet.Frame."""

    device: str
    frame: Any


@dataclass(frozen=True, slots=True)
class FrameReceived(Record):
    """A frame came in through a device."""

    device: str
    frame: Any


@dataclass(frozen=True, slots=True)
class BridgeForwarded(Record):
    """A bridge sent a frame on: to one port it had learnt, or to all of them (flooded)."""

    bridge: str
    packet: int
    ports: tuple[str, ...]
    flooded: bool


@dataclass(frozen=True, slots=True)
class RouteChosen(Record):
    """The routing decision about a packet: the road, as `ip route get` words it. `about` is the packet in words."""

    packet: int
    destination: str
    route: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class RuleMatched(Record):
    """A rule of iptables matched a packet. `rule` is its iptables-save spelling, `made_by` what was typed to make it."""

    packet: int
    hook: str
    table: str
    chain: str
    number: int
    rule: str
    verdict: str
    made_by: str


@dataclass(frozen=True, slots=True)
class PolicyApplied(Record):
    """No rule of a built-in chain decided; its policy did."""

    packet: int
    hook: str
    table: str
    chain: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Translated(Record):
    """NAT rewrote a packet's addresses or ports. `before` and `after` are 'source > destination'."""

    packet: int
    kind: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ConntrackChanged(Record):
    """A conntrack entry was made, changed its state or went."""

    entry: str
    state: str


@dataclass(frozen=True, slots=True)
class NeighbourChanged(Record):
    """A neighbour entry went from one NUD state to another."""

    device: str
    address: str
    mac: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class TcpChanged(Record):
    """A TCP socket went from one state to another."""

    socket: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Delivered(Record):
    """A packet reached a socket (or the kernel's own echo responder)."""

    packet: int
    to: str


@dataclass(frozen=True, slots=True)
class Dropped(Record):
    """A packet died. `code` is stable and documented (kernel.drops), `detail` says which table, device or port."""

    packet: int
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class ProcessStarted(Record):
    """A program began to run."""

    pid: int
    argv: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProcessExited(Record):
    """A process ended with a status (128 and the signal's number if one killed it)."""

    pid: int
    argv: tuple[str, ...]
    status: int


@dataclass(frozen=True, slots=True)
class EngineEvent(Record):
    """What `docker events` tells: type (container, network ...), action, the actor's id and its attributes."""

    type: str
    action: str
    actor: str
    attributes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PortAllocated(Record):
    """The engine took a port of the host to publish there; docker-proxy has yet to open it."""

    host_ip: str
    proto: str
    number: int


@dataclass(frozen=True, slots=True)
class PortReleased(Record):
    """The engine gave the port back: its container has ended, or the port could not be opened."""

    host_ip: str
    proto: str
    number: int


class Trace:
    """The stream itself."""

    def __init__(self) -> None:
        self._listeners: defaultdict[type[Record], list[Listener]] = defaultdict(list)

    def subscribe(self, listener: Listener, *kinds: type[Record]) -> Callable[[], None]:
        """Calls listener(record) for each record of these kinds from now on; returns what ends it."""
        for kind in kinds:
            self._listeners[kind].append(listener)

        def unsubscribe() -> None:
            for kind in kinds:
                self._listeners[kind].remove(listener)

        return unsubscribe

    def wants(self, kind: type[Record]) -> bool:
        return bool(self._listeners.get(kind))

    def emit(self, record: Record) -> None:
        for listener in tuple(self._listeners[type(record)]):
            listener(record)


def as_json(record: Record) -> dict[str, Any]:
    """A record in plain data; a frame or anything else that is not plain becomes its text."""
    plain = (str, int, float, bool, type(None))
    values = {field.name: getattr(record, field.name) for field in fields(record)}
    return {"record": type(record).__name__} | {k: v if isinstance(v, plain) else str(v) for k, v in values.items()}
