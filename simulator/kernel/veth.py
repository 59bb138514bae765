"""veth: two devices, what goes into one comes out of the other. See veth(4), drivers/net/veth.c."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.clock import US
from simulator.kernel.device import Device, packet_id
from simulator.kernel.drops import drop
from simulator.kernel.packet import ETHERNET_HEADER, Frame

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace

VETH_DELAY = 2 * US
VLAN_TAG = 4  # bytes that a frame may have more than the MTU allows


class Veth(Device):
    """One end of a veth pair. It has a carrier while both ends are up."""

    kind = "veth"

    def __init__(self, netns: NetNamespace, name: str, *, mac: str) -> None:
        super().__init__(netns, name, mac=mac, qlen=0)
        self.peer: Veth | None = None
        self.carrier = False

    @property
    def peer_ifindex(self) -> int | None:
        return self.peer.ifindex if self.peer else None

    @property
    def link_netnsid(self) -> int | None:
        if self.peer is None or self.peer.netns is self.netns:
            return None
        return self.netns.id_of(self.peer.netns)

    def set_up(self) -> None:
        super().set_up()
        self._update_carrier()

    def set_down(self) -> None:
        super().set_down()
        self._update_carrier()

    def _update_carrier(self) -> None:
        if self.peer:
            both = self.up and self.peer.up
            self.set_carrier(both)
            self.peer.set_carrier(both)

    def carry(self, frame: Frame) -> None:
        """The other end takes no frame longer than its own link allows (is_skb_forwardable)."""
        if self.peer and frame.length > self.peer.mtu + ETHERNET_HEADER + VLAN_TAG:
            self.counters.tx_dropped += 1
            drop(self.netns, packet_id(frame), "TOO_BIG", self.peer.name)
        elif self.peer:
            self.cross(frame, self.peer, VETH_DELAY)

    def delete(self) -> None:
        """Removing one end removes the other."""
        peer, self.peer = self.peer, None
        super().delete()
        if peer:
            peer.peer = None
            peer.delete()


def veth_pair(netns: NetNamespace, name: str, peer_name: str, *, mac: str, peer_mac: str) -> tuple[Veth, Veth]:
    """Two connected veths in one namespace: `ip link add NAME type veth peer name PEER`. `name` gets the lower index.

    Raises OSError EEXIST if a name is taken.
    """
    one = Veth(netns, name, mac=mac)
    try:
        other = Veth(netns, peer_name, mac=peer_mac)
    except OSError:
        one.delete()
        raise
    one.peer, other.peer = other, one
    return one, other
