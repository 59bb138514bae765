"""What datagram, raw and packet sockets share: whole messages in a queue, errors that ICMP told. recv(2), ip(7).

With IP_RECVERR an error is told twice, as Linux does it: the next call fails with its number, and the error queue has
the whole story.
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from simulator.clock import Event
from simulator.kernel.errors import error
from simulator.kernel.packet import Packet
from simulator.kernel.socket import Socket

if TYPE_CHECKING:
    from simulator.kernel.device import Device
    from simulator.kernel.netns import NetNamespace
    from simulator.kernel.process import Process

RECEIVE_BUFFER = 212992  # bytes: net.core.rmem_default
OVERHEAD = 512  # what the kernel adds to each message (sk_buff)


class QueuedError(Struct, frozen=True):
    """An entry of a socket's error queue (struct sock_extended_err). `origin`: local, icmp or icmp6."""

    errno: int
    origin: str
    type: int
    code: int
    info: int  # the MTU, where that is what failed
    offender: str
    packet: Packet


class MessageSocket(Socket):
    """A socket that hands out one message at a time."""

    buffer = RECEIVE_BUFFER

    def __init__(self, netns: NetNamespace, family: str, kind: str, *, owner: Process | None) -> None:
        super().__init__(netns, family, kind, owner=owner)
        self._messages: list[tuple[Any, int]] = []
        self.queued = 0
        self.failure: int | None = None
        self._errors: list[QueuedError] = []

    def receive(self) -> Event:
        """An event with the next message. Fails with OSError if ICMP told of one."""
        return self.readers.wait(self.receive_nowait)

    def receive_nowait(self) -> Any:
        """The next message. Raises OSError EAGAIN if there is none, or what ICMP told."""
        self._usable()
        self.raise_failure()
        if not self._messages:
            raise error(errno.EAGAIN)
        message, size = self._messages.pop(0)
        self.queued -= size
        return message

    def next_error(self) -> QueuedError | None:
        """Takes an entry of the error queue (MSG_ERRQUEUE)."""
        return self._errors.pop(0) if self._errors else None

    @property
    def readable(self) -> bool:
        return bool(self._messages) or self.failure is not None or self.closed

    @property
    def error(self) -> int | None:
        """The pending error number, taken: SO_ERROR."""
        code, self.failure = self.failure, None
        return code

    @property
    def connected(self) -> bool:
        return self._peer is not None

    # -- what the kernel does ---------------------------------------------------------------------------------------

    def enqueue(self, message: Any, size: int) -> bool:
        """Queues a message of so many bytes; False if the buffer is full."""
        if self.queued + size > self.buffer:
            return False
        self._messages.append((message, size + OVERHEAD))
        self.queued += size + OVERHEAD
        self.arrived()
        return True

    def told(self, entry: QueuedError, *, fatal: bool) -> None:
        """An error about a packet of this socket came (udp_err, raw_err)."""
        if self.options["recverr"]:
            self._errors.append(entry)
        elif not (fatal and self.connected):
            return
        self.failure = entry.errno
        self.arrived()

    def raise_failure(self) -> None:
        if self.failure is not None:
            code, self.failure = self.failure, None
            raise error(code)

    # -- helpers of the kinds ---------------------------------------------------------------------------------------

    def transmit(self, packet: Packet, device: Device | None) -> None:
        """Sends a packet. Raises OSError; with IP_RECVERR, EMSGSIZE leaves an entry in the error queue."""
        try:
            uid = self.owner.uid if self.owner else None
            self.netns.send(packet, device=device, mark=self.options["mark"], uid=uid)
        except OSError as refusal:
            if refusal.errno == errno.EMSGSIZE and self.options["recverr"]:
                mtu = self.netns.mtu_for(packet.dst)
                self._errors.append(QueuedError(errno.EMSGSIZE, "local", 0, 0, mtu, packet.src, packet))
            raise

    def header(self, ip: str, length: int) -> dict[str, Any]:
        """TTL, TOS, DF and identification of a packet of so many bytes, as the socket's options have them."""
        df = self.options["df"]
        if df is None:
            df = length <= self.netns.mtu_for(ip)
        ident = self.clock.chance.integer("ip ident", 0, 65535)
        return {"ttl": self._ttl(self._group_ttl(ip)), "tos": self.options["tos"], "df": df, "ident": ident}

    def _group_ttl(self, ip: str) -> int | None:
        """Datagrams to a group stay on the link unless the program says otherwise (IP_MULTICAST_TTL)."""
        return 1 if self.netns.fib.kind_of(ip) == "multicast" else None

    def check_broadcast(self, ip: str) -> None:
        if not self.options["broadcast"] and self.netns.fib.kind_of(ip) == "broadcast":
            raise error(errno.EACCES)
