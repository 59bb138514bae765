"""The buffers of a TCP connection."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from simulator.kernel.tcp_buffers import ReceiveBuffer, SendBuffer

DATA = bytes(range(256)) * 2


@given(st.lists(st.tuples(st.integers(1, 400), st.integers(1, 200)), max_size=30))
def test_pieces_in_any_order_become_the_stream(pieces: list[tuple[int, int]]) -> None:
    buffer = ReceiveBuffer(1000)
    for position, size in [*pieces, (1, len(DATA))]:
        buffer.insert(position, DATA[position - 1 : position - 1 + size])
    assert buffer.take(1000) == DATA
    assert not buffer.has_gap


def test_what_does_not_fit_is_cut_off() -> None:
    buffer = ReceiveBuffer(10)
    buffer.insert(1, b"0123456789abc")
    assert (buffer.take(100), buffer.next, buffer.room) == (b"0123456789", 11, 10)


def test_room_comes_back_by_reading() -> None:
    buffer = ReceiveBuffer(10)
    buffer.insert(1, b"012345")
    assert buffer.room == 4
    assert buffer.take(2) == b"01"
    assert buffer.room == 6


def test_what_came_already_is_not_taken_twice() -> None:
    buffer = ReceiveBuffer(100)
    buffer.insert(1, b"abc")
    buffer.insert(2, b"bcd")
    assert buffer.take(10) == b"abcd"


def test_a_gap_is_known_until_it_is_filled() -> None:
    buffer = ReceiveBuffer(100)
    buffer.insert(3, b"cd")
    assert buffer.has_gap and buffer.take(10) == b""
    buffer.insert(1, b"ab")
    assert not buffer.has_gap and buffer.take(10) == b"abcd"


def test_a_send_buffer_forgets_what_was_acknowledged() -> None:
    buffer = SendBuffer()
    buffer.append(b"abcdef")
    assert (buffer.slice(3, 2), buffer.end) == (b"cd", 7)
    buffer.acknowledge(4)
    assert (len(buffer), buffer.start, buffer.slice(4, 10), buffer.end) == (3, 4, b"def", 7)
    buffer.acknowledge(2)
    assert len(buffer) == 3
