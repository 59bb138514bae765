"""The listener at a published TCP port of the real machine, and the connections that programs made to it."""

from __future__ import annotations

import errno
import selectors
import socket
from typing import TYPE_CHECKING

from simulator.server.relay import Relay, Road, Watch, loopback_socket

if TYPE_CHECKING:
    from simulator.server.pace import Pace

BACKLOG = 1024


class Connections:
    """Raises OSError if the port cannot be had. While there are connections, time goes with the clock."""

    def __init__(self, number: int, road: Road, *, watch: Watch, pace: Pace) -> None:
        self._road, self._watch, self._pace = road, watch, pace
        self._relays: dict[Relay, None] = {}
        self._listener = loopback_socket(socket.SOCK_STREAM, number)
        self._listener.listen(BACKLOG)
        self._listen()

    def close(self) -> None:
        self._watch(self._listener, 0, self._accept)
        self._listener.close()
        for relay in list(self._relays):
            relay.hang_up()

    def _listen(self) -> None:
        self._watch(self._listener, selectors.EVENT_READ, self._accept)

    def _accept(self, _mask: int) -> None:
        try:
            while True:
                self._take(self._listener.accept()[0])
        except OSError as failure:
            if failure.errno in (errno.EMFILE, errno.ENFILE):
                self._watch(self._listener, 0, self._accept)  # until one of those that are open ends

    def _take(self, real: socket.socket) -> None:
        netns, address, number = self._road()
        relay = Relay(real, netns.sockets.create("inet", "stream"), watch=self._watch, ended=self._ended)
        self._relays[relay] = None
        self._pace.tied += 1
        relay.connect(address, number)

    def _ended(self, relay: Relay) -> None:
        del self._relays[relay]
        self._pace.tied -= 1
        if self._listener.fileno() >= 0:
            self._listen()
