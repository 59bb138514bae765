"""Captures: what a device sent and received, as a classic pcap file (pcap-savefile(5), Ethernet)."""

from __future__ import annotations

import struct

from simulator.clock import US, S
from simulator.kernel.device import Device, Direction
from simulator.kernel.packet import Frame

MAGIC, VERSION, SNAPLEN, ETHERNET = 0xA1B2C3D4, (2, 4), 262_144, 1


class Capture:
    """Listens on a device from now on, promiscuously, as tcpdump does. `pcap()` is the file so far."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.frames: list[tuple[int, Frame]] = []  # (ns since the Unix epoch, frame)
        device.taps.append(self._take)

    def _take(self, device: Device, direction: Direction, frame: Frame) -> None:
        if direction == "out" and device.kind == "loopback":
            return  # it comes in again at once (libpcap, linux_check_direction)
        self.frames.append((device.netns.clock.wall(), frame))

    def stop(self) -> None:
        self.device.taps.remove(self._take)

    def pcap(self) -> bytes:
        header = struct.pack("<IHHiIII", MAGIC, *VERSION, 0, 0, SNAPLEN, ETHERNET)
        return header + b"".join(_record(moment, frame.bytes()) for moment, frame in self.frames)


def _record(moment: int, data: bytes) -> bytes:
    return struct.pack("<IIII", moment // S, moment % S // US, len(data), len(data)) + data
