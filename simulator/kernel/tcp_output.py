"""The segments that a TCP connection sends: when, how large, and again. RFC 9293 3.8, RFC 6298, tcp_output.c.

Functions over a `Connection`; it is the only caller besides tcp_arrival.
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from simulator.clock import MS
from simulator.kernel.packet import NO_OPTIONS, Flag, Tcp, TcpOptions
from simulator.kernel.tcp_sequence import to_wire
from simulator.kernel.tcp_states import SENDING, State, Trigger
from simulator.kernel.tcp_timers import DELAYED_ACK, Alarm

if TYPE_CHECKING:
    from simulator.kernel.tcp_connection import Connection

TIMESTAMP_OPTION = 12
INTERACTIVE = 3  # so many answers within 40 ms of a question make a conversation (TCP_PINGPONG_THRESH)


def send_syn(connection: Connection, now: int) -> None:
    """Sends the SYN, or the SYN-ACK if the peer's SYN is here."""
    answers = connection.state is State.SYN_RECV
    settings = connection.settings
    options = TcpOptions(
        mss=settings.mss,
        window_scale=settings.window_scale if connection.scale_out or not answers else None,
        sack_ok=connection.sack_ok,
        timestamp=_timestamp(connection, now) if connection.timestamps else None,
    )
    flags = Flag.SYN | Flag.ACK if answers else Flag.SYN
    connection.edge = connection.due + connection.receive_buffer.room
    connection.outgoing.append(
        Tcp(
            connection.local,
            connection.peer,
            settings.isn,
            to_wire(connection.peer_isn, connection.due) if answers else 0,
            flags,
            min(connection.receive_buffer.room, 65535),
            options,
        )
    )
    _sent(connection, 0, 1, now)


def send_ack(connection: Connection, now: int) -> None:
    """Sends an acknowledgement alone."""
    _emit(connection, connection.highest, b"", Flag.ACK, now)


def send_reset(connection: Connection) -> None:
    """Sends the RST that ends the connection (tcp_send_active_reset)."""
    connection.outgoing.append(
        Tcp(
            connection.local,
            connection.peer,
            connection.sequence(connection.highest),
            to_wire(connection.peer_isn, connection.due),
            Flag.RST | Flag.ACK,
            0,
        )
    )


def push(connection: Connection, now: int) -> None:
    """Sends as much as the two windows allow; after a timeout nothing but what is sent again."""
    if connection.state not in SENDING or (connection.retries and connection.next > connection.unacknowledged):
        return
    if connection.next >= connection.send_buffer.end and not connection.fin_wanted:
        return  # nothing waits (tcp_send_head)
    while size := _next_size(connection):
        _send_next(connection, size, now)
    if _fin_due(connection):
        _emit_range(connection, connection.next, 0, now, fin=True)
    _watch_window(connection, now)


def acknowledge(connection: Connection, now: int, *, at_once: bool) -> None:
    """Answers data: at once in the first segments and for every second one, else within 40 ms (tcp_ack_snd_check)."""
    if at_once or connection.quick_acks > 0 or connection.unacked_segments >= 2:
        connection.quick_acks = max(connection.quick_acks - 1, 0)
        send_ack(connection, now)
    elif not connection.timers.is_set(Alarm.DELAYED_ACK):
        connection.timers.set(Alarm.DELAYED_ACK, now + DELAYED_ACK)


def tell_window(connection: Connection, now: int) -> None:
    """The program has read. The peer is told if it knows of less than half the room, or waits for an acknowledgement
    that no answer of the program will carry (tcp_cleanup_rbuf)."""
    room, told = connection.receive_buffer.room, connection.window_told
    opened = 2 * told <= connection.receive_buffer.capacity and room > 2 * told
    full = connection.due - connection.acked >= _payload(connection)
    one_way = connection.replies < INTERACTIVE and not len(connection.receive_buffer)
    waits = connection.timers.is_set(Alarm.DELAYED_ACK) and (full or one_way)
    if connection.receiving and (opened or waits):
        send_ack(connection, now)


def retransmit_first(connection: Connection, now: int) -> None:
    """Sends the oldest unacknowledged segment again."""
    first = connection.unacknowledged
    if connection.state in (State.SYN_SENT, State.SYN_RECV):
        send_syn(connection, now)
        return
    size = min(_payload(connection), connection.send_buffer.end - first)
    fin = connection.fin_sent and first + size >= connection.send_buffer.end
    connection.timed = None
    _emit_range(connection, first, size, now, fin=fin)


def go_back(connection: Connection, now: int) -> None:
    """Sends everything that is not acknowledged again, as the windows allow."""
    connection.next = max(connection.unacknowledged, 1)
    connection.timed = None
    push(connection, now)


def expire(connection: Connection, alarm: Alarm, now: int) -> None:
    """A deadline has come."""
    _EXPIRE[alarm](connection, now)


# -- what to send next ----------------------------------------------------------------------------------------------


def _payload(connection: Connection) -> int:
    """How many bytes of data a segment carries at most."""
    return connection.mss - (TIMESTAMP_OPTION if connection.timestamps else 0)


def _next_size(connection: Connection) -> int:
    """The size of the next segment of data, 0 for none now: the windows, and Nagle's rule (RFC 9293 3.7.4)."""
    waiting = connection.send_buffer.end - connection.next
    flying = connection.next - connection.unacknowledged
    usable = min(connection.peer_window, connection.congestion.window) - flying
    full = _payload(connection)
    size = min(waiting, usable, full)
    if size <= 0:
        return 0
    if size < full:
        last = size == waiting
        if not last and 2 * size < connection.largest_window:
            return 0  # a silly window (RFC 9293 3.8.6.2.1)
        holds_back = connection.unacknowledged < connection.small_end
        if last and holds_back and not connection.no_delay and not connection.fin_wanted:
            return 0
    return size


def _fin_due(connection: Connection) -> bool:
    return connection.fin_wanted and connection.next == connection.send_buffer.end


def _send_next(connection: Connection, size: int, now: int) -> None:
    if now - connection.data_came < DELAYED_ACK:
        connection.replies += 1
    end = connection.next + size
    last = end == connection.send_buffer.end
    if size < _payload(connection):
        connection.small_end = end
    _emit_range(connection, connection.next, size, now, fin=last and connection.fin_wanted)


def _emit_range(connection: Connection, position: int, size: int, now: int, *, fin: bool) -> None:
    """Sends bytes of the buffer from a position on, and the FIN if it follows them."""
    data = connection.send_buffer.slice(position, size)
    flags = Flag.ACK
    if data and position + len(data) == connection.send_buffer.end:
        flags |= Flag.PSH
    if fin:
        flags |= Flag.FIN
    _emit(connection, position, data, flags, now)
    _sent(connection, position, len(data) + fin, now)


def _emit(connection: Connection, position: int, data: bytes, flags: int, now: int) -> None:
    window, due = connection.offer(), connection.due
    options = TcpOptions(timestamp=_timestamp(connection, now)) if connection.timestamps else NO_OPTIONS
    connection.outgoing.append(
        Tcp(
            connection.local,
            connection.peer,
            connection.sequence(position),
            to_wire(connection.peer_isn, due),
            flags,
            window,
            options,
            data,
        )
    )
    connection.acked = due
    connection.unacked_segments = 0
    connection.timers.cancel(Alarm.DELAYED_ACK)


def _sent(connection: Connection, position: int, length: int, now: int) -> None:
    """Notes that positions from `position` on are on their way."""
    end = position + length
    if connection.timed is None and end > connection.highest:
        connection.timed = (end, now)
    connection.next = max(connection.next, end)
    connection.highest = max(connection.highest, end)
    if not connection.timers.is_set(Alarm.RETRANSMIT):
        connection.timers.set(Alarm.RETRANSMIT, now + connection.round_trip.timeout)
    connection.timers.cancel(Alarm.PERSIST)


def _watch_window(connection: Connection, now: int) -> None:
    """Sees to it that a closed window is asked for now and then."""
    blocked = connection.next < connection.send_buffer.end and connection.highest == connection.unacknowledged
    if blocked and not connection.timers.is_set(Alarm.PERSIST):
        connection.timers.set(Alarm.PERSIST, now + connection.round_trip.timeout)


def _timestamp(connection: Connection, now: int) -> tuple[int, int]:
    """The TS option: our clock in milliseconds, and what the peer's said last."""
    return ((connection.settings.timestamp_base + now // MS) % (1 << 32), connection.timestamp_echo)


# -- deadlines ------------------------------------------------------------------------------------------------------


def _retransmit(connection: Connection, now: int) -> None:
    if connection.state in SENDING and connection.sack_ok and not (connection.probed or connection.retries):
        _probe_loss(connection, now)
        return
    settings, linear = connection.settings, connection.settings.syn_linear_timeouts
    limit = {
        State.SYN_SENT: settings.syn_retries + linear,
        State.SYN_RECV: settings.synack_retries,
    }.get(connection.state, settings.retries)
    if connection.retries >= limit:
        connection.fail(errno.ETIMEDOUT, Trigger.TIMEOUT)
        return
    connection.retries += 1
    if connection.state is not State.SYN_SENT or connection.retries > linear:
        connection.round_trip.backoff += 1
    connection.congestion.timed_out(connection.highest - connection.unacknowledged)
    connection.next = max(connection.unacknowledged, 1)
    connection.timers.set(Alarm.RETRANSMIT, now + connection.round_trip.timeout)
    retransmit_first(connection, now)


def _probe_loss(connection: Connection, now: int) -> None:
    """Before the first timeout counts as one the last segment is sent again (tail loss probe, RFC 8985 7.2).

    Linux sends it sooner when several segments are on their way.
    """
    connection.probed, connection.timed = True, None
    end = min(connection.highest, connection.send_buffer.end)
    size = min(_payload(connection), end - connection.unacknowledged)
    _emit_range(connection, end - size, size, now, fin=connection.fin_sent)


def _persist(connection: Connection, now: int) -> None:
    """Uses a small window after all, or probes a closed one with a segment that is old news (tcp_xmit_probe_skb)."""
    if connection.retries >= connection.settings.retries:
        connection.fail(errno.ETIMEDOUT, Trigger.TIMEOUT)
        return
    connection.retries += 1
    connection.round_trip.backoff += 1
    room = min(connection.peer_window, connection.send_buffer.end - connection.next)
    if room > 0:
        _send_next(connection, min(room, _payload(connection)), now)
        return
    _emit(connection, connection.unacknowledged - 1, b"", Flag.ACK, now)
    connection.timers.set(Alarm.PERSIST, now + connection.round_trip.timeout)


def _linger(connection: Connection, now: int) -> None:
    connection.end(Trigger.TIMEOUT)


_EXPIRE = {
    Alarm.RETRANSMIT: _retransmit,
    Alarm.PERSIST: _persist,
    Alarm.DELAYED_ACK: send_ack,
    Alarm.LINGER: _linger,
}
