"""Processes asleep in a socket."""

from __future__ import annotations

import errno

import pytest

from simulator.clock import MS, Clock
from simulator.kernel.errors import error
from simulator.kernel.sleepers import Sleepers


def test_the_first_to_wait_is_the_first_to_be_served() -> None:
    clock, things = Clock(), list[str]()
    sleepers = Sleepers(clock, lambda: bool(things))
    events = [sleepers.wait(lambda: things.pop(0)) for _ in range(2)]
    got: list[str] = []
    for event in events:
        event.callbacks.append(lambda done: got.append(done.value))  # type: ignore[union-attr]
    things += ["a", "b"]
    sleepers.wake()
    clock.run(until=1 * MS)
    assert got == ["a", "b"]


def test_what_is_there_is_given_at_once() -> None:
    sleepers = Sleepers(Clock(), lambda: True)
    event = sleepers.wait(lambda: "here")
    assert event.triggered and event.value == "here"


def test_one_that_nobody_waits_for_takes_nothing() -> None:
    clock, things = Clock(), list[str]()
    sleepers = Sleepers(clock, lambda: bool(things))
    sleepers.wait(lambda: things.pop(0))
    waiting = sleepers.wait(lambda: things.pop(0))
    waiting.callbacks.append(lambda done: None)  # type: ignore[union-attr]
    things.append("a")
    sleepers.wake()
    clock.run(until=1 * MS)
    assert waiting.value == "a"


def test_a_refusal_fails_the_event() -> None:
    clock = Clock()

    def refuse() -> None:
        raise error(errno.ECONNRESET)

    event = Sleepers(clock, lambda: True).wait(refuse)
    with pytest.raises(ConnectionResetError):
        clock.run(until=event)
