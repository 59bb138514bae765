"""What happened, as one ordered stream of records.

Kernel, engine and programs emit; the terminal, captures, lessons and tests subscribe. Whoever emits asks first
whether anybody listens (`if FrameSent in trace.wanted: trace.emit(FrameSent(...))`), so that a record nobody reads is
never built. Every record is frozen, and `as_json` gives it in plain data.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import fields


class Record(Struct, frozen=True):
    """One thing that happened. `time` is in ns since the lab began, `machine` and `netns` say where."""

    time: int
    machine: str
    netns: str


R = TypeVar("R", bound=Record)
Listener = Callable[[Any], None]


class FrameSent(Record, frozen=True):
    """A frame left through a device. `frame` is a kernel.packet.Frame."""

    device: str
    frame: Any


class FrameReceived(Record, frozen=True):
    """A frame came in through a device."""

    device: str
    frame: Any


class BridgeForwarded(Record, frozen=True):
    """A bridge sent a frame on: to one port it had learnt, or to all of them (flooded)."""

    bridge: str
    packet: int
    ports: tuple[str, ...]
    flooded: bool


class RouteChosen(Record, frozen=True):
    """The routing decision about a packet: the road, as `ip route get` words it. `about` is the packet in words."""

    packet: int
    destination: str
    route: str
    about: str = ""


class RuleMatched(Record, frozen=True):
    """A rule of iptables matched a packet. `rule` is its iptables-save spelling, `made_by` what was typed to make it."""

    packet: int
    hook: str
    table: str
    chain: str
    number: int
    rule: str
    verdict: str
    made_by: str


class PolicyApplied(Record, frozen=True):
    """No rule of a built-in chain decided; its policy did."""

    packet: int
    hook: str
    table: str
    chain: str
    verdict: str


class Translated(Record, frozen=True):
    """NAT rewrote a packet's addresses or ports. `before` and `after` are 'source > destination'."""

    packet: int
    kind: str
    before: str
    after: str


class ConntrackChanged(Record, frozen=True):
    """A conntrack entry was made, changed its state or went."""

    entry: str
    state: str


class NeighbourChanged(Record, frozen=True):
    """A neighbour entry went from one NUD state to another."""

    device: str
    address: str
    mac: str
    before: str
    after: str


class TcpChanged(Record, frozen=True):
    """A TCP socket went from one state to another."""

    socket: str
    before: str
    after: str


class Delivered(Record, frozen=True):
    """A packet reached a socket (or the kernel's own echo responder)."""

    packet: int
    to: str


class Dropped(Record, frozen=True):
    """A packet died. `code` is stable and documented (kernel.drops), `detail` says which table, device or port."""

    packet: int
    code: str
    detail: str


class ProcessStarted(Record, frozen=True):
    """A program began to run."""

    pid: int
    argv: tuple[str, ...]


class ProcessExited(Record, frozen=True):
    """A process ended with a status (128 and the signal's number if one killed it)."""

    pid: int
    argv: tuple[str, ...]
    status: int


class EngineEvent(Record, frozen=True):
    """What `docker events` tells: type (container, network ...), action, the actor's id and its attributes."""

    type: str
    action: str
    actor: str
    attributes: tuple[tuple[str, str], ...]


class PortAllocated(Record, frozen=True):
    """The engine took a port of the host to publish there; docker-proxy has yet to open it."""

    host_ip: str
    proto: str
    number: int


class PortReleased(Record, frozen=True):
    """The engine gave the port back: its container has ended, or the port could not be opened."""

    host_ip: str
    proto: str
    number: int


class Trace:
    """The stream itself."""

    def __init__(self) -> None:
        self.wanted: dict[type[Record], tuple[Listener, ...]] = {}  # who listens; only kinds for which anybody does

    def subscribe(self, listener: Listener, *kinds: type[Record]) -> Callable[[], None]:
        """Calls listener(record) for each record of these kinds from now on; returns what ends it."""
        for kind in kinds:
            self.wanted[kind] = (*self.wanted.get(kind, ()), listener)

        def unsubscribe() -> None:
            for kind in kinds:
                left = list(self.wanted.pop(kind))
                left.remove(listener)
                if left:
                    self.wanted[kind] = tuple(left)

        return unsubscribe

    def emit(self, record: Record) -> None:
        for listener in self.wanted.get(type(record), ()):
            listener(record)


def as_json(record: Record) -> dict[str, Any]:
    """A record in plain data; a frame or anything else that is not plain becomes its text."""
    plain = (str, int, float, bool, type(None))
    values = {field.name: getattr(record, field.name) for field in fields(record)}
    return {"record": type(record).__name__} | {k: v if isinstance(v, plain) else str(v) for k, v in values.items()}
