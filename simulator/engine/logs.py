"""What a container has written, line by line with its time: the json-file logging driver.

Mirrors moby's daemon/logger copier and jsonfilelog: a line longer than 16 KiB is kept in pieces; what comes last
without a newline is kept without one. Left out: rotation by size (the options are stored).
"""

from __future__ import annotations

from msgspec import Struct

from simulator.clock import Clock
from simulator.engine.moments import utc_fixed
from simulator.engine.stream import Stream

LINE_SIZE = 16 * 1024  # bytes: the copier's buffer


class Line(Struct, frozen=True):
    """One entry of the log: when (ns since the epoch), on which channel, what, with its newline."""

    wall: int
    channel: int
    data: bytes


class Selection(Struct, frozen=True):
    """Which lines a reader wants. Times are in ns since the epoch, tail -1 is all."""

    channels: frozenset[int]
    since: int | None = None
    until: int | None = None
    tail: int = -1
    timestamps: bool = False
    details: str | None = None  # what --details puts before a line
    follow: bool = False

    def shown(self, line: Line) -> bytes:
        """A line as this reader wants it."""
        before = f"{utc_fixed(line.wall)} " if self.timestamps else ""
        before += f"{self.details} " if self.details is not None else ""
        return before.encode() + line.data

    def includes(self, line: Line) -> bool:
        if line.channel not in self.channels:
            return False
        return (self.since is None or line.wall >= self.since) and (self.until is None or line.wall <= self.until)

    def of(self, lines: list[Line]) -> list[Line]:
        """The tail is counted first, before times and channels: that is how the driver reads its file."""
        last = lines if self.tail < 0 else lines[len(lines) - min(self.tail, len(lines)) :]
        return [line for line in last if self.includes(line)]


class ContainerLog:
    """The log of one container, over all its starts."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.lines: list[Line] = []
        self._partial: dict[int, bytearray] = {}
        self._followers: list[tuple[Selection, Stream]] = []

    def write(self, channel: int, data: bytes) -> None:
        """Output as the process wrote it; whole lines go into the log."""
        held = self._partial.setdefault(channel, bytearray())
        held += data
        *lines, rest = bytes(held).split(b"\n")
        for line in lines:
            self._keep(channel, line + b"\n")
        while len(rest) >= LINE_SIZE:
            self._keep(channel, rest[:LINE_SIZE])
            rest = rest[LINE_SIZE:]
        self._partial[channel] = bytearray(rest)

    def close(self) -> None:
        """The process has ended: what it wrote without a newline is kept, and those who follow get the end."""
        for channel, rest in sorted(self._partial.items()):
            if rest:
                self._keep(channel, bytes(rest))
        self._partial.clear()
        followers, self._followers = self._followers, []
        for _, stream in followers:
            stream.end()

    def read(self, selection: Selection, *, tty: bool, running: bool) -> Stream:
        """The lines selected, and if told to follow those still to come while the container runs."""
        stream = Stream(self._clock, tty=tty)
        for line in selection.of(self.lines):
            stream.push(line.channel, selection.shown(line))
        if selection.follow and running:
            self._followers.append((selection, stream))
        else:
            stream.end()
        return stream

    def _keep(self, channel: int, data: bytes) -> None:
        line = Line(self._clock.wall(), channel, data)
        self.lines.append(line)
        for selection, stream in self._followers:
            if selection.includes(line):
                stream.push(channel, selection.shown(line))
