"""What every ping does: sends echo requests, knows its own answers among all ICMP that comes in, and keeps score."""

from __future__ import annotations

from msgspec import Struct

from simulator.clock import US
from simulator.kernel.packet import (
    ECHO6_REQUEST,
    ECHO_REQUEST,
    PROTO_ICMP,
    PROTO_ICMPV6,
    Icmp,
    Packet,
)
from simulator.kernel.process import Process
from simulator.kernel.raw_socket import RawSocket

ICMP_HEADER = 8
DEFAULT_SIZE = 56  # bytes of data
OVERSLEEP = 1_000 * US  # typical: how much later than asked a process that slept runs again


class Answer(Struct, frozen=True):
    """An echo reply: `rtt` in us."""

    seq: int
    source: str
    size: int  # with the ICMP header
    ttl: int
    rtt: int
    duplicate: bool


class Score(Struct):
    """What has been sent and come back. Times in us."""

    sent: int = 0
    received: int = 0
    duplicates: int = 0
    errors: int = 0
    least: int = 0
    most: int = 0
    total: int = 0
    squares: int = 0

    def add(self, rtt: int) -> None:
        timed = self.received + self.duplicates
        self.least = rtt if timed == 0 else min(self.least, rtt)
        self.most = max(self.most, rtt)
        self.total += rtt
        self.squares += rtt * rtt

    @property
    def timed(self) -> int:
        return self.received + self.duplicates

    @property
    def average(self) -> int:
        return self.total // max(self.timed, 1)

    @property
    def loss(self) -> int:
        """In percent, rounded down."""
        return (self.sent - self.received) * 100 // self.sent if self.sent else 0


class Echo:
    """A conversation with one address: requests out, the answers to them in."""

    def __init__(self, process: Process, goal: str, *, size: int = DEFAULT_SIZE, pattern: bytes = b"") -> None:
        six = ":" in goal
        self.process, self.goal, self.size, self.pattern = process, goal, size, pattern
        self.ident = process.local_pid & 0xFFFF
        self.score = Score()
        self.socket: RawSocket = process.socket("inet6" if six else "inet", "raw", PROTO_ICMPV6 if six else PROTO_ICMP)
        self._request = ECHO6_REQUEST if six else ECHO_REQUEST
        self._sent: dict[int, int] = {}  # sequence number to the time of sending
        self._answered: dict[int, bool] = {}

    def send(self, seq: int) -> None:
        """Sends a request; it counts as sent even if the kernel refuses it. Raises OSError."""
        self.score.sent += 1
        self._sent[seq & 0xFFFF] = int(self.process.clock.now)
        self.socket.send_to(Icmp(self._request, 0, self.ident, seq & 0xFFFF, self._data()), self.goal)

    def _data(self) -> bytes:
        pattern = self.pattern or bytes(range(256))
        return (pattern * (self.size // len(pattern) + 1))[: self.size]

    def answer(self, packet: Packet) -> Answer | None:
        """What a received packet says, if it is an answer to us; it is counted."""
        message = packet.l4
        if not isinstance(message, Icmp) or not message.is_echo_reply or message.ident != self.ident:
            return None
        rtt = (int(self.process.clock.now) - self._sent.get(message.seq, 0)) // US
        duplicate = message.seq in self._answered
        self._answered[message.seq] = True
        self.score.add(rtt)
        if duplicate:
            self.score.duplicates += 1
        else:
            self.score.received += 1
        return Answer(message.seq, packet.src, ICMP_HEADER + len(message.data), packet.ttl, rtt, duplicate)

    def arrived(self) -> list[Packet]:
        """The packets that are there now, whosever they are. Raises OSError as the socket does."""
        packets = []
        while self.socket.readable:
            packets.append(self.socket.receive_nowait())
        return packets


def milliseconds(rtt: int) -> str:
    """us as ms with three digits behind the point."""
    return f"{rtt // 1000}.{rtt % 1000:03d}"
