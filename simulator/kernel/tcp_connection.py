"""One end of a TCP connection: segments in, segments out. RFC 9293, RFC 7323 (window scale, timestamps).

Heads up: read RFC 9293 3.10 next to this. The machine is pure: it holds no clock, no socket and no wire. Each call
is told the time; what it wants to send gathers in `outgoing`, when it wants to be called again stands in
`timers.next`, and what the program should know is in `state`, `failure`, `readable` and `writable`. Arriving segments
are judged in tcp_arrival, leaving ones made in tcp_output.

Places in the streams are positions (tcp_sequence). Left out: selective acknowledgements (the option is offered, as
Linux does, but holes are filled one by one), urgent data, keepalive, ECN.
"""

from __future__ import annotations

import errno
from collections.abc import Callable

from msgspec import Struct

from simulator.clock import S
from simulator.kernel import tcp_arrival, tcp_output
from simulator.kernel.errors import error
from simulator.kernel.packet import Tcp
from simulator.kernel.tcp_buffers import ReceiveBuffer, SendBuffer
from simulator.kernel.tcp_congestion import Congestion
from simulator.kernel.tcp_sequence import to_position, to_wire
from simulator.kernel.tcp_states import RECEIVING, TRANSITIONS, State, Trigger
from simulator.kernel.tcp_timers import Alarm, RoundTrip, Timers

TIMESTAMP_OPTION = 12  # bytes of each segment that carries one, padding included
DEFAULT_MSS = 536  # of a peer that names none: RFC 9293 3.7.1
SEND_BUFFER = 65536  # bytes not acknowledged, beyond which `writable` is False
FIN_TIMEOUT = 60 * S  # how long FIN_WAIT2 lasts without a program: net.ipv4.tcp_fin_timeout


class Settings(Struct, frozen=True):
    """What a connection begins with. Retries are net.ipv4.tcp_syn_retries, tcp_synack_retries and tcp_retries2."""

    mss: int
    isn: int
    timestamp_base: int = 0
    window_scale: int = 7
    syn_retries: int = 6
    syn_linear_timeouts: int = 0
    synack_retries: int = 5
    retries: int = 15
    no_delay: bool = False


class Connection:
    """One end of a connection. `local` and `peer` are port numbers."""

    def __init__(
        self, local: int, peer: int, *, settings: Settings, changed: Callable[[State, State], None] | None = None
    ) -> None:
        self.local, self.peer, self.settings = local, peer, settings
        self.state = State.CLOSED
        self._changed = changed
        self.outgoing: list[Tcp] = []
        self.timers = Timers()
        self.round_trip = RoundTrip()
        self.failure: int | None = None  # errno: why the connection ended
        self.no_delay = settings.no_delay
        # Sending: positions of the oldest unacknowledged, the next to send, the highest ever sent.
        self.unacknowledged = self.next = self.highest = 0
        self.send_buffer = SendBuffer()
        self.fin_wanted = False
        self.mss = settings.mss
        self.congestion = Congestion(self.mss)
        self.retries = 0
        self.probed = False  # whether the tail loss probe of these segments has gone
        self.small_end = 0  # the end of the last segment that was not full: Minshall's variant of Nagle
        self.timed: tuple[int, int] | None = None  # (position, moment) of a segment whose round trip is measured
        # Receiving.
        self.peer_isn = 0
        self.peer_window = self.largest_window = 0
        self.window_updated = (0, 0)  # (their position, our position) of the segment that told the window last
        self.receive_buffer = ReceiveBuffer(initial_window(settings.mss))
        self.fin_position: int | None = None  # where the peer's stream ends, once it is known
        self.fin_received = False
        self.acked = 0  # what we have acknowledged
        self.data_came = -S  # when data came last
        self.replies = 0  # how often data was sent shortly after data came
        self.unacked_segments = 0
        self.quick_acks = 16  # so many segments are acknowledged at once, for the sender's slow start
        self.window_told = self.receive_buffer.capacity
        self.edge = 0  # the position up to which the peer may send, by what it was told
        self.reader_gone = False
        # Options that both sides have.
        self.scale_out = self.scale_in = 0
        self.timestamps = self.sack_ok = True
        self.timestamp_echo = 0

    def __str__(self) -> str:
        return f"{self.local} > {self.peer} {self.state}"

    # -- what the program does --------------------------------------------------------------------------------------

    def open(self, now: int) -> None:
        """Sends a SYN."""
        self.set_state(Trigger.OPEN)
        tcp_output.send_syn(self, now)

    def listen_to(self, syn: Tcp, now: int) -> None:
        """Begins as a listener does, with the SYN that came for it."""
        self.set_state(Trigger.LISTEN)
        self.capacity_for_answer()
        tcp_arrival.take_syn(self, syn)
        self.set_state(Trigger.SYN)
        tcp_output.send_syn(self, now)

    def send(self, data: bytes, now: int) -> None:
        """Queues data. Raises OSError: ENOTCONN, EPIPE, or why the connection ended."""
        self.raise_failure()
        if self.state in (State.CLOSED, State.LISTEN) and not self.highest:
            raise error(errno.ENOTCONN)
        if self.fin_wanted or self.state is State.CLOSED:
            raise error(errno.EPIPE)
        self.send_buffer.append(data)
        tcp_output.push(self, now)

    def receive(self, size: int, now: int) -> bytes:
        """Data for the program, b"" at the end. Raises OSError: why the connection ended."""
        if not len(self.receive_buffer) and not self.fin_received:
            self.raise_failure()
        data = self.receive_buffer.take(size)
        tcp_output.tell_window(self, now)
        return data

    def shutdown(self, now: int) -> None:
        """The program sends no more: a FIN follows the data."""
        if not self.fin_wanted and self.state is not State.CLOSED:
            self.fin_wanted = True
            self.set_state(Trigger.CLOSE)
            tcp_output.push(self, now)

    def close(self, now: int) -> None:
        """The program is gone. Data that it has not read is lost, and the peer is told so by a RST (RFC 2525 2.17)."""
        self.reader_gone = True
        if self.state in (State.SYN_SENT, State.LISTEN):
            self.end(Trigger.CLOSE)
        elif len(self.receive_buffer) and self.state not in (State.CLOSED, State.TIME_WAIT):
            self.abort()
        else:
            self.shutdown(now)
            if self.state is State.FIN_WAIT2:
                self.timers.set(Alarm.LINGER, now + FIN_TIMEOUT)

    def abort(self) -> None:
        """Ends the connection with a RST."""
        if self.state not in (State.CLOSED, State.LISTEN, State.SYN_SENT, State.TIME_WAIT):
            tcp_output.send_reset(self)
        self.end(Trigger.RESET)

    # -- what the kernel does ---------------------------------------------------------------------------------------

    def arrive(self, segment: Tcp, now: int) -> None:
        """Takes a segment from the peer."""
        tcp_arrival.arrive(self, segment, now)

    def expire(self, now: int) -> None:
        """Does what is due. To be called at `timers.next`."""
        for alarm in self.timers.expired(now):
            tcp_output.expire(self, alarm, now)

    def path_mtu(self, mtu: int, header: int, now: int) -> None:
        """A router told that segments must be smaller (RFC 1191): what is on the way is sent again."""
        if mtu - header < self.mss:
            self.mss = self.congestion.mss = max(mtu - header, DEFAULT_MSS - 20)
            tcp_output.go_back(self, now)

    # -- what the program may know ----------------------------------------------------------------------------------

    @property
    def readable(self) -> bool:
        """Whether a read would not block: there is data, the end, or an error."""
        return bool(len(self.receive_buffer)) or self.fin_received or self.state is State.CLOSED

    @property
    def writable(self) -> bool:
        return len(self.send_buffer) < SEND_BUFFER or self.state is State.CLOSED

    @property
    def established(self) -> bool:
        return self.state not in (State.CLOSED, State.LISTEN, State.SYN_SENT, State.SYN_RECV)

    @property
    def queued(self) -> tuple[int, int]:
        """Recv-Q and Send-Q, as netstat shows them."""
        fin = 1 if self.fin_sent and self.unacknowledged <= self.send_buffer.end else 0
        return len(self.receive_buffer), len(self.send_buffer) + fin

    def raise_failure(self) -> None:
        """Raises why the connection ended, once: SO_ERROR."""
        if self.failure is not None:
            code, self.failure = self.failure, None
            raise error(code)

    # -- inside -----------------------------------------------------------------------------------------------------

    def set_state(self, trigger: Trigger) -> None:
        """The one place where a state changes."""
        before, after = self.state, TRANSITIONS[self.state].get(trigger, self.state)
        if after is not before:
            self.state = after
            if self._changed:
                self._changed(before, after)

    def end(self, trigger: Trigger) -> None:
        """CLOSED: nothing more will happen."""
        self.set_state(trigger)
        self.timers.clear()

    def fail(self, code: int, trigger: Trigger = Trigger.RESET) -> None:
        """CLOSED, and the program is told why."""
        self.failure = code
        self.end(trigger)

    def position_of(self, number: int) -> int:
        """The position in the peer's stream of a sequence number."""
        return to_position(self.peer_isn, number, near=self.receive_buffer.next)

    def acknowledged_by(self, number: int) -> int:
        """The position in our stream of an acknowledgement number."""
        return to_position(self.settings.isn, number, near=self.unacknowledged)

    def sequence(self, position: int) -> int:
        return to_wire(self.settings.isn, position)

    @property
    def due(self) -> int:
        """The position in the peer's stream that we wait for; its FIN counts one."""
        return self.receive_buffer.next + (1 if self.fin_received else 0)

    @property
    def fin_sent(self) -> bool:
        return self.fin_wanted and self.highest > self.send_buffer.end

    @property
    def receiving(self) -> bool:
        return self.state in RECEIVING

    def offer(self) -> int:
        """The window to tell now, scaled: never less than was told, no new room if it is little (RFC 9293 3.8.6)."""
        room, due, scale = self.receive_buffer.room, self.due, self.scale_out
        told = max(self.edge - due, 0)
        worth = room if room >= min(self.mss, self.receive_buffer.capacity // 2) else 0
        units = min(-(-worth >> scale) if worth >= told else told >> scale, 65535)
        self.window_told = units << scale
        self.edge = max(self.edge, due + self.window_told)
        return units

    def capacity_for_answer(self) -> None:
        """The window that a SYN-ACK offers: whole segments with timestamps (tcp_select_initial_window)."""
        self.receive_buffer.capacity = initial_window(self.settings.mss - TIMESTAMP_OPTION)
        self.window_told = self.receive_buffer.capacity


def initial_window(size: int) -> int:
    """As many whole segments as 16 bits can tell: 64240 over Ethernet, 65495 over lo."""
    return max(65535 // size, 1) * size if size < 65535 else 65535
