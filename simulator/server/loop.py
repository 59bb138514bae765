"""The server: sockets, connections, and the lab's time, all in the thread that calls `run`.

Whoever shares the lab with it holds `lock` while he touches the lab, and calls `wake` when he has.
"""

from __future__ import annotations

import errno
import os
import selectors
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

from simulator.engine.api import Engine
from simulator.server.address import Address
from simulator.server.api import answer, identity
from simulator.server.connection import Connection
from simulator.server.exchange import Exchange
from simulator.server.expose import Exposure
from simulator.server.heads import LOOK, Heads
from simulator.server.pace import Pace, Tempo
from simulator.server.replies import Reply
from simulator.server.request import Request

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace

CHUNK = 64 * 1024
BACKLOG = 1024
HALF_SENT = 30.0  # real seconds that a head may take, and that a body may be silent
SPARE = 32  # file descriptors that are left to others
_GONE = (ConnectionError, BrokenPipeError)


class Server:
    """The API of one engine at one address. Raises OSError if the address cannot be had."""

    def __init__(
        self,
        engine: Engine,
        address: Address,
        *,
        tempo: Tempo = Tempo.FREE,
        cost: int = 0,
        lock: threading.RLock | None = None,
        outside: NetNamespace | None = None,
    ) -> None:
        """`cost`: how much simulated time (ns) each request takes before it is looked at.

        With `outside`, a machine beyond the engine's host, real programs reach published ports as if they ran there.
        """
        self.engine, self.clock = engine, engine.daemon.clock
        self.headers = identity(engine)
        self.pace = Pace(self.clock, tempo)
        self.lock = lock or threading.RLock()
        self.cost = cost
        self._selector = selectors.DefaultSelector()
        self._listener, self.address = address.listen(BACKLOG)
        self._hosts = self.address.hosts
        self._clients: dict[int, tuple[socket.socket, Connection]] = {}
        self._sockets: dict[int, int] = {}  # id of a connection -> file descriptor
        self._busy: set[Connection] = set()
        self._changed: dict[Connection, None] = {}
        self._partial: dict[Connection, float] = {}
        self._heads = Heads()
        self._waker, self._woken = socket.socketpair()
        self._woken.setblocking(False)
        self._stopping = False
        self._most = _most_connections()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(self._woken, selectors.EVENT_READ)
        host = engine.daemon.machine.netns
        self._exposure = Exposure(host, outside, watch=self._watch, pace=self.pace) if outside else None

    # -- being asked ------------------------------------------------------------------------------------------------

    def changed(self) -> None:
        self.pace.changed = True

    def answer(self, exchange: Exchange, request: Request) -> None:
        if self.cost:
            self.clock.after(self.cost, self._answer, exchange, request)
        else:
            self._answer(exchange, request)

    def _answer(self, exchange: Exchange, request: Request) -> None:
        if not exchange.finished:
            exchange.play(self.reply(request))

    def reply(self, request: Request) -> Reply:
        return answer(self.engine, request)

    # -- running ----------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Serves until `stop`; then every connection is closed and the socket's file removed."""
        pause: float | None = 0
        try:
            while not self._stopping:
                ready = self._selector.select(self._patience(pause))
                with self.lock:
                    for key, mask in ready:
                        self._serve_safely(key, mask)
                    self._flush()
                    pause = self._time()
                    self._flush()
                    self._expire()
        finally:
            with self.lock:
                self._close()

    def stop(self) -> None:
        """Ends `run`; from any thread."""
        self._stopping = True
        self.wake()

    def wake(self) -> None:
        """The lab has been touched from another thread: looks for what is to be sent now."""
        with suppress(OSError):
            self._waker.send(b"!")

    def _time(self) -> float | None:
        try:
            return self.pace.turn([one.exchange for one in self._busy if one.exchange is not None])
        except Exception as failure:  # noqa: BLE001 - a fault of the model ends what met it, not the server
            sys.stderr.write(f"docklab: {type(failure).__name__}: {failure}\n")
            return 0

    def _patience(self, pause: float | None) -> float | None:
        """How long to wait for the sockets: half-sent requests are looked after now and then."""
        longest = LOOK if self._heads else 1.0 if self._partial else pause
        return longest if pause is None or longest is None else min(longest, pause)

    # -- sockets ----------------------------------------------------------------------------------------------------

    def _serve_safely(self, key: selectors.SelectorKey, mask: int) -> None:
        """What goes wrong with one client is told in a line and ends his connection, nobody else's."""
        descriptor = key.fd
        try:
            if key.data is not None:
                key.data(mask)
            else:
                self._serve(descriptor, mask)
        except Exception as failure:  # noqa: BLE001
            sys.stderr.write(f"docklab: {type(failure).__name__}: {failure}\n")
            if descriptor in self._clients:
                self._clients[descriptor][1].hang_up()

    def _serve(self, descriptor: int, mask: int) -> None:
        if descriptor == self._listener.fileno():
            self._accept()
        elif descriptor == self._woken.fileno():
            with suppress(BlockingIOError):
                self._woken.recv(CHUNK)
        elif descriptor in self._clients:
            client, connection = self._clients[descriptor]
            if mask & selectors.EVENT_READ:
                self._read(client, connection)
            if mask & selectors.EVENT_WRITE:
                self._note(connection)

    def _accept(self) -> None:
        for _ in range(BACKLOG):
            try:
                client, _peer = self._listener.accept()
            except BlockingIOError:
                return
            except OSError as failure:
                if failure.errno in (errno.EMFILE, errno.ENFILE):
                    self._listen(self._listener, 0)  # until somebody leaves: it would be told again and again
                    return
                continue
            client.setblocking(False)
            if len(self._clients) >= self._most:
                with suppress(OSError):
                    client.send(b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
                client.close()
                continue
            connection = Connection(self, self._note, self._hosts)
            self._clients[client.fileno()] = (client, connection)
            self._sockets[id(connection)] = client.fileno()
            self._selector.register(client, selectors.EVENT_READ)

    def _read(self, client: socket.socket, connection: Connection) -> None:
        try:
            data = client.recv(CHUNK)
        except BlockingIOError:
            return
        except _GONE:
            connection.hang_up()
            return
        if not data:
            self._listen(client, selectors.EVENT_WRITE if connection.output else 0)
        connection.receive(data)
        if connection.uploading and connection in self._partial:
            self._partial[connection] = monotonic()  # a long body has time as long as it comes
        self._note(connection)

    def _note(self, connection: Connection) -> None:
        """Something about a connection has changed: what it has to send is sent soon."""
        self._changed[connection] = None
        if connection.exchange is not None:
            self._busy.add(connection)
        if connection.partial:
            self._partial.setdefault(connection, monotonic())
        else:
            self._partial.pop(connection, None)

    def _flush(self) -> None:
        while self._changed:
            changed, self._changed = self._changed, {}
            for connection in changed:
                descriptor = self._sockets.get(id(connection))
                if descriptor is not None:
                    self._send(self._clients[descriptor][0], connection)
                if connection.exchange is None:
                    self._busy.discard(connection)

    def _send(self, client: socket.socket, connection: Connection) -> None:
        full = not connection.room
        if connection in self._heads:
            return
        try:
            while connection.output and connection not in self._heads:
                sent = client.send(bytes(connection.output[: connection.head_left or CHUNK]))
                del connection.output[:sent]
                if connection.head_left:
                    connection.head_left -= sent
                    if not connection.head_left:
                        self._heads.wait(connection, client)
        except BlockingIOError:
            pass
        except OSError:
            connection.hang_up()
        if connection.closing and not connection.output:
            self._drop(client, connection)
            return
        key = self._selector.get_map().get(client)
        reading = key.events & selectors.EVENT_READ if key is not None else 0
        waiting = bool(connection.output) and connection not in self._heads
        self._listen(client, reading | (selectors.EVENT_WRITE if waiting else 0))
        if full and connection.room:
            connection.resume()

    def _listen(self, client: socket.socket, events: int) -> None:
        """What to be told of a client's socket; nothing, for one that only waits for us."""
        self._watch(client, events, None)

    def _watch(self, client: socket.socket, events: int, told: Callable[[int], None] | None) -> None:
        """What to be told of a socket, and who is told, if not the connection of a client of the API."""
        known = self._selector.get_map().get(client)
        if known is None and events:
            self._selector.register(client, events, told)
        elif known is not None and not events:
            self._selector.unregister(client)
        elif known is not None and known.events != events:
            self._selector.modify(client, events, told)

    def _drop(self, client: socket.socket, connection: Connection) -> None:
        self._listen(client, 0)
        descriptor = self._sockets.pop(id(connection))
        del self._clients[descriptor]
        self._busy.discard(connection)
        self._partial.pop(connection, None)
        self._heads.forget(connection)
        with suppress(OSError):
            client.shutdown(socket.SHUT_WR)
        client.close()
        self._listen(self._listener, selectors.EVENT_READ)

    def _expire(self) -> None:
        for connection in self._heads.read():
            self._note(connection)
        self._flush()
        if self._partial:
            now = monotonic()
            for connection in [one for one, since in self._partial.items() if now - since > HALF_SENT]:
                connection.expire()
            self._flush()

    def _close(self) -> None:
        for client, connection in list(self._clients.values()):
            connection.hang_up()
            client.close()
        if self._exposure:
            self._exposure.close()
        self._selector.close()
        for one in (self._listener, self._waker, self._woken):
            one.close()
        self.address.remove()


def _most_connections() -> int:
    """As many as the system lets this process have, with some to spare."""
    try:
        import resource
    except ImportError:  # not a Unix system
        return 500
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        soft = hard
    used = len(os.listdir("/dev/fd")) if os.path.isdir("/dev/fd") else SPARE
    return max(16, min(soft, 100_000) - used - SPARE) if soft != resource.RLIM_INFINITY else 100_000
