"""The two buffers of a TCP connection: bytes that are not acknowledged yet, bytes that are not read yet.

Both count in positions (see tcp_sequence). Bytes that arrive before their turn wait in the receive buffer until the
gap is filled (RFC 9293, 3.10.7.4).
"""

from __future__ import annotations


class SendBuffer:
    """What the program has written and the peer has not acknowledged.

    `start` is the position of its first byte, `end` the one after its last: that of the FIN, if there is one.
    """

    def __init__(self) -> None:
        self.start = self.end = 1
        self._bytes = bytearray()

    def __len__(self) -> int:
        return len(self._bytes)

    def append(self, data: bytes) -> None:
        self._bytes += data
        self.end += len(data)

    def slice(self, position: int, size: int) -> bytes:
        """At most `size` bytes from a position on."""
        at = position - self.start
        return bytes(self._bytes[at : at + size])

    def acknowledge(self, position: int) -> None:
        """Forgets all before a position."""
        count = min(max(position - self.start, 0), len(self._bytes))
        del self._bytes[:count]
        self.start += count


class ReceiveBuffer:
    """What has arrived and the program has not read. `next` is the position of the next byte that is due."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.next = 1
        self._ready = bytearray()
        self._early: dict[int, bytes] = {}

    def __len__(self) -> int:
        return len(self._ready)

    @property
    def room(self) -> int:
        """How many bytes more fit: the window to offer."""
        return max(self.capacity - len(self._ready), 0)

    @property
    def has_gap(self) -> bool:
        return bool(self._early)

    def insert(self, position: int, data: bytes, *, edge: int | None = None) -> None:
        """Takes bytes that came; what is there already or lies beyond the edge (by default the room) is cut off."""
        fresh = data[max(self.next - position, 0) :]
        position = max(position, self.next)
        fresh = fresh[: max((self.next + self.room if edge is None else edge) - position, 0)]
        if not fresh:
            return
        if position > self.next:
            if len(fresh) > len(self._early.get(position, b"")):
                self._early[position] = fresh
            return
        self._ready += fresh
        self.next += len(fresh)
        if self._early:
            self._join()

    def take(self, size: int) -> bytes:
        """At most `size` bytes for the program."""
        data = bytes(self._ready[:size])
        del self._ready[:size]
        return data

    def _join(self) -> None:
        """Appends early bytes whose turn has come."""
        while due := [position for position in self._early if position <= self.next]:
            position = min(due)
            fresh = self._early.pop(position)[self.next - position :]
            self._ready += fresh
            self.next += len(fresh)
