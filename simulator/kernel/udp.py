"""UDP of a namespace: which socket a datagram is for. RFC 768, net/ipv4/udp.c.

Left out: UDP-Lite, checksums switched off, joining groups (every wildcard socket hears all groups of its port).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.kernel.drops import drop
from simulator.kernel.icmp import told
from simulator.kernel.packet import Packet, Udp
from simulator.kernel.ports import PortTable, PortUse

if TYPE_CHECKING:
    from simulator.kernel.datagram_socket import DatagramSocket
    from simulator.kernel.netfilter.hooks import Skb
    from simulator.kernel.netns import NetNamespace


class UdpTable:
    """The UDP sockets of one namespace."""

    def __init__(self, netns: NetNamespace) -> None:
        self.ports = PortTable(netns)
        self.sockets: list[DatagramSocket] = []

    def add(self, socket: DatagramSocket, use: PortUse) -> None:
        """Gives a socket its port. Raises OSError EADDRINUSE."""
        self.ports.claim(use)
        self.sockets.append(socket)

    def remove(self, socket: DatagramSocket, use: PortUse) -> None:
        self.ports.release(use)
        self.sockets.remove(socket)

    def matching(self, local: tuple[str, int], peer: tuple[str, int], *, device: str) -> list[DatagramSocket]:
        """The sockets that take a datagram, the best match last (compute_score)."""
        found = [(_score(socket, local, peer, device=device), socket) for socket in self.sockets]
        fitting = [pair for pair in found if pair[0] is not None]
        return [socket for _, socket in sorted(fitting, key=lambda pair: pair[0] or 0)]


def _score(socket: DatagramSocket, local: tuple[str, int], peer: tuple[str, int], *, device: str) -> int | None:
    use = socket.use
    if use is None or use.port != local[1] or not use.covers(local[0]) or use.device not in ("", device):
        return None
    if socket.wire_peer not in (None, peer):
        return None
    return 8 * (socket.wire_peer is not None) + 4 * (use.ip == local[0]) + 2 * bool(use.device) + (use.ip == "0.0.0.0")


def input(netns: NetNamespace, skb: Skb) -> bool:  # noqa: A001 - the kernel's own word
    """A datagram for this host came in (udp_rcv). False if no socket takes it."""
    packet, datagram = skb.packet, skb.packet.l4
    assert isinstance(datagram, Udp)
    device = skb.device_in.name if skb.device_in else ""
    table: UdpTable = netns.sockets.udp
    local, peer = (packet.dst, datagram.dport), (packet.src, datagram.sport)
    sockets = table.matching(local, peer, device=device)
    to_all = netns.fib.kind_of(packet.dst) in ("broadcast", "multicast")
    for socket in sockets if to_all else sockets[-1:]:
        _deliver(netns, packet, socket)
    return bool(sockets) or to_all


def _deliver(netns: NetNamespace, packet: Packet, socket: DatagramSocket) -> None:
    if socket.deliver(packet):
        told(netns, packet, f"udp {packet.dst}:{packet.dport}")
    else:
        drop(netns, packet.id, "SOCKET_BUFFER_FULL", f"udp {packet.dst}:{packet.dport}")
