"""What is kept of what a container writes, and how it is read."""

from __future__ import annotations

import re
from typing import Any

import pytest

from simulator.clock import Clock, S
from simulator.engine import errors
from simulator.engine.errors import InvalidParameter, System
from simulator.engine.logs import ContainerLog, Selection
from simulator.engine.stream import Stream

BOTH = frozenset({1, 2})


def lines(stream: Stream) -> list[tuple[int, bytes]]:
    return list(stream._waiting)


@pytest.fixture
def log() -> ContainerLog:
    log = ContainerLog(Clock())
    for second in range(3):
        log.write(1, f"out {second}\n".encode())
        log.write(2, f"err {second}\n".encode())
        log._clock.run(until=(second + 1) * S)
    return log


def test_pieces_become_lines() -> None:
    log = ContainerLog(Clock())
    for piece in (b"a", b"b\nc", b"\n", b"end"):
        log.write(1, piece)
    assert [line.data for line in log.lines] == [b"ab\n", b"c\n"]
    log.close()
    assert log.lines[-1].data == b"end"


def test_a_very_long_line_is_kept_in_pieces() -> None:
    log = ContainerLog(Clock())
    log.write(1, b"x" * 40_000 + b"\n")
    assert b"".join(line.data for line in log.lines) == b"x" * 40_000 + b"\n"


def test_the_tail_is_counted_before_the_channels_are_told_apart(log: ContainerLog) -> None:
    chosen = Selection(frozenset({1}), tail=3).of(log.lines)
    assert [line.data for line in chosen] == [b"out 2\n"]


@pytest.mark.parametrize(("tail", "count"), [(-1, 6), (0, 0), (2, 2), (99, 6)])
def test_the_tail(log: ContainerLog, tail: int, count: int) -> None:
    assert len(Selection(BOTH, tail=tail).of(log.lines)) == count


def test_since_and_until(log: ContainerLog) -> None:
    start = log._clock.start
    chosen = Selection(BOTH, since=start + S, until=start + S).of(log.lines)
    assert [line.data for line in chosen] == [b"out 1\n", b"err 1\n"]


def test_timestamps_have_nine_digits(world: Any) -> None:
    world.run("say", "x", name="c1")
    shown = world.drain(world.engine.container_logs("c1", stdout=True, timestamps=True))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z x\n", shown)


def test_channels_are_kept_apart_unless_there_is_a_terminal(world: Any) -> None:
    world.run("say", "x", name="c1")
    world.run("say", "x", name="t1", Tty=True)
    assert world.drain(world.engine.container_logs("c1", stderr=True)) == "X\n"
    assert world.drain(world.engine.container_logs("t1", stdout=True, stderr=True)) == "x\r\nX\r\n"


def test_following_goes_on_until_the_container_ends(world: Any) -> None:
    world.start("polite", name="c1")
    stream = world.engine.container_logs("c1", stdout=True, follow=True)
    world.engine.container_kill("c1", "TERM")
    assert world.drain(stream) == "bye\n"


def test_what_logs_refuse(world: Any) -> None:
    world.run("say", "x", name="c1", host={"LogConfig": {"Type": "none"}})
    with pytest.raises(InvalidParameter, match="Bad parameters: you must choose at least one stream"):
        world.engine.container_logs("ghost")
    with pytest.raises(errors.NotImplemented, match="configured logging driver does not support reading"):
        world.engine.container_logs("c1", stdout=True)
    world.run("say", "x", name="c2")
    with pytest.raises(System, match=r'strconv.ParseInt: parsing "abc": invalid syntax'):
        world.engine.container_logs("c2", stdout=True, since="abc")
