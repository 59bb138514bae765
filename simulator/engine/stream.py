"""Connections that stay open: a client's end of attach, exec and logs, and the engine's end of a process's output.

What travels is (channel, bytes): 1 standard output, 2 standard error. On a terminal a client may leave by typing the
detach keys, which the engine takes out of what is typed (moby's pkg/term proxy).
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from simulator.clock import Clock, Event
from simulator.engine.errors import InvalidParameter
from simulator.kernel.files import OpenFile

STDOUT, STDERR = 1, 2
DETACH_KEYS = b"\x10\x11"  # ctrl-p,ctrl-q

T = TypeVar("T")


def keys_from_text(text: str) -> bytes:
    """`ctrl-p,ctrl-q` or `a,b` as the bytes of the keys. Raises ValueError."""
    keys = bytearray()
    for key in text.split(","):
        control = re.fullmatch(r"ctrl-([a-z@\[\\\]^_])", key)
        if control:
            keys.append(ord(control[1].upper()) - 64)
        elif len(key) == 1 and ord(key) < 128:
            keys += key.encode()
        else:
            raise ValueError(f"Unknown character: '{key}'")
    return bytes(keys)


def detach_keys(text: str) -> bytes:
    """The keys that a request names, ^P^Q if it names none. Raises InvalidParameter."""
    if not text:
        return DETACH_KEYS
    try:
        return keys_from_text(text)
    except ValueError:
        raise InvalidParameter(f"Invalid detach keys ({text}) provided") from None


class EscapeFilter:
    """Lets keys through but for the detach sequence; keys that only began it come through when it breaks off."""

    def __init__(self, keys: bytes) -> None:
        self._keys = keys
        self._held = b""

    def feed(self, data: bytes) -> tuple[bytes, bool]:
        """What goes on to the terminal, and whether the sequence is complete."""
        passed = bytearray()
        for code in data:
            self._held += bytes([code])
            if self._held == self._keys:
                return bytes(passed), True
            while self._held and not self._keys.startswith(self._held):
                passed.append(self._held[0])
                self._held = self._held[1:]
        return bytes(passed), False


class _Feed(Generic[T]):
    """What comes one by one to a client that reads; None after the last."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._waiting: deque[T] = deque()
        self._ended = False
        self._reader: Event | None = None
        self._closed: Callable[[], None] | None = None

    def on_close(self, closed: Callable[[], None]) -> None:
        """What to do when the client goes away by itself."""
        self._closed = closed

    @property
    def ended(self) -> bool:
        return self._ended

    def read(self) -> Event:
        """An event with what comes next, None at the end. Until it has come, asking again gives the same event."""
        if self._waiting:
            return self.clock.done(self._waiting.popleft())
        if self._ended:
            return self.clock.done(None)
        if self._reader is None:
            self._reader = self.clock.waiter()
        return self._reader

    def put(self, item: T) -> None:
        """The engine's side: one more."""
        if not self._ended:
            self._waiting.append(item)
            self._serve()

    def end(self) -> None:
        """The engine's side: nothing more comes."""
        self._ended = True
        self._serve()

    def close(self) -> None:
        """The client goes away."""
        if not self._ended:
            self.end()
            if self._closed is not None:
                self._closed()

    def _serve(self) -> None:
        if self._reader is not None and (self._waiting or self._ended):
            reader, self._reader = self._reader, None
            reader.succeed(self._waiting.popleft() if self._waiting else None)


class Documents(_Feed[dict[str, Any]]):
    """A connection on which documents come: progress of a pull, events, statistics."""


class Stream(_Feed[tuple[int, bytes]]):
    """A connection on which bytes come and go. `detached` says that it ended by the detach keys."""

    def __init__(
        self,
        clock: Clock,
        *,
        tty: bool = False,
        write: Callable[[bytes], None] | None = None,
        keys: bytes = b"",
    ) -> None:
        super().__init__(clock)
        self.tty = tty
        self.detached = False
        self._write = write
        self._close_write: Callable[[], None] | None = None
        self._detached: Callable[[], None] | None = None
        self._escape = EscapeFilter(keys) if keys else None

    def on_close_write(self, close_write: Callable[[], None]) -> None:
        """What to do when the client has nothing more to write."""
        self._close_write = close_write

    def on_detach(self, detached: Callable[[], None]) -> None:
        """What to do when the client leaves by the detach keys."""
        self._detached = detached

    def write(self, data: bytes) -> None:
        """What the client types or pipes in."""
        if self._ended or self._write is None:
            return
        detached = False
        if self._escape is not None:
            data, detached = self._escape.feed(data)
        if data:
            self._write(data)
        if detached:
            self.detached = True
            if self._detached is not None:
                self._detached()
            self.close()

    def close_write(self) -> None:
        """The client has nothing more to write."""
        if not self._ended and self._close_write is not None:
            self._close_write()

    def push(self, channel: int, data: bytes) -> None:
        """The engine's side: output of a process."""
        if data:
            self.put((channel, data))


class Output(OpenFile):
    """A process's standard output or error whose other end is the engine."""

    def __init__(
        self, clock: Clock, deliver: Callable[[bytes], None], closed: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__(clock)
        self._deliver, self._closed = deliver, closed

    @property
    def readable(self) -> bool:
        return False

    def write(self, data: bytes) -> None:
        self._deliver(data)

    def close(self) -> None:
        self._closed()
