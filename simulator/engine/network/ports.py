"""Ports of containers: what was asked for, and which ports of the host are taken for it.

Mirrors libnetwork's portallocator and the daemon's reading of ExposedPorts and PortBindings (go-connections/nat). The
allocator keeps a book per host address and protocol; within a range it goes on behind the port it gave last. Whether a
process of the host has a port it does not know: then starting docker-proxy fails.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from simulator.engine.errors import System
from simulator.engine.network.addresses import ip_from_text

PROTOCOLS = ("tcp", "udp", "sctp")
FIRST, LAST = 32768, 60999  # net.ipv4.ip_local_port_range as Linux sets it

Document = dict[str, Any]


class ContainerPort(Struct, frozen=True):
    """A port of a container, written 80/tcp."""

    number: int
    proto: str

    def __str__(self) -> str:
        return f"{self.number}/{self.proto}"


class PortBinding(Struct, frozen=True):
    """A port of the host that shall lead to one of the container; no `host_ip`: any address; port 0: any port."""

    port: ContainerPort
    host_ip: str = ""
    first: int = 0
    last: int = 0
    container_ip: str = ""

    @property
    def number(self) -> int:
        """The host's port, once it is chosen."""
        return self.first

    def at(self, *, host_ip: str, container_ip: str) -> PortBinding:
        return replace(self, host_ip=host_ip, container_ip=container_ip)

    def on(self, number: int) -> PortBinding:
        return replace(self, first=number, last=number)


class PortSettings(Struct, frozen=True):
    """The ports of one container: those that it exposes, and the bindings it wants, in the order they are made."""

    exposed: tuple[ContainerPort, ...] = ()
    bindings: tuple[PortBinding, ...] = ()


def port_from_text(text: str) -> ContainerPort:
    """80/tcp; the protocol may be left out. What is no number is 0, and so is a protocol that is not known."""
    number, _, proto = text.partition("/")
    known = proto.lower() if proto.lower() in PROTOCOLS else "0" if proto else "tcp"
    return ContainerPort(int(number) & 0xFFFF if number.isdecimal() else 0, known)


def range_from_text(text: str) -> tuple[int, int]:
    """A host port ("8080"), a range of them ("8000-8010") or none (""). Raises System."""
    first, dash, last = text.partition("/")[0].partition("-")
    parts = [first, last] if dash else [first or "0"]
    if any(not part.isdecimal() or int(part) > 65535 for part in parts) or int(parts[-1]) < int(parts[0]):
        raise System(f"Error parsing HostPort value ({text}): Invalid port range: {text}")
    return int(parts[0]), int(parts[-1])


def port_settings(
    exposed: Mapping[str, Any] | None,
    bindings: Mapping[str, Sequence[Mapping[str, str]] | None] | None,
    *,
    publish_all: bool = False,
) -> PortSettings:
    """The settings in the API's documents. A binding of a port that is not exposed counts for nothing."""
    ports = [port_from_text(text) for text in exposed or {}]
    wanted: dict[ContainerPort, list[PortBinding]] = {port: [] for port in ports}
    for text, entries in (bindings or {}).items():
        for entry in entries or []:
            port = port_from_text(text)
            if port in wanted:
                first, last = range_from_text(entry.get("HostPort", ""))
                host_ip = ip_from_text(entry.get("HostIp", "")) or ""
                wanted[port].append(PortBinding(port, host_ip, first, last))
    for port, made in wanted.items():
        if port.proto == "tcp":
            made.reverse()
        else:
            made.sort(key=lambda binding: -binding.first)
    ports.sort(key=lambda port: (-_highest(wanted[port]), -port.number, port.proto != "tcp"))
    result: list[PortBinding] = []
    for port in ports:
        result += wanted[port] or ([PortBinding(port)] if publish_all else [])
    return PortSettings(tuple(ports), tuple(result))


def _highest(bindings: list[PortBinding]) -> int:
    """The host's port that go-connections (SortPortMap) sorts a port by, highest first.

    Its comparison is no order: of two bindings of one TCP port each comes before the other, and they change places.
    """
    return max((binding.first for binding in bindings), default=0)


def ports_document(exposed: Sequence[ContainerPort], bindings: Sequence[PortBinding]) -> Document:
    """The API's Ports document: each exposed port, with the host's addresses and ports that lead to it."""
    document: Document = {str(port): None for port in exposed}
    for binding in bindings:
        entry = {"HostIp": binding.host_ip, "HostPort": str(binding.number)}
        document[str(binding.port)] = [*(document.get(str(binding.port)) or []), entry]
    return dict(sorted(document.items()))


class _Book(Struct):
    """The ports of one address and protocol that are taken, and the port last given of each range."""

    taken: set[int] = field(default_factory=set)
    last_given: dict[tuple[int, int], int] = field(default_factory=dict)


class PortAllocator(Struct):
    """Which ports of the host containers have. `first` and `last` bound the ports that the engine itself chooses."""

    first: int = FIRST
    last: int = LAST
    _books: dict[tuple[str, str], _Book] = field(default_factory=dict)

    def request(self, host_ip: str, proto: str, first: int = 0, last: int = 0) -> int:
        """This port, or the next free one of the range, or of the engine's own. Raises System if there is none."""
        book = self._books.setdefault((host_ip, proto), _Book())
        if first and first == last:
            if first in book.taken:
                raise System(f"Bind for {host_ip}:{first} failed: port is already allocated")
            book.taken.add(first)
            return first
        return self._next(book, (first, last) if last else (self.first, self.last))

    def release(self, host_ip: str, proto: str, number: int) -> None:
        book = self._books.get((host_ip, proto))
        if book is not None:
            book.taken.discard(number)

    @staticmethod
    def _next(book: _Book, bounds: tuple[int, int]) -> int:
        first, last = bounds
        count = last - first + 1
        begin = book.last_given.get(bounds, last) + 1 - first
        for step in range(count):
            number = first + (begin + step) % count
            if number not in book.taken:
                book.taken.add(number)
                book.last_given[bounds] = number
                return number
        raise System("all ports are allocated")
