"""How the traceroute for Linux sends probes and hears of them: UDP, ICMP echo, TCP SYN (mod-udp.c and its like).

What routers and hosts say of a probe comes by the error queue of the socket that sent it (IP_RECVERR).
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from simulator.kernel.errors import strerror
from simulator.kernel.message_socket import QueuedError
from simulator.kernel.packet import (
    ECHO6_REQUEST,
    ECHO_REQUEST,
    PROTO_ICMP,
    PROTO_ICMPV6,
    PROTO_TCP,
    Flag,
    Icmp,
    Packet,
    Tcp,
    TcpOptions,
)
from simulator.kernel.process import Process
from simulator.userland.traceroute.modern_options import Settings

FIRST_PORT, UDP_PORT, TCP_PORT = 33434, 53, 80
FIRST_DATA = 0x40  # the data of a probe: "@ABC..."
SYN_WINDOW, SYN_MSS, SYN_SCALE = 5840, 1460, 2
_MARKS = {0: " !N", 1: " !H", 2: " !P", 5: " !S", 10: " !X", 9: " !X", 13: " !X", 14: " !V", 15: " !C"}
_MARKS6 = {0: " !N", 1: " !X", 2: " !S", 3: " !H"}


class Probe(Struct):
    """What became of a probe. `rtt` in us."""

    number: int
    address: str
    mark: str = ""
    final: bool = False
    rtt: int = 0


class Method:
    """Ways to probe have this in common. Raises OSError with the failed call as its file name."""

    def __init__(self, process: Process, settings: Settings, goal: str, length: int) -> None:
        self.process, self.settings, self.goal = process, settings, goal
        self.six = ":" in goal
        self.size = length - (40 if self.six else 20)  # what follows the IP header
        self.sockets: list[Any] = []
        self.check_road()

    def check_road(self) -> None:
        probe = self.open("dgram")
        try:
            self.call("connect", probe.connect, self.goal, FIRST_PORT)
        finally:
            probe.close()

    def open(self, kind: str, proto: int = 0) -> Any:
        """A socket with the options that all probes have."""
        socket = self.process.socket("inet6" if self.six else "inet", kind, proto)
        socket.set("recverr", True)
        socket.set("df", self.settings.whole)
        socket.set("tos", self.settings.tos)
        if self.settings.device:
            self.call("setsockopt SO_BINDTODEVICE", socket.set, "device", self.settings.device)
        if self.settings.source:
            self.call("bind", socket.bind, self.settings.source, 0)
        return socket

    def call(self, name: str, function: Callable[..., Any], *arguments: Any) -> None:
        try:
            function(*arguments)
        except OSError as refusal:
            number = refusal.errno or errno.EIO
            raise OSError(number, strerror(number), name) from None

    def data(self, size: int) -> bytes:
        return bytes((FIRST_DATA + index) & 0xFF for index in range(max(size, 0)))

    def send(self, number: int, ttl: int) -> None:
        raise NotImplementedError

    def answers(self) -> list[Probe]:
        """What has been heard since the last call."""
        found = []
        for socket in list(self.sockets):
            while socket.readable:
                probe = self.hear(socket)
                if probe:
                    found.append(probe)
        return found

    def hear(self, socket: Any) -> Probe | None:
        try:
            return self.understood(socket, socket.receive_nowait())
        except OSError:
            entry = socket.next_error()
            return self.failed(socket, entry) if entry and entry.origin != "local" else None

    def failed(self, socket: Any, entry: QueuedError) -> Probe | None:
        """A probe that somebody on the way, or the host itself, has told of."""
        number = self.number_of(socket, entry.packet)
        if number is None:
            return None
        passed = entry.type == (3 if self.six else 11)
        if passed:
            return Probe(number, entry.offender)
        mark = (_MARKS6 if self.six else _MARKS).get(entry.code, f" !<{entry.code}>")
        if entry.code == (4 if self.six else 3):
            mark = ""
        elif entry.code == 4 and not self.six:
            mark = f" !F-{entry.info}"
        return Probe(number, entry.offender, mark, final=True)

    def understood(self, socket: Any, message: Any) -> Probe | None:
        """What a received message says: whether it answers a probe."""
        return None

    def number_of(self, socket: Any, packet: Packet) -> int | None:
        """Which probe a packet of ours was."""
        raise NotImplementedError


class UdpMethod(Method):
    """Datagrams to ports where nobody listens, each from a socket of its own; ports count up, or stay with -U."""

    def __init__(self, process: Process, settings: Settings, goal: str, length: int) -> None:
        super().__init__(process, settings, goal, length)
        self.fixed = settings.method == "udp"
        self.port = settings.port or (UDP_PORT if self.fixed else FIRST_PORT)
        self._numbers: dict[int, int] = {}

    def send(self, number: int, ttl: int) -> None:
        socket = self.open("dgram")
        socket.set("ttl", ttl)
        self.sockets.append(socket)
        self._numbers[id(socket)] = number
        socket.connect(self.goal, self.port if self.fixed else self.port + number)
        socket.send(self.data(self.size - 8))

    def understood(self, socket: Any, message: Any) -> Probe | None:
        return Probe(self._numbers[id(socket)], self.goal, final=True)

    def number_of(self, socket: Any, packet: Packet) -> int | None:
        return self._numbers[id(socket)]


class IcmpMethod(Method):
    """Echo requests; the sequence number says which."""

    def __init__(self, process: Process, settings: Settings, goal: str, length: int) -> None:
        super().__init__(process, settings, goal, length)
        self.sockets = [self.open("raw", PROTO_ICMPV6 if self.six else PROTO_ICMP)]
        self.ident = process.local_pid & 0xFFFF
        self.first = settings.port or 1

    def send(self, number: int, ttl: int) -> None:
        socket = self.sockets[0]
        socket.set("ttl", ttl)
        kind = ECHO6_REQUEST if self.six else ECHO_REQUEST
        socket.send_to(Icmp(kind, 0, self.ident, self.first + number, self.data(self.size - 8)), self.goal)

    def understood(self, socket: Any, message: Any) -> Probe | None:
        reply = message.l4
        if not isinstance(reply, Icmp) or not reply.is_echo_reply or reply.ident != self.ident:
            return None
        return Probe(reply.seq - self.first, message.src, final=True)

    def number_of(self, socket: Any, packet: Packet) -> int | None:
        asked = packet.l4
        mine = isinstance(asked, Icmp) and asked.ident == self.ident
        return asked.seq - self.first if mine and isinstance(asked, Icmp) else None


class TcpMethod(Method):
    """SYN segments to one port, each from a port of its own; whatever comes back from there is the end."""

    def __init__(self, process: Process, settings: Settings, goal: str, length: int) -> None:
        super().__init__(process, settings, goal, length)
        self.sockets = [self.open("raw", PROTO_TCP)]
        self.port = settings.port or TCP_PORT
        self._numbers: dict[int, int] = {}

    def send(self, number: int, ttl: int) -> None:
        chance = self.process.clock.chance
        sport = chance.integer("traceroute port", 32768, 60999)
        while sport in self._numbers:
            sport += 1
        self._numbers[sport] = number
        stamp = (chance.integer("tcp timestamp", 0, (1 << 32) - 1), 0)
        options = TcpOptions(mss=SYN_MSS, sack_ok=True, timestamp=stamp, window_scale=SYN_SCALE)
        isn = chance.integer("tcp isn", 0, (1 << 32) - 1)
        self.sockets[0].set("ttl", ttl)
        self.sockets[0].send_to(Tcp(sport, self.port, isn, 0, Flag.SYN, SYN_WINDOW, options), self.goal)

    def understood(self, socket: Any, message: Any) -> Probe | None:
        segment = message.l4
        if not isinstance(segment, Tcp) or message.src != self.goal or segment.sport != self.port:
            return None
        number = self._numbers.get(segment.dport)
        return None if number is None else Probe(number, message.src, final=True)

    def number_of(self, socket: Any, packet: Packet) -> int | None:
        return self._numbers.get(packet.sport or 0)


METHODS: dict[str, type[Method]] = {
    "default": UdpMethod,
    "udp": UdpMethod,
    "icmp": IcmpMethod,
    "tcp": TcpMethod,
}
