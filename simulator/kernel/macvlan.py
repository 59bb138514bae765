"""macvlan: devices with MAC addresses of their own on top of another device, the parent. See drivers/net/macvlan.c.

What comes in at the parent for one of them is its; what one sends goes out of the parent or, in bridge mode, to a
sibling as if it had come in at the parent, whose taps so see it. The parent's own host never hears them, nor they it.
Left out: the source mode, promiscuous parents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.clock import US
from simulator.kernel.device import Device

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace
    from simulator.kernel.packet import Frame

CROSSING = 1 * US  # between siblings
BRIDGE_MODE = "bridge"


class MacvlanPort:
    """What a parent knows of the devices on top of it."""

    def __init__(self, parent: Device) -> None:
        self.parent = parent
        self.members: list[Macvlan] = []
        parent.rx_handler = self.take

    def take(self, frame: Frame) -> bool:
        """A frame came in at the parent: groups are for all, a member's address is for that member alone."""
        if frame.is_multicast:
            self.flood(frame, without=None)
            return False
        for member in self.members:
            if member.mac == frame.dst:
                member.receive(frame)
                return True
        return False

    def flood(self, frame: Frame, *, without: Macvlan | None) -> None:
        for member in self.members:
            if member is not without:
                member.receive(frame)


class Macvlan(Device):
    """One device on top of a parent; it may be moved to another namespace. It has a carrier while the parent has."""

    kind = "macvlan"

    def __init__(self, parent: Device, name: str, *, mac: str, mode: str = BRIDGE_MODE) -> None:
        super().__init__(parent.netns, name, mac=mac, mtu=parent.mtu, qlen=0)
        self.mode = mode
        self.parent_netns: NetNamespace = parent.netns
        handler = getattr(parent.rx_handler, "__self__", None)
        self.port = handler if isinstance(handler, MacvlanPort) else MacvlanPort(parent)
        self.port.members.append(self)

    @property
    def peer_ifindex(self) -> int | None:
        return self.port.parent.ifindex

    @property
    def link_netnsid(self) -> int | None:
        return None if self.parent_netns is self.netns else self.netns.id_of(self.parent_netns)

    def carry(self, frame: Frame) -> None:
        if self.mode == BRIDGE_MODE:
            clock = self.netns.clock
            if frame.is_multicast:
                clock.after(CROSSING, lambda: self.port.flood(frame, without=self))
            for sibling in self.port.members:
                if sibling is not self and sibling.mac == frame.dst:
                    clock.after(CROSSING, self.port.parent.receive, frame)
                    return
        self.port.parent.transmit(frame)

    def delete(self) -> None:
        self.port.members.remove(self)
        if not self.port.members:
            self.port.parent.rx_handler = None
        super().delete()
