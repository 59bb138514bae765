"""The TCP machine alone: two ends, joined by a wire that a test can cut, delay or reorder."""

from __future__ import annotations

import errno
from collections.abc import Callable

import pytest

from simulator.clock import MS, S
from simulator.kernel.packet import Flag, Tcp, TcpOptions
from simulator.kernel.tcp_arrival import answer_unknown
from simulator.kernel.tcp_connection import Connection, Settings
from simulator.kernel.tcp_states import TRANSITIONS, State, Trigger

DELAY = 1 * MS
CLIENT_ISN = 0xFFFF_FFF0  # wraps after a few bytes
SERVER_ISN = 5_000

A, F, R, PUSH, SYN = Flag.ACK, Flag.FIN, Flag.RST, Flag.PSH, Flag.SYN


class Pair:
    """Two ends and the wire between them. `lose` says which segments vanish (by their number, from 0)."""

    def __init__(self, *, mss: int = 1460, lose: Callable[[int, Tcp], bool] = lambda number, segment: False) -> None:
        self.now = 0
        self.states: list[str] = []
        self.client = Connection(40000, 80, settings=Settings(mss=mss, isn=CLIENT_ISN), changed=self._note)
        self.server = Connection(80, 40000, settings=Settings(mss=mss, isn=SERVER_ISN))
        self.lose = lose
        self.seen: list[Tcp] = []
        self._wire: list[tuple[int, Connection, Tcp]] = []

    def _note(self, before: State, after: State) -> None:
        self.states.append(str(after))

    def connect(self) -> Pair:
        self.client.open(self.now)
        self.run(10 * DELAY)
        assert self.client.state is self.server.state is State.ESTABLISHED
        self.seen.clear()
        return self

    def run(self, duration: int) -> Pair:
        """Lets time pass."""
        end = self.now + duration
        while True:
            self._collect()
            moments = [moment for moment, _, _ in self._wire]
            moments += [due for due in (self.client.timers.next, self.server.timers.next) if due is not None]
            if not moments or min(moments) > end:
                break
            self.now = max(self.now, min(moments))
            self._deliver()
            for side in (self.client, self.server):
                side.expire(self.now)
        self.now = end
        return self

    def _collect(self) -> None:
        for side, other in ((self.client, self.server), (self.server, self.client)):
            for segment in side.outgoing:
                self.seen.append(segment)
                if not self.lose(len(self.seen) - 1, segment):
                    self._wire.append((self.now + DELAY, other, segment))
            side.outgoing.clear()

    def _deliver(self) -> None:
        due = [entry for entry in self._wire if entry[0] <= self.now]
        self._wire = [entry for entry in self._wire if entry[0] > self.now]
        for _, side, segment in due:
            if side.state is State.CLOSED and segment.flags & (SYN | A | R) == SYN:
                side.listen_to(segment, self.now)
            elif side.state is State.CLOSED:
                answer = answer_unknown(segment)
                side.outgoing += [answer] if answer else []
            else:
                side.arrive(segment, self.now)

    def transfer(self, data: bytes) -> bytes:
        """Sends data from the client and reads it at the server, for a minute at most."""
        self.client.send(data, self.now)
        got = b""
        for _ in range(6000):
            self.run(10 * MS)
            got += self.server.receive(1 << 20, self.now)
            if len(got) >= len(data):
                break
        return got

    @property
    def flags(self) -> list[int]:
        return [segment.flags for segment in self.seen]


def test_a_handshake_takes_three_segments() -> None:
    pair = Pair()
    pair.client.open(0)
    pair.run(10 * DELAY)
    assert pair.flags == [SYN, SYN | A, A]
    assert pair.states == ["SYN_SENT", "ESTABLISHED"]
    assert [segment.ack for segment in pair.seen] == [0, CLIENT_ISN + 1, SERVER_ISN + 1]


def test_the_syn_carries_the_options_and_window_of_linux() -> None:
    pair = Pair()
    pair.client.open(3 * MS)
    syn = pair.client.outgoing[0]
    assert syn.options == TcpOptions(mss=1460, window_scale=7, sack_ok=True, timestamp=(3, 0))
    assert syn.window == 64240
    pair.run(2 * DELAY)
    answer = pair.seen[1]
    assert (answer.window, answer.options.mss) == (65160, 1460)


@pytest.mark.parametrize(
    ("mss", "client", "server"), [(1460, 64240, 65160), (65495, 65495, 65483), (1440, 64800, 64260)]
)
def test_windows_are_whole_segments(mss: int, client: int, server: int) -> None:
    pair = Pair(mss=mss)
    pair.client.open(0)
    pair.run(3 * DELAY)
    assert [segment.window for segment in pair.seen[:2]] == [client, server]


def test_later_windows_are_scaled() -> None:
    pair = Pair().connect()
    pair.client.send(b"x", pair.now)
    pair.run(5 * DELAY)
    assert [segment.window for segment in pair.seen] == [502, 510]  # 64240 and 65159 bytes, in steps of 128


def test_data_is_cut_to_what_fits_beside_the_timestamp() -> None:
    pair = Pair().connect()
    assert pair.transfer(b"d" * 3000) == b"d" * 3000
    sizes = [len(segment.data) for segment in pair.seen if segment.data]
    assert sizes == [1448, 1448, 104]
    assert [segment.flags for segment in pair.seen if segment.data] == [A, A, A | PUSH]


def test_many_bytes_arrive_whole_and_in_order() -> None:
    data = bytes(range(256)) * 2000
    assert Pair().connect().transfer(data) == data


@pytest.mark.parametrize("period", [3, 7, 10, 25])
def test_lost_segments_are_sent_again(period: int) -> None:
    data = bytes(range(256)) * 400
    pair = Pair().connect()
    pair.lose = lambda number, segment: number % period == period - 1
    assert pair.transfer(data) == data


def test_three_duplicate_acknowledgements_bring_the_missing_segment_before_the_timeout() -> None:
    pair = Pair().connect()
    first = pair.now
    pair.lose = lambda number, segment: number == 0
    data = b"m" * 14480
    pair.client.send(data, pair.now)
    pair.run(20 * DELAY)
    assert pair.server.receive(1 << 20, pair.now) == data
    assert pair.now - first < 100 * MS


def test_a_small_segment_waits_while_another_is_on_its_way() -> None:
    pair = Pair().connect()
    pair.client.send(b"a", pair.now)
    pair.client.send(b"b", pair.now)
    pair.client.send(b"c", pair.now)
    pair.run(10 * DELAY)
    assert [segment.data for segment in pair.seen if segment.data] == [b"a", b"bc"]


def test_without_delay_small_segments_go_at_once() -> None:
    pair = Pair().connect()
    pair.client.no_delay = True
    pair.client.send(b"a", pair.now)
    pair.client.send(b"b", pair.now)
    pair.run(10 * DELAY)
    assert [segment.data for segment in pair.seen if segment.data] == [b"a", b"b"]


def test_a_syn_that_nobody_answers_is_repeated_six_times_over_127_seconds() -> None:
    pair = Pair(lose=lambda number, segment: True)
    pair.client.open(0)
    pair.run(63 * S)
    assert len(pair.seen) == 7
    pair.run(63 * S)
    assert pair.client.state is State.SYN_SENT
    pair.run(1 * S)
    assert (pair.client.state, pair.client.failure) == (State.CLOSED, errno.ETIMEDOUT)
    assert len(pair.seen) == 7


def test_newer_kernels_repeat_a_syn_each_second_before_the_wait_doubles() -> None:
    seen: list[Tcp] = []
    client = Connection(40000, 80, settings=Settings(mss=1460, isn=CLIENT_ISN, syn_linear_timeouts=4))
    client.open(0)
    moments = [0]
    while client.state is State.SYN_SENT and client.timers.next is not None:
        seen += client.outgoing
        client.outgoing.clear()
        moments.append(client.timers.next // S)
        client.expire(client.timers.next)
    assert moments == [0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67, 131]
    assert (len(seen), client.failure) == (11, errno.ETIMEDOUT)


def test_a_refused_connection_says_so() -> None:
    pair = Pair()
    pair.client.open(0)
    syn = pair.client.outgoing.pop()
    answer = answer_unknown(syn)
    assert answer == Tcp(80, 40000, 0, CLIENT_ISN + 1, R | A, 0)
    pair.client.arrive(answer, 0)
    assert (pair.client.state, pair.client.failure) == (State.CLOSED, errno.ECONNREFUSED)


def test_a_reset_with_a_wrong_acknowledgement_does_not_refuse() -> None:
    pair = Pair()
    pair.client.open(0)
    pair.client.arrive(Tcp(80, 40000, 0, CLIENT_ISN + 2, R | A, 0), 0)
    assert pair.client.state is State.SYN_SENT


@pytest.mark.parametrize(
    ("segment", "expected"),
    [
        (Tcp(1, 2, 100, 0, SYN, 0), Tcp(2, 1, 0, 101, R | A, 0)),
        (Tcp(1, 2, 100, 7, A, 0), Tcp(2, 1, 7, 0, R, 0)),
        (Tcp(1, 2, 100, 0, F, 0, data=b"abc"), Tcp(2, 1, 0, 104, R | A, 0)),
        (Tcp(1, 2, 100, 0, R, 0), None),
    ],
)
def test_a_segment_for_nobody_is_reset(segment: Tcp, expected: Tcp | None) -> None:
    assert answer_unknown(segment) == expected


def test_the_one_who_closes_first_waits() -> None:
    pair = Pair().connect()
    pair.client.close(pair.now)
    pair.run(50 * DELAY)
    assert (pair.client.state, pair.server.state) == (State.FIN_WAIT2, State.CLOSE_WAIT)
    assert pair.server.readable and pair.server.receive(10, pair.now) == b""
    pair.server.close(pair.now)
    pair.run(3 * DELAY)
    assert (pair.client.state, pair.server.state) == (State.TIME_WAIT, State.CLOSED)
    assert pair.flags == [F | A, A, F | A, A]
    pair.run(60 * S)
    assert pair.client.state is State.CLOSED


def test_the_acknowledgement_of_a_fin_waits_for_ours() -> None:
    pair = Pair().connect()
    pair.client.close(pair.now)
    pair.run(3 * DELAY)
    pair.server.close(pair.now)
    pair.run(3 * DELAY)
    assert pair.flags == [F | A, F | A, A]


def test_two_who_close_at_once_both_wait() -> None:
    pair = Pair().connect()
    pair.client.close(pair.now)
    pair.server.close(pair.now)
    pair.run(5 * DELAY)
    assert pair.states[-3:] == ["FIN_WAIT1", "CLOSING", "TIME_WAIT"]
    assert pair.server.state is State.TIME_WAIT


def test_two_who_open_at_once_connect() -> None:
    pair = Pair()
    pair.client.open(0)
    pair.server.open(0)
    pair.run(10 * DELAY)
    assert pair.client.state is pair.server.state is State.ESTABLISHED
    assert pair.states == ["SYN_SENT", "SYN_RECV", "ESTABLISHED"]


def test_the_side_that_has_not_closed_may_still_send() -> None:
    pair = Pair().connect()
    pair.client.shutdown(pair.now)
    pair.run(3 * DELAY)
    pair.server.send(b"late", pair.now)
    pair.run(3 * DELAY)
    assert pair.client.receive(10, pair.now) == b"late"
    with pytest.raises(BrokenPipeError):
        pair.client.send(b"more", pair.now)


def test_data_and_the_end_can_share_a_segment() -> None:
    pair = Pair().connect()
    pair.client.send(b"a", pair.now)
    pair.client.send(b"b", pair.now)
    pair.client.close(pair.now)
    pair.run(5 * DELAY)
    assert (pair.seen[1].data, pair.seen[1].flags) == (b"b", A | PUSH | F)
    assert pair.server.receive(10, pair.now) == b"ab"


def test_closing_with_unread_data_resets() -> None:
    pair = Pair().connect()
    pair.client.send(b"unread", pair.now)
    pair.run(3 * DELAY)
    pair.server.close(pair.now)
    pair.run(3 * DELAY)
    assert pair.flags[-1] == R | A
    assert pair.server.state is pair.client.state is State.CLOSED
    with pytest.raises(ConnectionResetError):
        pair.client.receive(10, pair.now)
    assert pair.client.receive(10, pair.now) == b""


def test_data_for_a_program_that_is_gone_is_reset() -> None:
    pair = Pair().connect()
    pair.server.close(pair.now)
    pair.run(3 * DELAY)
    pair.client.send(b"anyone?", pair.now)
    pair.run(3 * DELAY)
    assert (pair.server.state, pair.client.state) == (State.CLOSED, State.CLOSED)
    assert pair.client.failure == errno.EPIPE


def test_data_that_came_before_a_reset_can_be_read() -> None:
    pair = Pair().connect()
    pair.server.send(b"last words", pair.now)
    pair.run(3 * DELAY)
    pair.server.abort()
    pair.run(3 * DELAY)
    assert pair.client.receive(100, pair.now) == b"last words"
    with pytest.raises(ConnectionResetError):
        pair.client.receive(100, pair.now)


def test_a_reset_outside_the_expected_place_is_challenged() -> None:
    pair = Pair().connect()
    pair.client.arrive(Tcp(80, 40000, pair.server.sequence(pair.server.highest) + 5, 0, R, 0), pair.now)
    assert pair.client.state is State.ESTABLISHED
    assert [segment.flags for segment in pair.client.outgoing] == [A]


def test_a_reader_who_does_not_read_stops_the_sender_and_reading_starts_it_again() -> None:
    pair = Pair().connect()
    data = b"z" * 200_000
    pair.client.send(data, pair.now)
    pair.run(5 * S)
    assert 0 <= len(pair.server.receive_buffer) - pair.server.receive_buffer.capacity < 128
    assert not pair.client.writable
    got = b""
    for _ in range(2000):
        got += pair.server.receive(10_000, pair.now)
        pair.run(10 * MS)
    assert got == data


def test_a_shut_window_is_probed_and_the_opening_is_found_even_if_its_news_is_lost() -> None:
    pair = Pair().connect()
    data = b"z" * 100_000
    pair.client.send(data, pair.now)
    pair.run(2 * S)
    sent = len(pair.seen)
    pair.run(3 * S)
    assert len(pair.seen) > sent
    pair.lose = lambda number, segment: number == len(pair.seen) - 1 and segment.sport == 80
    got = pair.server.receive(1 << 20, pair.now)
    pair.run(1 * MS)
    pair.lose = lambda number, segment: False
    for _ in range(100):
        pair.run(100 * MS)
        got += pair.server.receive(1 << 20, pair.now)
    assert got == data


def test_a_peer_that_vanishes_is_given_up_after_fifteen_retries() -> None:
    pair = Pair().connect()
    pair.lose = lambda number, segment: True
    pair.client.send(b"hello?", pair.now)
    pair.run(800 * S)
    assert pair.client.state is State.ESTABLISHED
    pair.run(300 * S)
    assert (pair.client.state, pair.client.failure) == (State.CLOSED, errno.ETIMEDOUT)
    assert len(pair.seen) == 1 + 1 + 15  # the segment, its loss probe, the retries


def test_a_lost_fin_is_sent_again() -> None:
    pair = Pair().connect()
    pair.lose = lambda number, segment: number == 0
    pair.client.close(pair.now)
    pair.run(1 * S)
    assert pair.server.state is State.CLOSE_WAIT


def test_an_orphan_does_not_wait_for_ever_for_the_other_end() -> None:
    pair = Pair().connect()
    pair.client.close(pair.now)
    pair.run(59 * S)
    assert pair.client.state is State.FIN_WAIT2
    pair.run(2 * S)
    assert pair.client.state is State.CLOSED


def test_a_smaller_road_makes_smaller_segments() -> None:
    pair = Pair().connect()
    pair.lose = lambda number, segment: len(segment.data) > 1000
    pair.client.send(b"p" * 2000, pair.now)
    pair.run(1 * MS)
    pair.client.path_mtu(1000, 40, pair.now)
    pair.run(10 * MS)
    assert pair.server.receive(4000, pair.now) == b"p" * 2000
    assert max(len(segment.data) for segment in pair.seen[2:]) == 948


def test_acknowledgements_become_rarer_after_the_first_sixteen() -> None:
    pair = Pair().connect()
    pair.transfer(b"q" * 144_800)
    acknowledgements = [segment for segment in pair.seen if segment.sport == 80]
    assert 16 + (100 - 16) // 2 <= len(acknowledgements) <= 60


@pytest.mark.parametrize(
    ("size", "replies", "acknowledgements"), [(65483, 0, 1), (65483, 3, 1), (100, 0, 1), (100, 3, 0)]
)
def test_reading_acknowledges_at_once_what_no_answer_will(size: int, replies: int, acknowledgements: int) -> None:
    pair = Pair(mss=65495).connect()
    pair.server.quick_acks, pair.server.replies = 0, replies
    pair.client.send(b"f" * size, pair.now)
    pair.run(3 * DELAY)
    assert [segment for segment in pair.seen if segment.sport == 80] == []
    pair.server.receive(1 << 20, pair.now)
    pair.run(DELAY)
    assert len([segment for segment in pair.seen if segment.sport == 80]) == acknowledgements
    pair.run(50 * DELAY)
    assert len([segment for segment in pair.seen if segment.sport == 80]) == 1


def test_answers_make_a_conversation() -> None:
    pair = Pair().connect()
    for _ in range(3):
        pair.client.send(b"question", pair.now)
        pair.run(3 * DELAY)
        pair.server.receive(100, pair.now)
        pair.server.send(b"answer", pair.now)
        pair.run(3 * DELAY)
    assert (pair.server.replies, pair.client.replies) == (3, 2)


def test_every_state_can_be_left_and_reached() -> None:
    reached = {after for row in TRANSITIONS.values() for after in row.values()}
    assert set(TRANSITIONS) == set(State) == reached


def test_a_trigger_without_a_row_changes_nothing() -> None:
    pair = Pair().connect()
    pair.client.set_state(Trigger.SYN)
    assert pair.client.state is State.ESTABLISHED
