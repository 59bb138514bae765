"""Datagram sockets: UDP as programs see it. udp(7)."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from simulator.clock import Event
from simulator.kernel.errors import error
from simulator.kernel.message_socket import MessageSocket
from simulator.kernel.packet import IPV4_HEADER, IPV6_HEADER, Packet, Udp, udp
from simulator.kernel.ports import PortUse
from simulator.kernel.socket import Row
from simulator.kernel.socket_address import ANY, LOOPBACK, shown

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace
    from simulator.kernel.process import Process
    from simulator.kernel.udp import UdpTable

UDP_HEADER = 8
MAX_DATAGRAM = 65507


class DatagramSocket(MessageSocket):
    """A UDP socket. Its messages are (data, ip, port)."""

    proto = "udp"

    def __init__(self, netns: NetNamespace, family: str, *, owner: Process | None) -> None:
        super().__init__(netns, family, "dgram", owner=owner)
        self._table: UdpTable = netns.sockets.udp
        self.use: PortUse | None = None

    def bind(self, ip: str, port: int) -> None:
        """Takes a local address and port (0: any). Raises OSError EADDRINUSE, EADDRNOTAVAIL, EINVAL."""
        self._usable()
        if self.use:
            raise error(errno.EINVAL)
        ip, scope = self._parse(ip)
        self._check_own(ip)
        if scope:
            self.set("device", scope)
        self._take_port(ip, port)

    def connect(self, ip: str, port: int) -> None:
        """Fixes the peer: only its datagrams are received. Raises OSError ENETUNREACH, EACCES."""
        self._usable()
        ip = self._towards(ip)
        self.check_broadcast(ip)
        source = self._source_towards(ip)
        if self.use is None:
            self._take_port(ANY[self.family], 0)
        if self._local[0] in ANY.values():
            self._local = (source, self._local[1])
        self._peer = (ip, port)

    def send_to(self, data: bytes, ip: str, port: int) -> None:
        """Sends a datagram. Raises OSError ENETUNREACH, EACCES, EPERM, EMSGSIZE, or what ICMP told before."""
        self._usable()
        self.raise_failure()
        if len(data) > MAX_DATAGRAM:
            raise error(errno.EMSGSIZE)
        ip, scope = self._parse(ip)
        ip = LOOPBACK.get(ip, ip)
        self.check_broadcast(ip)
        if self.use is None:
            self._take_port(ANY[self.family], 0)
        device = self.netns.device(scope) if scope else self.device
        source = self._local[0]
        if source in ANY.values():
            source = self.netns.source_for(ip, device=device)
        length = len(data) + UDP_HEADER + (IPV6_HEADER if ":" in ip else IPV4_HEADER)
        datagram = Udp(self._local[1], port, data)
        self.transmit(udp(source, ip, datagram, number=self.netns.number(), **self.header(ip, length)), device)

    def send(self, data: bytes) -> None:
        """Sends to the connected peer. Raises OSError EDESTADDRREQ and as send_to."""
        if self._peer is None:
            raise error(errno.EDESTADDRREQ)
        self.send_to(data, *self._peer)

    write = send

    def take(self, size: int) -> bytes:
        data: bytes = self.receive_nowait()[0]
        return data[:size]

    def read(self, size: int = 65536) -> Event:
        return self.readers.wait(lambda: self.take(size))

    # -- what the kernel does ---------------------------------------------------------------------------------------

    @property
    def wire_peer(self) -> tuple[str, int] | None:
        """The connected peer as packets name it."""
        return self._peer

    def deliver(self, packet: Packet) -> bool:
        """Queues a datagram; False if the buffer is full."""
        datagram = packet.l4
        assert isinstance(datagram, Udp)
        message = (datagram.data, shown(packet.src, self.family), datagram.sport)
        return self.enqueue(message, len(datagram.data))

    def shut(self) -> None:
        if self.use:
            self._table.remove(self, self.use)

    def list_row(self) -> Row:
        return self.row("ESTABLISHED" if self._peer else "", self.queued, 0)

    def _take_port(self, ip: str, port: int) -> None:
        use = self._port_use(ip, port)
        self._table.add(self, use)
        self.use, self._local = use, (ip, use.port)
