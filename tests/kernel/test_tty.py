"""Laws of the line discipline."""

from __future__ import annotations

import pytest

from simulator.clock import Clock
from simulator.kernel.signals import SIGHUP, SIGINT
from simulator.kernel.tty import Tty


@pytest.fixture
def tty() -> Tty:
    return Tty(Clock())


def read_now(tty: Tty) -> bytes | None:
    event = tty.slave.read()
    return event.value if event.triggered else None


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        (b"echo hi\r", b"echo hi\n"),
        (b"ecjo\x7f\x7fho\n", b"echo\n"),
        (b"wrong\x15right\n", b"right\n"),
        (b"one two\x17three\n", b"onethree\n"),
        (b"\x04", b""),
        (b"half\x04", b"half"),
    ],
)
def test_a_line_is_edited_before_a_reader_gets_it(tty: Tty, typed: bytes, line: bytes) -> None:
    tty.type(typed)
    assert read_now(tty) == line


def test_nothing_is_readable_before_the_line_has_ended(tty: Tty) -> None:
    tty.type(b"unfinished")
    assert not tty.slave.readable


def test_what_is_typed_is_echoed_and_lines_end_in_cr_lf(tty: Tty) -> None:
    tty.type(b"ls\r")
    tty.slave.write(b"a\n")
    assert tty.output() == b"ls\r\na\r\n"


def test_without_echo_nothing_of_what_is_typed_shows(tty: Tty) -> None:
    tty.echo = False
    tty.type(b"secret\r")
    assert tty.output() == b""


def test_interrupt_reaches_the_foreground_and_drops_the_line(tty: Tty) -> None:
    sent: list[tuple[int, int]] = []
    tty.foreground = 42
    tty.interrupt = lambda group, signal: sent.append((group, signal))
    tty.type(b"half\x03next\r")
    assert sent == [(42, SIGINT)]
    assert read_now(tty) == b"next\n"


def test_raw_mode_hands_over_every_key_and_can_be_left(tty: Tty) -> None:
    before = tty.raw()
    tty.type(b"\x03\x04x")
    assert read_now(tty) == b"\x03\x04x"
    tty.restore(before)
    tty.type(b"x\r")
    assert read_now(tty) == b"x\n"


def test_a_waiting_reader_wakes_with_the_line(tty: Tty) -> None:
    event = tty.slave.read()
    event.callbacks.append(lambda _: None)
    tty.type(b"now\r")
    assert event.value == b"now\n"


def test_a_long_line_is_read_in_parts(tty: Tty) -> None:
    tty.type(b"abcdef\r")
    assert [tty.slave.take(4), tty.slave.take(4)] == [b"abcd", b"ef\n"]


def test_hanging_up_ends_the_file_and_tells_the_foreground(tty: Tty) -> None:
    sent: list[int] = []
    tty.interrupt = lambda group, signal: sent.append(signal)
    tty.hang_up()
    assert read_now(tty) == b""
    assert sent == [SIGHUP]
