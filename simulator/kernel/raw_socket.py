"""Raw sockets, and ICMP echo without privileges. raw(7), icmp(7) (ping sockets), net/ipv4/raw.c, ping.c.

A raw socket gets a copy of every packet of its protocol that this host receives; the kernel answers all the same.
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from msgspec.structs import replace

from simulator.kernel.errors import error
from simulator.kernel.message_socket import MessageSocket, QueuedError
from simulator.kernel.packet import (
    IPV4_HEADER,
    IPV6_HEADER,
    PROTO_ICMP,
    PROTO_ICMPV6,
    Icmp,
    Packet,
    Tcp,
    icmp,
    parse_ip,
    raw,
    tcp,
)
from simulator.kernel.socket import Row
from simulator.kernel.socket_address import ANY, LOOPBACK

if TYPE_CHECKING:
    from simulator.kernel.device import Device
    from simulator.kernel.netns import NetNamespace
    from simulator.kernel.process import Process

ICMP_HEADER = 8
MAX_LENGTH = 65535  # bytes of a packet, IPv6: of its payload


class RawSocket(MessageSocket):
    """A raw socket of one IP protocol. Its messages are whole packets."""

    proto = "raw"

    def __init__(self, netns: NetNamespace, family: str, number: int, *, owner: Process | None) -> None:
        super().__init__(netns, family, "raw", owner=owner)
        self.number = number
        self._local = (self._local[0], number)
        netns.sockets.raw.append(self)

    def bind(self, ip: str, port: int = 0) -> None:
        """Speaks from this address only. Raises OSError EADDRNOTAVAIL."""
        self._usable()
        ip, scope = self._parse(ip)
        self._check_own(ip)
        if scope:
            self.set("device", scope)
        self._local = (ip, self._local[1])

    def connect(self, ip: str, port: int = 0) -> None:
        """Hears this peer only. Raises OSError ENETUNREACH."""
        self._usable()
        ip, scope = self._parse(ip)
        if scope:
            self.set("device", scope)
        self.check_broadcast(ip)
        self._local = (self._source(ip, self.device), self._local[1])
        self._peer = (ip, port)

    def send_to(self, message: Icmp | Tcp | bytes, ip: str) -> None:
        """Sends an ICMP message, a TCP segment, or bytes: the payload, or the whole packet with `hdrincl`.

        Raises OSError ENETUNREACH, EACCES, EPERM, EMSGSIZE, EINVAL, or what ICMP told before.
        """
        self._usable()
        self.raise_failure()
        ip, scope = self._parse(ip)
        ip = LOOPBACK.get(ip, ip)
        self.check_broadcast(ip)
        device = self.netns.device(scope) if scope else self.device
        self._check_size(message, ip)
        self.transmit(self._packet(message, ip, device), device)

    def _check_size(self, message: Icmp | Tcp | bytes, ip: str) -> None:
        """What no IP packet can hold is refused; with IP_RECVERR the error queue says so too (ip_append_data).

        Raises OSError EMSGSIZE.
        """
        size = len(message) if isinstance(message, bytes) else len(message.data) + ICMP_HEADER
        whole = size + (0 if self.options["hdrincl"] or ":" in ip else IPV4_HEADER)
        if whole <= MAX_LENGTH:
            return
        if size <= MAX_LENGTH and self.options["recverr"] and isinstance(message, Icmp):
            small = icmp(self._source(ip, self.device), ip, replace(message, data=b""), number=self.netns.number())
            self._errors.append(QueuedError(errno.EMSGSIZE, "local", 0, 0, self.netns.mtu_for(ip), small.src, small))
        raise error(errno.EMSGSIZE)

    def wants(self, packet: Packet, device: str) -> bool:
        """Whether a packet that came in is for this socket (raw_v4_match)."""
        own, version = self._local[0], 6 if self.family == "inet6" else 4
        return (
            packet.proto == self.number
            and packet.version == version
            and own in (*ANY.values(), packet.dst)
            and (self._peer is None or self._peer[0] == packet.src)
            and self.options["device"] in ("", device)
        )

    def sent(self, packet: Packet) -> bool:
        """Whether a packet that an error is about may have been sent by this socket."""
        own, peer = self._local[0], self._peer
        return packet.proto == self.number and own in (*ANY.values(), packet.src) and peer in (None, (packet.dst, 0))

    def deliver(self, packet: Packet) -> bool:
        return self.enqueue(packet, packet.length)

    def shut(self) -> None:
        self.netns.sockets.raw.remove(self)

    def list_row(self) -> Row:
        return self.row("", self.queued, 0)

    def _packet(self, message: Icmp | Tcp | bytes, ip: str, device: Device | None) -> Packet:
        number = self.netns.number()
        if isinstance(message, Tcp):
            return tcp(self._source(ip, device), ip, message, number=number, **self.header(ip, 0))
        if isinstance(message, Icmp):
            length = len(message.data) + ICMP_HEADER + (IPV6_HEADER if ":" in ip else IPV4_HEADER)
            return icmp(self._source(ip, device), ip, message, number=number, **self.header(ip, length))
        if self.options["hdrincl"]:
            try:
                return parse_ip(message, number=number)
            except ValueError:
                raise error(errno.EINVAL) from None
        length = len(message) + (IPV6_HEADER if ":" in ip else IPV4_HEADER)
        return raw(self._source(ip, device), ip, self.number, message, number=number, **self.header(ip, length))

    def _source(self, towards: str, device: Device | None) -> str:
        own = self._local[0]
        return str(self.netns.source_for(towards, device=device)) if own in ANY.values() else own


class PingSocket(RawSocket):
    """SOCK_DGRAM with IPPROTO_ICMP: echo only; the kernel sets the identifier and hands out its own replies."""

    proto = "icmp"

    def __init__(self, netns: NetNamespace, family: str, *, owner: Process | None) -> None:
        super().__init__(netns, family, PROTO_ICMPV6 if family == "inet6" else PROTO_ICMP, owner=owner)
        self.kind = "dgram"
        self._local = (self._local[0], 0)

    @property
    def ident(self) -> int:
        """The identifier of its echo requests, its "port"."""
        return self._local[1]

    def bind(self, ip: str, port: int = 0) -> None:
        super().bind(ip)
        self._take_ident(port)

    def connect(self, ip: str, port: int = 0) -> None:
        self._take_ident(self.ident)
        super().connect(ip)

    def send_to(self, message: Icmp | Tcp | bytes, ip: str) -> None:
        if not isinstance(message, Icmp) or not message.is_echo_request:
            raise error(errno.EINVAL)
        self._take_ident(self.ident)
        super().send_to(replace(message, ident=self.ident), ip)

    def wants(self, packet: Packet, device: str) -> bool:
        message = packet.l4
        is_mine = isinstance(message, Icmp) and message.is_echo_reply and message.ident == self.ident
        return is_mine and super().wants(packet, device)

    def sent(self, packet: Packet) -> bool:
        message = packet.l4
        return isinstance(message, Icmp) and message.ident == self.ident and super().sent(packet)

    def _take_ident(self, ident: int) -> None:
        own = self._local[0]
        self._local = (own, ident or self.clock.chance.integer("ping ident", 1, 65535))
