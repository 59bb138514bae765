"""Published ports that programs of the real machine can reach: `docklab serve --expose`.

What the engine publishes at a port of the simulated host is offered at 127.0.0.1 and the same port of the real machine,
for as long as it is published. Whoever connects there is a client from beyond the host, by packets: DNAT, docker-proxy
and all other rules apply to it. A port that the real machine has for something else is taken on the simulated host, too,
while the engine tries to publish it, so that it fails in the words in which it fails on a real host.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct, field

from simulator.server.connections import Connections
from simulator.server.datagrams import Datagrams
from simulator.server.relay import LOOPBACK, Watch
from simulator.trace import PortAllocated, PortReleased

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace
    from simulator.server.pace import Pace

ANY = "0.0.0.0"
KINDS = {"tcp": "stream", "udp": "dgram"}

Port = tuple[str, int]  # protocol and number


class Opened(Protocol):
    """A real socket at a published port, and those who use it."""

    def close(self) -> None: ...


class Offer(Struct):
    """A published port. The engine may publish one number at several addresses; the first has the real one."""

    addresses: list[str] = field(default_factory=list)
    opened: Opened | None = None
    blocker: Any = None  # the socket that keeps docker-proxy from a port that cannot be had


class Exposure:
    """The published ports of one host; `outside` is the namespace of the machine that clients come from."""

    def __init__(self, host: NetNamespace, outside: NetNamespace, *, watch: Watch, pace: Pace) -> None:
        self._host, self._outside, self._watch, self._pace = host, outside, watch, pace
        self._offers: dict[Port, Offer] = {}
        self._unsubscribe = [
            host.trace.subscribe(self._allocated, PortAllocated),
            host.trace.subscribe(self._released, PortReleased),
        ]

    def close(self) -> None:
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        for offer in self._offers.values():
            if offer.opened:
                offer.opened.close()
        self._offers.clear()

    def _allocated(self, record: PortAllocated) -> None:
        if not self._concerns(record):
            return
        port = record.proto, record.number
        offer = self._offers.setdefault(port, Offer())
        offer.addresses.append(record.host_ip)
        if offer.opened is None:
            self._open(offer, port)

    def _released(self, record: PortReleased) -> None:
        offer = self._offers.get((record.proto, record.number))
        if offer is None or not self._concerns(record):
            return
        offer.addresses.remove(record.host_ip)
        if offer.blocker:
            offer.blocker.close()
            offer.blocker = None
        if not offer.addresses:
            del self._offers[record.proto, record.number]
            if offer.opened:
                offer.opened.close()

    def _concerns(self, record: PortAllocated | PortReleased) -> bool:
        """IPv6 addresses are left out: a port without an address has its IPv4 twin."""
        return record.machine == self._host.machine.name and record.proto in KINDS and ":" not in record.host_ip

    def _open(self, offer: Offer, port: Port) -> None:
        proto, number = port
        try:
            offer.opened = self._opened(offer, port)
        except OSError as failure:
            reason = os.strerror(failure.errno or 0).lower()
            sys.stderr.write(f"docklab: {proto} port {number} cannot be had at {LOOPBACK}: {reason}\n")
            blocker = self._host.sockets.create("inet", KINDS[proto])
            with suppress(OSError):  # a program of the simulated host has it already
                blocker.bind(offer.addresses[-1], number)
                if proto == "tcp":
                    blocker.listen(1)
            offer.blocker = blocker

    def _opened(self, offer: Offer, port: Port) -> Opened:
        proto, number = port
        road = partial(self._road, offer, number)
        kind = Connections if proto == "tcp" else Datagrams
        return kind(number, road, watch=self._watch, pace=self._pace)

    def _road(self, offer: Offer, number: int) -> tuple[NetNamespace, str, int]:
        """What is published for everybody is reached from beyond the host, the rest from the host itself."""
        own, address = self._host.source_for(_address(self._outside)), offer.addresses[0]
        return (self._outside, own, number) if address in (ANY, own) else (self._host, address, number)


def _address(netns: NetNamespace) -> str:
    """The first address that others know a machine by."""
    addresses = (own for device in netns.listed() for own in device.addresses if device is not netns.loopback)
    return next(own.ip for own in addresses if own.version == 4)
