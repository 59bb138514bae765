"""Heads that clients must have read before what follows them is sent.

Clients that take a connection over (docker-py, docker-modem) drop what they happen to read along with the head of the
answer. The real engine needs a while before a program has something to say; the lab needs none, so it waits until the
head has been read. Linux tells that of a unix socket (unix(7), SIOCOUTQ); elsewhere a while has to do.
"""

from __future__ import annotations

import socket
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.server.connection import Connection

LOOK = 0.002  # real seconds between two looks whether a head has been read
WHILE = 0.005  # real seconds in which a head will have been read, where nobody tells


class Heads:
    """The connections that have sent a head and wait until the client has read it."""

    def __init__(self) -> None:
        self._sent: dict[Connection, tuple[socket.socket, float]] = {}

    def __contains__(self, connection: Connection) -> bool:
        return connection in self._sent

    def __bool__(self) -> bool:
        return bool(self._sent)

    def wait(self, connection: Connection, client: socket.socket) -> None:
        """All of the head has been given to the client's socket."""
        self._sent[connection] = (client, monotonic())

    def forget(self, connection: Connection) -> None:
        self._sent.pop(connection, None)

    def read(self) -> list[Connection]:
        """Those whose heads have been read; they wait no longer."""
        read = [connection for connection, (client, since) in self._sent.items() if _is_read(client, since)]
        for connection in read:
            del self._sent[connection]
        return read


def _is_read(client: socket.socket, since: float) -> bool:
    unread = _unread(client)
    return monotonic() - since >= WHILE if unread is None else not unread


def _unread(client: socket.socket) -> int | None:
    """How much of what was sent its receiver has not read, None where the system does not tell."""
    try:
        import fcntl
        import termios

        if client.family is not socket.AF_UNIX:
            return None
        return int.from_bytes(fcntl.ioctl(client, termios.TIOCOUTQ, bytes(4)), "little")
    except (ImportError, AttributeError, OSError):
        return None
