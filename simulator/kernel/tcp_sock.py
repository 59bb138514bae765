"""A TCP connection in its namespace: packets around the segments, a timer for the machine, a socket's sleepers.

struct tcp_sock and struct inet_connection_sock, tcp_ipv4.c. The machine itself is `tcp_connection.Connection`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct, field

from simulator.clock import US, Timer
from simulator.kernel.packet import IPV4_HEADER, IPV6_HEADER, PROTO_TCP, Flag, Packet, Tcp
from simulator.kernel.ports import PortUse
from simulator.kernel.tcp_connection import Connection, Settings
from simulator.kernel.tcp_states import State
from simulator.trace import TcpChanged

if TYPE_CHECKING:
    from simulator.kernel.device import Device
    from simulator.kernel.netns import NetNamespace
    from simulator.kernel.process import Process
    from simulator.kernel.socket import Row
    from simulator.kernel.tcp import TcpTable

TCP_HEADER = 20
ANSWER = Flag.SYN | Flag.ACK  # Linux sends it with identification 0
MAX_IPV4_LENGTH = 65535

Endpoint = tuple[str, int]

# How long a blocking connect(2) holds its socket: an error that comes back from the same machine comes within.
OWNED_BY_USER = 20 * US


class Listener(Struct, eq=False):
    """What a listening socket keeps: connections that are being made, and those to be accepted."""

    family: str
    use: PortUse
    backlog: int
    arrived: Callable[[], None]
    row: Callable[[], Row]
    ready: list[TcpSock] = field(default_factory=list)
    half_open: list[TcpSock] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        """Linux lets one more than the backlog wait (sk_acceptq_is_full)."""
        return len(self.ready) > self.backlog


class TcpSock:
    """One connection. `wake` is called after everything that may matter to its socket."""

    def __init__(
        self,
        netns: NetNamespace,
        *,
        local: Endpoint,
        peer: Endpoint,
        use: PortUse,
        family: str,
        device: Device | None = None,
        owner: Process | None = None,
        no_delay: bool = False,
    ) -> None:
        self.netns, self.local, self.peer, self.use, self.family = netns, local, peer, use, family
        self.device, self.owner = device, owner
        self.table: TcpTable = netns.sockets.tcp
        self.listener: Listener | None = None
        self.wake: Callable[[], None] | None = None
        self.inode = 0
        self.ttl, self.tos = int(netns.sysctl["net.ipv4.ip_default_ttl"]), 0
        self._ident = netns.clock.chance.integer("ip ident", 0, 65535)
        self._timer: Timer | None = None
        self._sending = False
        self._owned_until = 0
        self.connection = Connection(
            local[1], peer[1], settings=self._settings(no_delay=no_delay), changed=self._state_changed
        )

    def __str__(self) -> str:
        return f"{self.local[0]}:{self.local[1]} > {self.peer[0]}:{self.peer[1]}"

    @property
    def state(self) -> State:
        return self.connection.state

    @property
    def now(self) -> int:
        return self.netns.clock.now

    # -- what happens to it -----------------------------------------------------------------------------------------

    def open(self, *, blocking: bool = False) -> None:
        """Begins to connect. `blocking` says that the program sleeps in connect(2)."""
        self._owned_until = self.now + OWNED_BY_USER if blocking else 0
        self.connection.open(self.now)
        self.step()

    def arrive(self, segment: Tcp) -> None:
        self.connection.arrive(segment, self.now)
        self.step()

    def send(self, data: bytes) -> None:
        self.connection.send(data, self.now)
        self.step()

    def receive(self, size: int) -> bytes:
        try:
            return self.connection.receive(size, self.now)
        finally:
            self.step()

    def shutdown(self) -> None:
        self.connection.shutdown(self.now)
        self.step()

    def close(self) -> None:
        """The program is gone; the connection goes on by itself until it ends. Its FIN or RST is still the program's."""
        self.connection.close(self.now)
        self._transmit()
        self.owner, self.wake, self.inode = None, None, 0
        self.step()

    def abort(self) -> None:
        self.connection.abort()
        self.step()

    def fail(self, code: int) -> None:
        """An ICMP error came. While connect(2) is still at work with the socket it is only noted (tcp_v4_err)."""
        if self.now < self._owned_until:
            return
        self.connection.fail(code)
        self.step()

    def path_mtu(self, mtu: int) -> None:
        self.connection.path_mtu(mtu, self._headers, self.now)
        self.step()

    # -- inside -----------------------------------------------------------------------------------------------------

    def step(self) -> None:
        """Sends what the machine wants to send, sets its timer, tells the socket, and goes when all is over."""
        self._transmit()
        self._set_timer()
        if self.listener and self.connection.established:
            self._join_queue(self.listener)
        if self.wake:
            self.wake()
        if self.state is State.CLOSED:
            self._forget()

    def _transmit(self) -> None:
        if self._sending:
            return
        self._sending = True
        outgoing, uid = self.connection.outgoing, self.owner.uid if self.owner else None
        while outgoing:
            packet = self._packet(outgoing.pop(0))
            try:
                self.netns.send(packet, device=self.device, uid=uid)
            except OSError:
                continue  # no road, or iptables: the segment is lost, and the timer will try again
        self._sending = False

    def _packet(self, segment: Tcp) -> Packet:
        answers = segment.flags & ANSWER == ANSWER
        if not answers:
            self._ident = (self._ident + 1) % 65536
        return Packet(
            self.local[0],
            self.peer[0],
            PROTO_TCP,
            segment,
            number=self.netns.number(),
            ttl=self.ttl,
            ident=0 if answers else self._ident,
            df=True,
            tos=self.tos,
        )

    def _set_timer(self) -> None:
        due = self.connection.timers.next
        if self._timer and self._timer.pending:
            if due is not None and self._timer.due <= due:
                return  # it comes early, finds nothing to do and is set again
            self._timer.cancel()
        self._timer = None if due is None else self.netns.clock.after(max(due - self.now, 0), self._expire)

    def _expire(self) -> None:
        self._timer = None
        self.connection.expire(self.now)
        self.step()

    def _join_queue(self, listener: Listener) -> None:
        self.listener = None
        listener.half_open.remove(self)
        listener.ready.append(self)
        listener.arrived()

    def _forget(self) -> None:
        if self._timer:
            self._timer.cancel()
        if self.listener:
            self.listener.half_open.remove(self)
            self.listener = None
        self.table.remove(self)

    @property
    def _headers(self) -> int:
        return (IPV6_HEADER if ":" in self.local[0] else IPV4_HEADER) + TCP_HEADER

    def _settings(self, *, no_delay: bool) -> Settings:
        chance, sysctl = self.netns.clock.chance, self.netns.sysctl
        return Settings(
            mss=self._advertised_mss(),
            isn=chance.integer("tcp isn", 0, (1 << 32) - 1),
            timestamp_base=chance.integer("tcp timestamp", 0, (1 << 32) - 1),
            syn_retries=int(sysctl["net.ipv4.tcp_syn_retries"]),
            syn_linear_timeouts=self.netns.machine.version.syn_linear_timeouts,
            synack_retries=int(sysctl["net.ipv4.tcp_synack_retries"]),
            retries=int(sysctl["net.ipv4.tcp_retries2"]),
            no_delay=no_delay,
        )

    def _advertised_mss(self) -> int:
        """What fits into one packet of the road to the peer (tcp_mtu_to_mss)."""
        try:
            mtu = self.netns.mtu_for(self.peer[0])
        except OSError:
            mtu = 1500
        longest = mtu if ":" in self.peer[0] else min(mtu, MAX_IPV4_LENGTH)
        return longest - self._headers

    def _state_changed(self, before: State, after: State) -> None:
        trace = self.netns.trace
        if TcpChanged in trace.wanted:
            machine, netns = self.netns.machine.name, self.netns.name
            trace.emit(TcpChanged(self.now, machine, netns, str(self), str(before), str(after)))
