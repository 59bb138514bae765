"""lo: what is sent comes back. See drivers/net/loopback.c."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.clock import US
from simulator.kernel.device import Device
from simulator.kernel.packet import ETHERNET_HEADER, NO_MAC, Frame

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace

LOOPBACK_MTU = 65536
LOOPBACK_DELAY = 1 * US


class Loopback(Device):
    """The loopback device of a namespace; down until somebody sets it up, which gives it 127.0.0.1 and ::1."""

    kind = "loopback"
    arp = False
    uncounted_in = uncounted_out = ETHERNET_HEADER

    def __init__(self, netns: NetNamespace) -> None:
        super().__init__(netns, "lo", mac=NO_MAC, mtu=LOOPBACK_MTU, qlen=netns.machine.version.loopback_qlen)

    def carry(self, frame: Frame) -> None:
        self.netns.clock.after(LOOPBACK_DELAY, self.receive, frame)
