"""All sockets of a network namespace: how they are made, listed, and told of ICMP errors. proc(5) /proc/net."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from simulator.kernel.datagram_socket import DatagramSocket
from simulator.kernel.drops import drop
from simulator.kernel.errors import error
from simulator.kernel.icmp import TOO_BIG, told
from simulator.kernel.message_socket import MessageSocket, QueuedError
from simulator.kernel.packet import PROTO_ICMP, PROTO_ICMPV6, PROTO_TCP, PROTO_UDP, Packet
from simulator.kernel.packet_socket import PacketSocket
from simulator.kernel.raw_socket import PingSocket, RawSocket
from simulator.kernel.socket import Row, Socket, owner_fields
from simulator.kernel.socket_address import shown
from simulator.kernel.stream_socket import StreamSocket
from simulator.kernel.tcp import TcpTable
from simulator.kernel.tcp_sock import TcpSock
from simulator.kernel.tcp_states import State
from simulator.kernel.udp import UdpTable

if TYPE_CHECKING:
    from simulator.kernel.netfilter.hooks import Skb
    from simulator.kernel.netns import NetNamespace
    from simulator.kernel.process import Process

FIRST_INODE = 20000  # what booted before has the numbers below

# What an ICMP error means to a program: (errno, whether it ends an attempt). icmp_err_convert, icmpv6_err_convert.
UNREACHABLE_ERRORS = {
    0: (errno.ENETUNREACH, False),
    1: (errno.EHOSTUNREACH, False),
    2: (errno.ENOPROTOOPT, True),
    3: (errno.ECONNREFUSED, True),
    4: (errno.EMSGSIZE, False),
    5: (errno.EOPNOTSUPP, False),
    6: (errno.ENETUNREACH, True),
    7: (errno.EHOSTUNREACH, True),
    9: (errno.ENETUNREACH, True),
    10: (errno.EHOSTUNREACH, True),
    11: (errno.ENETUNREACH, False),
    12: (errno.EHOSTUNREACH, False),
    13: (errno.EHOSTUNREACH, True),
    14: (errno.EHOSTUNREACH, True),
    15: (errno.EHOSTUNREACH, True),
}
UNREACHABLE6_ERRORS = {
    0: (errno.ENETUNREACH, False),
    1: (errno.EACCES, True),
    2: (errno.EHOSTUNREACH, False),
    3: (errno.EHOSTUNREACH, False),
    4: (errno.ECONNREFUSED, True),
    5: (errno.EACCES, True),
    6: (errno.EACCES, True),
}


class SocketTables:
    """The sockets of one namespace."""

    def __init__(self, netns: NetNamespace) -> None:
        self.netns = netns
        self.tcp = TcpTable(netns)
        self.udp = UdpTable(netns)
        self.raw: list[RawSocket] = []
        self.packet: list[PacketSocket] = []

    def new_inode(self) -> int:
        return FIRST_INODE + self.netns.clock.serial("socket inode")

    def create(self, family: str, kind: str, proto: int = 0, *, owner: Process | None = None) -> Socket:
        """A new socket: socket(2). Raises OSError EAFNOSUPPORT, EPROTONOSUPPORT."""
        if family == "packet":
            return PacketSocket(self.netns, owner=owner)
        if family not in ("inet", "inet6"):
            raise error(errno.EAFNOSUPPORT)
        if kind == "stream" and proto in (0, PROTO_TCP):
            return StreamSocket(self.netns, family, owner=owner)
        if kind == "dgram" and proto in (0, PROTO_UDP):
            return DatagramSocket(self.netns, family, owner=owner)
        if kind == "dgram" and proto in (PROTO_ICMP, PROTO_ICMPV6):
            return PingSocket(self.netns, family, owner=owner)
        if kind == "raw" and proto:
            return RawSocket(self.netns, family, proto, owner=owner)
        raise error(errno.EPROTONOSUPPORT)

    # -- what comes in ----------------------------------------------------------------------------------------------

    def deliver_raw(self, skb: Skb) -> bool:
        """Gives raw sockets their copies of a packet for this host; True if one took it."""
        if not self.raw:
            return False
        device = skb.device_in.name if skb.device_in else ""
        takers = [socket for socket in self.raw if socket.wants(skb.packet, device)]
        for socket in takers:
            if socket.deliver(skb.packet):
                told(self.netns, skb.packet, f"{socket.proto} socket of {owner_fields(socket.owner)[1]}")
            else:
                drop(self.netns, skb.packet.id, "SOCKET_BUFFER_FULL", socket.proto)
        return bool(takers)

    def icmp_error(self, about: Packet, kind: int, code: int, mtu: int, *, sender: str, device: str) -> None:
        """An ICMP error about a packet of ours came from a sender by a device (tcp_v4_err, udp_err, raw_err)."""
        number, fatal = _meaning(about.version, kind, code)
        if about.proto == PROTO_TCP:
            self._tell_tcp(about, (kind, code), mtu, number)
        origin = "icmp6" if about.version == 6 else "icmp"
        entry = QueuedError(number, origin, kind, code, mtu, sender, about)
        for socket in self._senders(about, device):
            socket.told(entry, fatal=fatal)

    def _tell_tcp(self, about: Packet, error_kind: tuple[int, int], mtu: int, number: int) -> None:
        sock = self.tcp.connections.get(((about.src, about.sport or 0), (about.dst, about.dport or 0)))
        if sock is None:
            return
        if error_kind == TOO_BIG[about.version]:
            sock.path_mtu(mtu)
        elif sock.state in (State.SYN_SENT, State.SYN_RECV):
            sock.fail(number)

    def _senders(self, about: Packet, device: str) -> list[MessageSocket]:
        """The sockets that may have sent a packet."""
        if about.proto == PROTO_UDP:
            local, peer = (about.src, about.sport or 0), (about.dst, about.dport or 0)
            return list(self.udp.matching(local, peer, device=device)[-1:])
        return [socket for socket in self.raw if socket.sent(about)]

    # -- what ss and netstat show -----------------------------------------------------------------------------------

    def list(self) -> list[Row]:
        """Every socket: TCP listeners, TCP connections, UDP, raw, packet; each in the order in which they were made."""
        listeners = [listener.row() for listener in self.tcp.listeners]
        connections = [_connection_row(sock) for sock in self.tcp.connections.values()]
        datagrams = [socket.list_row() for socket in self.udp.sockets]
        rest = [socket.list_row() for socket in [*self.raw, *self.packet]]
        return [*listeners, *connections, *datagrams, *rest]


def _meaning(version: int, kind: int, code: int) -> tuple[int, bool]:
    """The error number of an ICMP error, and whether it is one that will not go away."""
    if version == 4 and kind == 3:
        return UNREACHABLE_ERRORS.get(code, (errno.EHOSTUNREACH, True))
    if version == 6 and kind == 1:
        return UNREACHABLE6_ERRORS.get(code, (errno.EPROTO, True))
    if version == 6 and kind == 2:
        return errno.EMSGSIZE, False
    return (errno.EPROTO, True) if kind in (4, 12) else (errno.EHOSTUNREACH, False)


def _connection_row(sock: TcpSock) -> Row:
    recv_q, send_q = sock.connection.queued
    return Row(
        "tcp",
        sock.family,
        (shown(sock.local[0], sock.family), sock.local[1]),
        (shown(sock.peer[0], sock.family), sock.peer[1]),
        str(sock.state),
        recv_q,
        send_q,
        *owner_fields(sock.owner),
        sock.inode,
    )
