"""One TCP connection between a program of the real machine and the simulated network: bytes both ways.

Each side's flow control reaches the other: what cannot be sent on is not read, so that a slow reader's window closes at
the far end. An end of file is passed on in its direction alone; a reset ends both sides.
"""

from __future__ import annotations

import os
import selectors
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from simulator.clock import Event
from simulator.server.exchange import when

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace
    from simulator.kernel.stream_socket import StreamSocket

CHUNK = 64 * 1024
ROOM = 256 * 1024  # bytes that wait for the real program before no more is taken
RESET = struct.pack("ii", 1, 0)  # SO_LINGER with no time: close sends a reset

LOOPBACK = "127.0.0.1"

Watch = Callable[[socket.socket, int, Callable[[int], None]], None]  # what to be told of a socket; 0: nothing
Road = Callable[[], tuple["NetNamespace", str, int]]  # where a client's packets begin, and the address they go to


def loopback_socket(kind: socket.SocketKind, number: int) -> socket.socket:
    """A socket of the real machine that only its own programs reach. Raises OSError if the port cannot be had."""
    made = socket.socket(socket.AF_INET, kind)
    try:
        if os.name == "posix" and kind is socket.SOCK_STREAM:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((LOOPBACK, number))
    except OSError:
        made.close()
        raise
    made.setblocking(False)
    return made


class Relay:
    """`real` has been accepted; `ended` is called once, when both sides are closed."""

    def __init__(
        self, real: socket.socket, simulated: StreamSocket, *, watch: Watch, ended: Callable[[Relay], None]
    ) -> None:
        real.setblocking(False)
        real.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, ROOM)  # or the real kernel would take megabytes
        real.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # what the simulated TCP sent apart stays apart
        self._real, self._simulated = real, simulated
        self._watch, self._ended = watch, ended
        self._output = bytearray()  # for the real program
        self._open = True
        self._full = True  # the simulated side takes no more; not connected, it takes nothing
        self._hearing = False  # it has been asked for data and has none yet
        self._told_all = self._heard_all = False  # the end of the real program's data, and of the other's

    def connect(self, ip: str, port: int) -> None:
        when(self._simulated.connect(ip, port), self._connected)

    def hang_up(self) -> None:
        """Nobody answers any more: what has come is still sent."""
        if self._open:
            self._send()
        if self._open:
            self._simulated.abort()
            self._close()

    def reset(self) -> None:
        """One side has broken off: so does the other."""
        if self._open:
            with suppress(OSError):
                self._real.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            self._simulated.abort()
            self._close()

    # -- from the real program --------------------------------------------------------------------------------------

    def _ready(self, mask: int) -> None:
        if mask & selectors.EVENT_WRITE:
            self._send()
        if mask & selectors.EVENT_READ and self._open:
            self._read()
        self._hear()

    def _read(self) -> None:
        try:
            data = self._real.recv(CHUNK)
            if data:
                self._simulated.send(data)
            else:
                self._told_all = True
                self._simulated.shutdown_write()
        except BlockingIOError:
            return
        except OSError:
            self.reset()
            return
        drained = self._simulated.drain()
        self._full = not drained.triggered
        when(drained, self._drained)
        self._finish()

    def _drained(self, _event: Event) -> None:
        self._full = False
        self._attend()

    # -- from the simulated network ---------------------------------------------------------------------------------

    def _connected(self, event: Event) -> None:
        if not event.ok:
            self.reset()
        elif self._open:
            self._full = False
            self._attend()
            self._hear()

    def _hear(self) -> None:
        """Asks for data as long as there is some, and room for it."""
        while self._open and not self._hearing and not self._heard_all and len(self._output) < ROOM:
            event = self._simulated.recv(CHUNK)
            if event.triggered:
                self._take(event)
            else:
                self._hearing = True
                when(event, self._heard)

    def _heard(self, event: Event) -> None:
        self._hearing = False
        self._take(event)
        self._hear()

    def _take(self, event: Event) -> None:
        if not self._open:
            return
        if not event.ok:
            self.reset()
            return
        self._output += event.value or b""
        self._heard_all = not event.value
        self._send()

    def _send(self) -> None:
        try:
            while self._output:
                del self._output[: self._real.send(self._output[:CHUNK])]
            if self._heard_all:
                self._real.shutdown(socket.SHUT_WR)
        except BlockingIOError:
            pass
        except OSError:
            self.reset()
            return
        self._finish()

    # -- both -------------------------------------------------------------------------------------------------------

    def _finish(self) -> None:
        if self._told_all and self._heard_all and not self._output and self._open:
            self._simulated.close()
            self._close()
        else:
            self._attend()

    def _attend(self) -> None:
        """Has the server look at what the real program does now."""
        if self._open:
            reading = 0 if self._full or self._told_all else selectors.EVENT_READ
            self._watch(self._real, reading | (selectors.EVENT_WRITE if self._output else 0), self._ready)

    def _close(self) -> None:
        self._open = False
        self._watch(self._real, 0, self._ready)
        self._real.close()
        self._ended(self)
