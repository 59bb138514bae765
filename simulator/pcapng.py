"""Captures as pcapng (draft-ietf-opsawg-pcapng): an interface for each device, and on each frame a comment in words.

The comment tells what happened to the packet since it was last seen in that namespace: which rules matched, what NAT
rewrote, where it was routed.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

from simulator.kernel.packet import Arp
from simulator.trace import Dropped, FrameReceived, FrameSent, Record
from simulator.why.road import phase_of

SECTION, INTERFACE, PACKET = 0x0A0D0D0A, 1, 6
MAGIC, ETHERNET, SNAPLEN = 0x1A2B3C4D, 1, 262_144
END, COMMENT, NAME, RESOLUTION = 0, 1, 2, 9
FLAGS, INBOUND, OUTBOUND = 2, 1, 2
NANOSECONDS = b"\x09"

Place = tuple[str, str]  # machine and namespace


def pcapng(records: Iterable[Record], *, start: int, devices: Sequence[str] = ()) -> tuple[bytes, int]:
    """A file with the frames of these devices ("eth0", "web/eth0", "docker-host/docker0"; none: all); their number.

    `start` is when the lab began, in ns since the Unix epoch.
    """
    writer = _Writer(start)
    since: dict[tuple[Place, int], list[str]] = {}
    for record in records:
        place = (record.machine, record.netns)
        if isinstance(record, FrameSent | FrameReceived):
            payload = record.frame.payload
            number = 0 if isinstance(payload, Arp) else payload.id
            told = since.pop((place, number), [])
            if _is_wanted(record, devices):
                writer.frame(record, told)
            continue
        number = getattr(record, "packet", 0)
        phase = phase_of(record)
        if number and phase:
            made_by = f" [by: {phase.made_by}]" if phase.made_by else ""
            since.setdefault((place, number), []).append(f"{phase.kind}: {phase.text}{made_by}")
            if isinstance(record, Dropped):
                writer.last_words(number, f"dies in {phase.where}: {phase.text}")
    return writer.data(), writer.count


def _is_wanted(record: FrameSent | FrameReceived, devices: Sequence[str]) -> bool:
    where = record.netns or record.machine
    return not devices or record.device in devices or f"{where}/{record.device}" in devices


class _Writer:
    """Keeps the frames until the end, so that a packet's last frame can tell how it died."""

    def __init__(self, start: int) -> None:
        self._start = start
        self._interfaces: dict[str, int] = {}
        self._frames: list[tuple[int, FrameSent | FrameReceived, list[str]]] = []
        self._last: dict[int, list[str]] = {}

    @property
    def count(self) -> int:
        return len(self._frames)

    def frame(self, record: FrameSent | FrameReceived, told: list[str]) -> None:
        name = f"{record.netns or record.machine}/{record.device}"
        number = self._interfaces.setdefault(name, len(self._interfaces))
        payload = record.frame.payload
        way = "leaves" if isinstance(record, FrameSent) else "comes in"
        who = "" if isinstance(payload, Arp) else f"packet {payload.id} "
        comment = [*told, f"{who}{way} by {name}"]
        self._frames.append((number, record, comment))
        if not isinstance(payload, Arp):
            self._last[payload.id] = comment

    def last_words(self, packet: int, text: str) -> None:
        if packet in self._last:
            self._last[packet].append(text)

    def data(self) -> bytes:
        blocks = [_block(SECTION, struct.pack("<IHHq", MAGIC, 1, 0, -1))]
        for name in self._interfaces:
            options = _option(NAME, name.encode()) + _option(RESOLUTION, NANOSECONDS) + _option(END, b"")
            blocks.append(_block(INTERFACE, struct.pack("<HHI", ETHERNET, 0, SNAPLEN) + options))
        return b"".join([*blocks, *(self._packet(*each) for each in self._frames)])

    def _packet(self, interface: int, record: FrameSent | FrameReceived, comment: list[str]) -> bytes:
        data = record.frame.bytes()
        moment = self._start + record.time
        head = struct.pack("<IIIII", interface, moment >> 32, moment & 0xFFFFFFFF, len(data), len(data))
        direction = OUTBOUND if isinstance(record, FrameSent) else INBOUND
        options = _option(COMMENT, "\n".join(comment).encode()) + _option(FLAGS, struct.pack("<I", direction))
        return _block(PACKET, head + _padded(data) + options + _option(END, b""))


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % 4)


def _option(code: int, value: bytes) -> bytes:
    return struct.pack("<HH", code, len(value)) + _padded(value)


def _block(kind: int, body: bytes) -> bytes:
    length = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + length + body + length
