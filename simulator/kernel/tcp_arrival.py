"""What a segment that arrives does to a TCP connection. RFC 9293 3.10.7, RFC 5961 (challenge ACKs), tcp_input.c.

Functions over a `Connection`, in the order of the RFC's eight checks. Left out: PAWS, SACK.
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from simulator.kernel import tcp_output
from simulator.kernel.packet import Flag, Tcp
from simulator.kernel.tcp_sequence import to_wire
from simulator.kernel.tcp_states import SYNCHRONIZED, State, Trigger
from simulator.kernel.tcp_timers import TIME_WAIT, Alarm

if TYPE_CHECKING:
    from simulator.kernel.tcp_connection import Connection

# What the program is told when a RST ends its connection (tcp_reset).
RESET_ERRORS = {State.SYN_SENT: errno.ECONNREFUSED, State.CLOSE_WAIT: errno.EPIPE}


def arrive(connection: Connection, segment: Tcp, now: int) -> None:
    """Takes a segment that came for this connection."""
    if connection.state in SYNCHRONIZED:
        _arrive_synchronized(connection, segment, now)
    elif connection.state is State.SYN_SENT:
        _arrive_syn_sent(connection, segment, now)


def take_syn(connection: Connection, syn: Tcp) -> None:
    """Learns what the peer's SYN says: where its stream begins, and its options."""
    connection.peer_isn = syn.seq
    options, settings = syn.options, connection.settings
    connection.peer_window = connection.largest_window = syn.window
    if options.window_scale is not None:
        connection.scale_in, connection.scale_out = options.window_scale, settings.window_scale
    connection.timestamps = options.timestamp is not None
    connection.sack_ok = options.sack_ok
    if options.timestamp is not None:
        connection.timestamp_echo = options.timestamp[0]
    theirs = options.mss if options.mss is not None else 536
    connection.mss = connection.congestion.mss = min(settings.mss, theirs)
    connection.congestion.window = 10 * connection.mss


# -- SYN_SENT -------------------------------------------------------------------------------------------------------


def _arrive_syn_sent(connection: Connection, segment: Tcp, now: int) -> None:
    acknowledges = bool(segment.flags & Flag.ACK)
    if acknowledges and connection.acknowledged_by(segment.ack) != 1:
        if not segment.flags & Flag.RST:
            _answer_stray(connection, segment)
        return
    if segment.flags & Flag.RST:
        if acknowledges:
            connection.fail(errno.ECONNREFUSED)
        return
    if not segment.flags & Flag.SYN:
        return
    take_syn(connection, segment)
    if acknowledges:
        _measure(connection, 1, now)
        connection.unacknowledged = 1
        connection.timers.cancel(Alarm.RETRANSMIT)
        connection.retries = connection.round_trip.backoff = 0
        connection.set_state(Trigger.SYN_ACK)
        tcp_output.send_ack(connection, now)
        tcp_output.push(connection, now)
    else:
        connection.set_state(Trigger.SYN)
        tcp_output.send_syn(connection, now)


def _answer_stray(connection: Connection, segment: Tcp) -> None:
    """A RST for what nobody waits for, at the place that the peer expects (tcp_v4_send_reset)."""
    connection.outgoing.append(Tcp(connection.local, connection.peer, segment.ack, 0, Flag.RST, 0))


# -- the states in which both sides know each other -----------------------------------------------------------------


def _arrive_synchronized(connection: Connection, segment: Tcp, now: int) -> None:
    position = connection.position_of(segment.seq)
    if not _acceptable(connection, segment, position):
        _answer_unacceptable(connection, segment, position, now)
        return
    if segment.flags & Flag.RST:
        _reset(connection, position, now)
        return
    if segment.flags & Flag.SYN:
        tcp_output.send_ack(connection, now)  # to be challenged: RFC 5961 4.2
        return
    if not segment.flags & Flag.ACK or not _take_ack(connection, segment, position, now):
        return
    if segment.options.timestamp is not None and position <= connection.due:
        connection.timestamp_echo = segment.options.timestamp[0]
    _take_data(connection, segment, position, now)


def _acceptable(connection: Connection, segment: Tcp, position: int) -> bool:
    """Whether any of the segment lies in the window (RFC 9293 3.4, table 6)."""
    length = len(segment.data) + bool(segment.flags & Flag.SYN) + bool(segment.flags & Flag.FIN)
    due, edge = connection.due, connection.edge
    if length == 0:
        return due <= position <= max(edge, due)
    return position < edge and position + length > due


def _answer_unacceptable(connection: Connection, segment: Tcp, position: int, now: int) -> None:
    if segment.flags & Flag.RST:
        if connection.fin_received and position == connection.due - 1:
            _end_by_reset(connection)  # it was sent together with the FIN (tcp_reset_check)
        return
    if connection.state is State.SYN_RECV and segment.flags & Flag.SYN:
        _syn_again(connection, segment, now)
        return
    if connection.state is State.TIME_WAIT and segment.flags & Flag.FIN:
        connection.timers.set(Alarm.LINGER, now + TIME_WAIT)
    window_probe = segment.flags & Flag.ACK and not segment.data and position == connection.due - 1
    if window_probe or segment.data or segment.flags & (Flag.SYN | Flag.FIN):
        tcp_output.send_ack(connection, now)


def _reset(connection: Connection, position: int, now: int) -> None:
    """A RST counts if it hits the very place that is due; else the peer is asked again (RFC 5961 3.2)."""
    if position != connection.due:
        tcp_output.send_ack(connection, now)
    else:
        _end_by_reset(connection)


def _end_by_reset(connection: Connection) -> None:
    if connection.state in (State.TIME_WAIT, State.LAST_ACK, State.CLOSING):
        connection.end(Trigger.RESET)
    else:
        connection.fail(RESET_ERRORS.get(connection.state, errno.ECONNRESET))


def _syn_again(connection: Connection, segment: Tcp, now: int) -> None:
    """The SYN-ACK of a peer that opened at the same moment, or a SYN whose answer was lost."""
    if segment.flags & Flag.ACK and connection.acknowledged_by(segment.ack) == 1:
        _established(connection, now)
        tcp_output.send_ack(connection, now)
    else:
        tcp_output.send_syn(connection, now)


# -- the acknowledgement --------------------------------------------------------------------------------------------


def _take_ack(connection: Connection, segment: Tcp, position: int, now: int) -> bool:
    """Takes the acknowledgement; False if the rest of the segment is not to be looked at."""
    acked = connection.acknowledged_by(segment.ack)
    if connection.state is State.SYN_RECV:
        if acked != 1:
            _answer_stray(connection, segment)
            return False
        _established(connection, now)
        connection.window_updated = (position, 0)
    if acked > connection.highest:
        tcp_output.send_ack(connection, now)
        return False
    if acked > connection.unacknowledged:
        _advance(connection, acked, now)
    elif _is_duplicate(connection, segment, acked):
        flying = connection.highest - connection.unacknowledged
        if connection.congestion.duplicate(flying, connection.highest):
            tcp_output.retransmit_first(connection, now)
    _update_window(connection, segment, position, acked)
    if connection.state is State.CLOSED:
        return False
    if connection.highest == connection.unacknowledged:
        connection.retries = 0  # the peer lives, even if its window is shut
    tcp_output.push(connection, now)
    return True


def _established(connection: Connection, now: int) -> None:
    _measure(connection, 1, now)
    connection.unacknowledged = 1
    connection.timers.cancel(Alarm.RETRANSMIT)
    connection.retries = connection.round_trip.backoff = 0
    connection.set_state(Trigger.ACK)


def _advance(connection: Connection, acked: int, now: int) -> None:
    """New data of ours has arrived at the peer."""
    count = acked - connection.unacknowledged
    _measure(connection, acked, now)
    connection.unacknowledged = acked
    connection.next = max(connection.next, acked)
    connection.send_buffer.acknowledge(min(acked, connection.send_buffer.end))
    connection.retries = connection.round_trip.backoff = 0
    connection.probed = False
    connection.timers.cancel(Alarm.RETRANSMIT)
    connection.timers.cancel(Alarm.PERSIST)
    if acked < connection.highest:
        connection.timers.set(Alarm.RETRANSMIT, now + connection.round_trip.timeout)
    if connection.congestion.acknowledged(count, acked):
        tcp_output.retransmit_first(connection, now)
    if connection.fin_wanted and acked > connection.send_buffer.end:
        _fin_acknowledged(connection, now)


def _fin_acknowledged(connection: Connection, now: int) -> None:
    if connection.state is State.LAST_ACK:
        connection.end(Trigger.ACK_OF_FIN)
        return
    connection.set_state(Trigger.ACK_OF_FIN)
    if connection.state is State.TIME_WAIT or connection.reader_gone:
        connection.timers.set(Alarm.LINGER, now + TIME_WAIT)


def _is_duplicate(connection: Connection, segment: Tcp, acked: int) -> bool:
    """An acknowledgement that tells nothing but that something is missing (RFC 5681, section 2)."""
    return (
        acked == connection.unacknowledged
        and connection.highest > connection.unacknowledged
        and not segment.data
        and not segment.flags & Flag.FIN
        and segment.window << connection.scale_in == connection.peer_window
    )


def _update_window(connection: Connection, segment: Tcp, position: int, acked: int) -> None:
    """Believes the window of the newest segment only (RFC 9293 3.10.7.4, SND.WL1 and SND.WL2)."""
    if (position, acked) >= connection.window_updated:
        connection.peer_window = segment.window << connection.scale_in
        connection.largest_window = max(connection.largest_window, connection.peer_window)
        connection.window_updated = (position, acked)


def _measure(connection: Connection, acked: int, now: int) -> None:
    if connection.timed and acked >= connection.timed[0]:
        if not connection.round_trip.backoff:
            connection.round_trip.measured(now - connection.timed[1])
        connection.timed = None


# -- data and the end of it -----------------------------------------------------------------------------------------


def _take_data(connection: Connection, segment: Tcp, position: int, now: int) -> None:
    fin = bool(segment.flags & Flag.FIN)
    if not segment.data and not fin:
        return
    if not connection.receiving:
        tcp_output.send_ack(connection, now)
        return
    if segment.data and connection.reader_gone:
        _answer_stray(connection, segment)  # nobody will ever read it
        connection.end(Trigger.RESET)
        return
    before = connection.receive_buffer.next
    connection.receive_buffer.insert(position, segment.data, edge=connection.edge)
    connection.unacked_segments += 1
    connection.data_came = now
    if fin:
        connection.fin_position = position + len(segment.data)
    in_order = connection.receive_buffer.next > before and not connection.receive_buffer.has_gap
    if connection.fin_position == connection.receive_buffer.next:
        in_order = _fin_received(connection, now)
    tcp_output.acknowledge(connection, now, at_once=not in_order)


def _fin_received(connection: Connection, now: int) -> bool:
    """The peer's stream has ended. True if the ACK may wait for our own FIN, which often comes at once (tcp_fin)."""
    connection.fin_received = True
    connection.set_state(Trigger.FIN)
    if connection.state is State.CLOSE_WAIT:
        connection.quick_acks = 0
        return True
    if connection.state is State.TIME_WAIT:
        connection.timers.clear()
        connection.timers.set(Alarm.LINGER, now + TIME_WAIT)
    return False


def answer_unknown(segment: Tcp) -> Tcp | None:
    """The RST for a segment that no socket wants (RFC 9293 3.10.7.1); None for a RST."""
    if segment.flags & Flag.RST:
        return None
    if segment.flags & Flag.ACK:
        return Tcp(segment.dport, segment.sport, segment.ack, 0, Flag.RST, 0)
    length = len(segment.data) + bool(segment.flags & Flag.SYN) + bool(segment.flags & Flag.FIN)
    return Tcp(segment.dport, segment.sport, 0, to_wire(segment.seq, length), Flag.RST | Flag.ACK, 0)
