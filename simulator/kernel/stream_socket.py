"""Stream sockets: TCP as programs see it. tcp(7), connect(2), listen(2), accept(2).

A stream socket is an open file as well: it can stand at a descriptor and be copied like a pipe.
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from simulator.clock import Event
from simulator.kernel.errors import error
from simulator.kernel.ports import PortUse
from simulator.kernel.sleepers import Sleepers
from simulator.kernel.socket import Row, Socket
from simulator.kernel.tcp_sock import Listener, TcpSock
from simulator.kernel.tcp_states import State

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace
    from simulator.kernel.process import Process
    from simulator.kernel.tcp import TcpTable


class StreamSocket(Socket):
    """A TCP socket: new, then bound, then a listener or one end of a connection."""

    proto = "tcp"

    def __init__(self, netns: NetNamespace, family: str, *, owner: Process | None) -> None:
        super().__init__(netns, family, "stream", owner=owner)
        self._table: TcpTable = netns.sockets.tcp
        self._use: PortUse | None = None
        self._sock: TcpSock | None = None
        self._listener: Listener | None = None
        self.blocking = True  # whether the program sleeps in connect(2) (O_NONBLOCK is not set)
        self.goal: tuple[str, int] | None = None  # what connect was asked for
        self._verdict: int | None = None
        self._connecting = Sleepers(self.clock, self._is_decided)
        self._writers = Sleepers(self.clock, lambda: self.writable)

    @property
    def state(self) -> State:
        if self._listener:
            return State.LISTEN
        return self._sock.state if self._sock else State.CLOSED

    # -- making -----------------------------------------------------------------------------------------------------

    def bind(self, ip: str, port: int) -> None:
        """Takes a local address and port (0: any). Raises OSError EADDRINUSE, EADDRNOTAVAIL, EINVAL."""
        self._usable()
        if self._use:
            raise error(errno.EINVAL)
        ip, scope = self._parse(ip)
        self._check_own(ip)
        self._use = self._claim(ip, port)
        self._local = (ip, self._use.port)
        if scope:
            self.set("device", scope)

    def listen(self, backlog: int = 128) -> None:
        """From now on connections are taken. Raises OSError EADDRINUSE if another listens there."""
        self._usable()
        if self._sock:
            raise error(errno.EINVAL)
        if self._use is None:
            self.bind("", 0)
        assert self._use is not None
        self._use.listening = True
        if self._table.ports.taken(self._use):
            self._use.listening = False
            raise error(errno.EADDRINUSE)
        longest = int(self.netns.sysctl["net.core.somaxconn"])
        self._listener = Listener(self.family, self._use, min(backlog, longest), self.arrived, self.list_row)
        self._table.listeners.append(self._listener)

    def accept(self) -> Event:
        """An event whose value is a StreamSocket with the next connection. Fails with OSError EINVAL."""
        self._usable()
        if self._listener is None:
            return self._failed(error(errno.EINVAL))
        return self.readers.wait(self._take_connection)

    def connect(self, ip: str, port: int) -> Event:
        """An event that comes when the connection stands.

        Fails with OSError ECONNREFUSED, ETIMEDOUT, EHOSTUNREACH, ENETUNREACH, EADDRNOTAVAIL, EISCONN.
        """
        self.goal, self._verdict = (ip, port), None
        try:
            self._start(ip, port)
        except OSError as refusal:
            self._verdict = refusal.errno
            return self._failed(refusal)
        return self.wait_decided()

    def connect_result(self) -> int | None:
        """What became of connect: None not decided, 0 connected, else the error number."""
        if self._verdict is None and self._sock and self._is_decided():
            self._decide(self._sock)
        return self._verdict

    def wait_decided(self) -> Event:
        """An event that comes, or fails, when connect is decided."""
        return self._connecting.wait(self._outcome)

    # -- data -------------------------------------------------------------------------------------------------------

    def send(self, data: bytes) -> None:
        """Queues data. Raises OSError EPIPE, ENOTCONN, ECONNRESET."""
        self._connection().send(data)

    def recv(self, size: int = 65536) -> Event:
        """An event with up to size bytes, b"" at the end. Fails with OSError ECONNRESET, ETIMEDOUT, ENOTCONN."""
        try:
            connection = self._connection()
        except OSError as refusal:
            return self._failed(refusal)
        return self.readers.wait(lambda: connection.receive(size))

    def drain(self) -> Event:
        """An event that comes when the send buffer has room."""
        return self._writers.wait(lambda: None)

    def shutdown_write(self) -> None:
        """Sends a FIN after the data: shutdown(2) SHUT_WR. Raises OSError ENOTCONN."""
        connection = self._connection()
        if not connection.connection.established:
            raise error(errno.ENOTCONN)
        connection.shutdown()

    read = recv
    write = send

    @property
    def readable(self) -> bool:
        """Whether read or accept would not block."""
        if self._listener:
            return bool(self._listener.ready)
        return self._sock is None or self._sock.connection.readable

    @property
    def writable(self) -> bool:
        return self._sock is None or self._sock.connection.writable

    def take(self, size: int) -> bytes:
        return self._connection().receive(size)

    @property
    def error(self) -> int | None:
        """The pending error number, taken: SO_ERROR."""
        if self._sock is None:
            return None
        code, self._sock.connection.failure = self._sock.connection.failure, None
        return code

    # -- the end ----------------------------------------------------------------------------------------------------

    def shut(self) -> None:
        if self._listener:
            self._table.listeners.remove(self._listener)
            for waiting in [*self._listener.half_open, *self._listener.ready]:
                waiting.abort()
        if self._sock:
            self._sock.close()
        elif self._use:
            self._table.ports.release(self._use)

    def abort(self) -> None:
        """Resets the connection and lets go: close(2) with SO_LINGER on and no time to linger (socket(7))."""
        if self._sock:
            self._sock.abort()
        self.close()

    def list_row(self) -> Row:
        """How ss and netstat show it, if it is a listener."""
        assert self._listener is not None
        return self.row(str(State.LISTEN), len(self._listener.ready), 0, backlog=self._listener.backlog)

    # -- inside -----------------------------------------------------------------------------------------------------

    def _claim(self, ip: str, port: int) -> PortUse:
        use = self._port_use(ip, port)
        self._table.ports.claim(use)
        return use

    def _start(self, ip: str, port: int) -> None:
        """Sends the SYN of a connection."""
        self._usable()
        if self._sock or self._listener:
            raise error(errno.EISCONN)
        ip = self._towards(ip)
        if self.netns.fib.kind_of(ip) in ("broadcast", "multicast"):
            raise error(errno.ENETUNREACH)
        source = self._source(ip)
        if self._use is None:
            self._use = self._claim(source, 0)
        self._local, self._peer = (source, self._use.port), (ip, port)
        if (self._local, self._peer) in self._table.connections:
            raise error(errno.EADDRNOTAVAIL)
        self._adopt(
            TcpSock(
                self.netns,
                local=self._local,
                peer=self._peer,
                use=self._use,
                family=self.family,
                device=self.device,
                owner=self.owner,
                no_delay=self.options["no_delay"],
            )
        )
        assert self._sock is not None
        self._sock.ttl, self._sock.tos = self._ttl(), self.options["tos"]
        self._table.add(self._sock)
        self._sock.open(blocking=self.blocking)

    def _source(self, towards: str) -> str:
        own = self._local[0]
        if own not in ("0.0.0.0", "::"):
            self.netns.fib.lookup(towards, device=self.device)
            return own
        return self._source_towards(towards)

    def _adopt(self, sock: TcpSock) -> None:
        self._sock, sock.wake, sock.owner, sock.inode = sock, self._wake, self.owner, self.inode

    def _wake(self) -> None:
        self._connecting.wake()
        self.readers.wake()
        self._writers.wake()

    def _is_decided(self) -> bool:
        sock = self._sock
        return sock is None or sock.connection.established or sock.state is State.CLOSED

    def _outcome(self) -> None:
        code = self.connect_result()
        if code:
            raise error(code)

    def _decide(self, sock: TcpSock) -> None:
        """Notes whether the connection stands; if not, the socket is as good as new."""
        if sock.connection.established:
            self._verdict = 0
            return
        self._verdict = sock.connection.failure or errno.ECONNABORTED
        self._sock = self._use = self._peer = None
        self._local = (self._local[0], 0)

    def _take_connection(self) -> StreamSocket:
        assert self._listener is not None
        sock = self._listener.ready.pop(0)
        accepted = StreamSocket(self.netns, self.family, owner=self.owner)
        accepted.options = self.options
        accepted._use, accepted._local, accepted._peer = sock.use, sock.local, sock.peer
        accepted._adopt(sock)
        if self.owner:
            self.owner.sockets.append(accepted)
        return accepted

    def _connection(self) -> TcpSock:
        self._usable()
        if self._sock is None:
            raise error(errno.ENOTCONN)
        return self._sock

    def _failed(self, failure: OSError) -> Event:
        return self.clock.waiter().fail(failure)
