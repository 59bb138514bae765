"""A published UDP port of the real machine: datagrams pass both ways, each client has a socket of its own beyond."""

from __future__ import annotations

import selectors
import socket
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from simulator.clock import Event, S, Timer
from simulator.server.exchange import when
from simulator.server.relay import Road, Watch, loopback_socket

if TYPE_CHECKING:
    from simulator.server.pace import Pace

LARGEST = 65535
SESSION_TIMEOUT = 90 * S  # as docker-proxy's

Client = tuple[str, int]


class Datagrams:
    """Raises OSError if the port cannot be had. While there are sessions, time goes with the clock."""

    def __init__(self, number: int, road: Road, *, watch: Watch, pace: Pace) -> None:
        self._road, self._watch, self._pace = road, watch, pace
        self._sessions: dict[Client, Any] = {}
        self._timers: dict[Client, Timer] = {}
        self._real = loopback_socket(socket.SOCK_DGRAM, number)
        self._watch(self._real, selectors.EVENT_READ, self._receive)

    def close(self) -> None:
        self._watch(self._real, 0, self._receive)
        self._real.close()
        for client in list(self._sessions):
            self._forget(client)

    def _receive(self, _mask: int) -> None:
        with suppress(OSError):
            while True:
                self._pass_on(*self._real.recvfrom(LARGEST))

    def _pass_on(self, data: bytes, client: Client) -> None:
        if client not in self._sessions:
            netns, address, number = self._road()
            session = self._sessions[client] = netns.sockets.create("inet", "dgram")
            session.connect(address, number)
            self._pace.tied += 1
            self._listen(client)
        self._stay(client)
        with suppress(OSError):  # an earlier one may have been refused
            self._sessions[client].send(data)

    def _listen(self, client: Client) -> None:
        when(self._sessions[client].receive(), partial(self._answered, client))

    def _answered(self, client: Client, event: Event) -> None:
        if client not in self._sessions:
            return
        if event.ok and event.value:
            self._stay(client)
            with suppress(OSError):
                self._real.sendto(event.value[0], client)
        self._listen(client)

    def _stay(self, client: Client) -> None:
        if client in self._timers:
            self._timers[client].cancel()
        self._timers[client] = self._sessions[client].clock.after(SESSION_TIMEOUT, self._forget, client)

    def _forget(self, client: Client) -> None:
        self._timers.pop(client).cancel()
        self._sessions.pop(client).close()
        self._pace.tied -= 1
