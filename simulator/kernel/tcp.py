"""TCP of a namespace: which connection or listener a segment is for, and the RST if there is none. tcp_ipv4.c.

A closed connection stays in the table for as long as TIME_WAIT lasts; a new SYN from the same peer may end that early
(RFC 6191).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.kernel.drops import drop
from simulator.kernel.icmp import told
from simulator.kernel.packet import Flag, Packet, Tcp, tcp
from simulator.kernel.ports import PortTable, PortUse
from simulator.kernel.tcp_arrival import answer_unknown
from simulator.kernel.tcp_sock import Endpoint, Listener, TcpSock
from simulator.kernel.tcp_states import State, Trigger

if TYPE_CHECKING:
    from simulator.kernel.netfilter.hooks import Skb
    from simulator.kernel.netns import NetNamespace


class TcpTable:
    """The TCP sockets of one namespace."""

    def __init__(self, netns: NetNamespace) -> None:
        self.ports = PortTable(netns)
        self.connections: dict[tuple[Endpoint, Endpoint], TcpSock] = {}
        self.listeners: list[Listener] = []

    def add(self, sock: TcpSock) -> None:
        self.connections[sock.local, sock.peer] = sock

    def remove(self, sock: TcpSock) -> None:
        """The connection is over, and its port free."""
        if self.connections.get((sock.local, sock.peer)) is sock:
            del self.connections[sock.local, sock.peer]
        self.ports.release(sock.use)

    def listener(self, ip: str, port: int, device: str) -> Listener | None:
        """The listener for an address: one bound to the very address before a wildcard (compute_score)."""
        best: tuple[int, Listener] | None = None
        for listener in self.listeners:
            use = listener.use
            if use.port == port and use.covers(ip) and use.device in ("", device):
                score = 4 * (use.ip == ip) + 2 * bool(use.device) + (use.ip == "0.0.0.0")
                if best is None or score > best[0]:
                    best = (score, listener)
        return best[1] if best else None


def input(netns: NetNamespace, skb: Skb) -> None:  # noqa: A001 - the kernel's own word
    """A segment for this host came in (tcp_v4_rcv)."""
    packet, segment = skb.packet, skb.packet.l4
    assert isinstance(segment, Tcp)
    table: TcpTable = netns.sockets.tcp
    sock = table.connections.get(((packet.dst, segment.dport), (packet.src, segment.sport)))
    if sock and sock.state is State.TIME_WAIT and _begins_anew(sock, segment):
        sock.connection.end(Trigger.TIMEOUT)
        sock.step()
        sock = None
    if sock:
        _to_connection(netns, packet, sock, segment)
        return
    device = skb.device_in.name if skb.device_in else ""
    listener = table.listener(packet.dst, segment.dport, device)
    if listener and segment.flags & (Flag.SYN | Flag.ACK | Flag.RST) == Flag.SYN:
        _to_listener(netns, skb, listener, segment)
        return
    drop(netns, packet.id, "TCP_INVALID" if listener else "PORT_CLOSED", f"{packet.dst}:{segment.dport}")
    send_reset(netns, packet)


def send_reset(netns: NetNamespace, packet: Packet) -> None:
    """Answers a segment with a RST: nobody wants it, or iptables rejects it (tcp_v4_send_reset)."""
    segment = packet.l4
    answer = answer_unknown(segment) if isinstance(segment, Tcp) else None
    if answer is None or _is_group(packet.dst):
        return
    try:
        netns.send(tcp(packet.dst, packet.src, answer, number=netns.number(), df=True))
    except OSError:
        return  # no road back: the sender will find out by waiting


def _to_connection(netns: NetNamespace, packet: Packet, sock: TcpSock, segment: Tcp) -> None:
    completes = sock.listener is not None and segment.flags & (Flag.ACK | Flag.RST) == Flag.ACK
    if completes and sock.listener and sock.listener.is_full:
        drop(netns, packet.id, "BACKLOG_FULL", f"{packet.dst}:{segment.dport}")
        return
    told(netns, packet, "tcp", sock)
    sock.arrive(segment)


def _to_listener(netns: NetNamespace, skb: Skb, listener: Listener, syn: Tcp) -> None:
    """A SYN for a listener: a new connection, half open (tcp_conn_request)."""
    packet = skb.packet
    if listener.is_full:
        drop(netns, packet.id, "BACKLOG_FULL", f"{packet.dst}:{syn.dport}")
        return
    told(netns, packet, f"tcp listener {listener.use.ip}:{listener.use.port}")
    use = PortUse(packet.dst, syn.dport, reuse_address=listener.use.reuse_address, reuse_port=listener.use.reuse_port)
    sock = TcpSock(
        netns,
        local=(packet.dst, syn.dport),
        peer=(packet.src, syn.sport),
        use=use,
        family=listener.family,
        device=skb.device_in if packet.dst.startswith("fe80:") else None,
    )
    sock.listener = listener
    listener.half_open.append(sock)
    netns.sockets.tcp.ports.share(use)
    netns.sockets.tcp.add(sock)
    sock.connection.listen_to(syn, sock.now)
    sock.step()


def _begins_anew(sock: TcpSock, segment: Tcp) -> bool:
    """Whether a SYN may reuse the addresses of a connection in TIME_WAIT (tcp_timewait_state_process)."""
    if segment.flags & (Flag.SYN | Flag.ACK | Flag.RST) != Flag.SYN:
        return False
    connection = sock.connection
    newer = connection.position_of(segment.seq) > connection.due
    stamp = segment.options.timestamp
    later = stamp is not None and 0 < (stamp[0] - connection.timestamp_echo) % (1 << 32) < 1 << 31
    return newer or later


def _is_group(address: str) -> bool:
    return address == "255.255.255.255" or address.startswith(("224.", "239.", "ff"))
