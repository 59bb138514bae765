"""Packet sockets: whole frames as devices send and receive them. packet(7); what tcpdump listens with.

Left out: rings, BPF in the kernel (programs filter themselves), fanout.
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from simulator.kernel.errors import error
from simulator.kernel.message_socket import MessageSocket
from simulator.kernel.packet import Frame
from simulator.kernel.socket import Row

if TYPE_CHECKING:
    from simulator.kernel.device import Device, Direction
    from simulator.kernel.netns import NetNamespace
    from simulator.kernel.process import Process

ANY_DEVICE = "any"


class PacketSocket(MessageSocket):
    """Hears the frames of one device, or of all. Its messages are (wall time in ns, device, "in" or "out", frame)."""

    proto = "packet"
    buffer = 2 << 20  # libpcap asks for a ring of 2 MiB

    def __init__(self, netns: NetNamespace, *, owner: Process | None) -> None:
        super().__init__(netns, "packet", "raw", owner=owner)
        self._tapped: list[Device] = []
        self.dropped = 0
        netns.sockets.packet.append(self)

    def bind(self, device: str, port: int = 0) -> None:
        """Begins to listen at a device, or at all that are there. Raises OSError ENODEV."""
        self._usable()
        self._untap()
        self._tapped = self.netns.listed() if device == ANY_DEVICE else [self.netns.device(device)]
        self.set("device", "" if device == ANY_DEVICE else device)
        for tapped in self._tapped:
            tapped.taps.append(self._heard)

    def send(self, frame: Frame) -> None:
        """Sends a frame out of the device. Raises OSError ENXIO without one, ENETDOWN."""
        self._usable()
        if len(self._tapped) != 1:
            raise error(errno.ENXIO)
        if not self._tapped[0].up:
            raise error(errno.ENETDOWN)
        self._tapped[0].transmit(frame)

    def shut(self) -> None:
        self._untap()
        self.netns.sockets.packet.remove(self)

    def list_row(self) -> Row:
        return self.row("", self.queued, 0)

    def _heard(self, device: Device, direction: Direction, frame: Frame) -> None:
        if not self.enqueue((self.clock.wall(), device, direction, frame), frame.length):
            self.dropped += 1

    def _untap(self) -> None:
        for tapped in self._tapped:
            if self._heard in tapped.taps:
                tapped.taps.remove(self._heard)
        self._tapped = []
