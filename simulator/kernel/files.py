"""Open files: what a process reads from and writes to.

A read gives an event whose value is bytes, b"" at the end of the file. A write never blocks; whoever writes without
end yields `drain()` now and then, which waits until the reader has caught up, so that `yes | sleep 10` stays small.
See pipe(7), poll(2). Left out: seeking, file locks.
"""

from __future__ import annotations

import errno
from typing import Any

from simulator.clock import Clock, Event
from simulator.kernel.disk import Disk
from simulator.kernel.errors import error

PIPE_SIZE = 65536  # bytes a pipe holds before drain() waits: pipe(7)


class WaitQueue:
    """Those who sleep until a condition holds. An event nobody waits for any more is passed over."""

    __slots__ = ("_events", "clock")

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._events: list[Event] = []

    def wait(self) -> Event:
        event = self.clock.waiter()
        self._events.append(event)
        return event

    @property
    def has_waiter(self) -> bool:
        return any(event.callbacks for event in self._events)

    def wake(self) -> None:
        events, self._events = self._events, []
        for event in events:
            if not event.triggered:
                event.succeed()


class OpenFile:
    """An open file. It counts who holds it: the last `release` closes it."""

    isatty = False

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._holders = 0
        self._readers: list[tuple[Event, int]] = []
        self._queue = WaitQueue(clock)

    def hold(self) -> OpenFile:
        self._holders += 1
        return self

    def release(self) -> None:
        self._holders -= 1
        if self._holders <= 0:
            self.close()

    def close(self) -> None:
        """Ends the file for its holder."""

    @property
    def readable(self) -> bool:
        """Whether a read would not block."""
        return True

    def take(self, size: int) -> bytes:
        """Up to size bytes that are there now; b"" at the end."""
        return b""

    def read(self, size: int = 65536) -> Event:
        """An event with up to size bytes, b"" at the end of the file."""
        if self.readable and not self._readers:
            return self.clock.done(self.take(size))
        event = self.clock.waiter()
        self._readers.append((event, size))
        return event

    def wait_readable(self) -> Event:
        """An event that comes when a read would not block."""
        return self.clock.done() if self.readable else self._queue.wait()

    def arrived(self) -> None:
        """Serves those who wait to read. A reader that has been interrupted left its event without callbacks."""
        while self._readers and self.readable:
            event, size = self._readers.pop(0)
            if event.callbacks and not event.triggered:
                event.succeed(self.take(size))
        if self.readable:
            self._queue.wake()

    @property
    def has_reader(self) -> bool:
        return any(event.callbacks for event, _ in self._readers)

    @property
    def awaited(self) -> bool:
        """Whether somebody sleeps until there is something to read."""
        return self.has_reader or self._queue.has_waiter

    def write(self, data: bytes) -> None:
        """Takes data; never blocks. Raises BrokenPipeError when nobody can read it any more."""

    def drain(self) -> Event:
        """An event that comes when there is room again."""
        return self.clock.done()


class Null(OpenFile):
    """/dev/null: always at its end; what is written is gone. See null(4)."""


class Zero(Null):
    """/dev/zero: zero bytes without end."""

    def take(self, size: int) -> bytes:
        return bytes(size)


class Full(Zero):
    """/dev/full: a disk without room. See full(4)."""

    def write(self, data: bytes) -> None:
        raise error(errno.ENOSPC)


class Random(Null):
    """/dev/random and /dev/urandom: bytes of chance without end. See random(4)."""

    def take(self, size: int) -> bytes:
        return self.clock.chance.integer("random bytes", 0, 256**size - 1).to_bytes(size, "big")


DEVICES: dict[str, type[OpenFile]] = {"null": Null, "zero": Zero, "full": Full, "random": Random, "urandom": Random}


class MemoryFile(OpenFile):
    """Bytes to read, as from a file; what is written is kept in `written`."""

    def __init__(self, clock: Clock, data: bytes = b"") -> None:
        super().__init__(clock)
        self._data = data
        self.written = bytearray()

    def take(self, size: int) -> bytes:
        data, self._data = self._data[:size], self._data[size:]
        return data

    def write(self, data: bytes) -> None:
        self.written += data


class DiskFile(OpenFile):
    """A file of a disk, opened to be read or written ("r", "w", "a")."""

    def __init__(self, clock: Clock, disk: Disk, path: str, mode: str, process: Any = None) -> None:
        super().__init__(clock)
        self._disk, self._path, self._process = disk, path, process
        self._data = disk.read(path, process) if mode == "r" else b""
        if mode == "w" and disk.exists(path) and disk.lookup(path).kind == "virtual":
            return
        if mode == "w" or mode == "a" and not disk.exists(path):
            disk.write(path, b"", process=process)

    def take(self, size: int) -> bytes:
        data, self._data = self._data[:size], self._data[size:]
        return data

    def write(self, data: bytes) -> None:
        self._disk.write(self._path, data, append=True, process=self._process)


class _PipeReader(OpenFile):
    def __init__(self, pipe: Pipe) -> None:
        super().__init__(pipe.clock)
        self._pipe = pipe

    @property
    def readable(self) -> bool:
        return bool(self._pipe.buffer) or self._pipe.write_closed

    def take(self, size: int) -> bytes:
        data = bytes(self._pipe.buffer[:size])
        del self._pipe.buffer[:size]
        if len(self._pipe.buffer) < PIPE_SIZE:
            self._pipe.room.wake()
        return data

    def close(self) -> None:
        self._pipe.read_closed = True
        self._pipe.buffer.clear()
        self._pipe.room.wake()


class _PipeWriter(OpenFile):
    def __init__(self, pipe: Pipe) -> None:
        super().__init__(pipe.clock)
        self._pipe = pipe

    @property
    def readable(self) -> bool:
        return False

    def write(self, data: bytes) -> None:
        if self._pipe.read_closed:
            raise BrokenPipeError(32, "Broken pipe")
        self._pipe.buffer += data
        self._pipe.reader.arrived()

    def drain(self) -> Event:
        if len(self._pipe.buffer) < PIPE_SIZE or self._pipe.read_closed:
            return self.clock.done()
        return self._pipe.room.wait()

    def close(self) -> None:
        self._pipe.write_closed = True
        self._pipe.reader.arrived()


class Pipe:
    """A pipe: what is written to `writer` is read from `reader`."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.buffer = bytearray()
        self.read_closed = False
        self.write_closed = False
        self.room = WaitQueue(clock)
        self.reader: OpenFile = _PipeReader(self)
        self.writer: OpenFile = _PipeWriter(self)
