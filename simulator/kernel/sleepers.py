"""Processes asleep in a socket. What they wait for comes a wakeup later than the packet that brought it: sched(7).

An event that nobody waits for any more (its process was interrupted, or something else came first) has lost its
callbacks; it is passed over, so that it takes no data away from the next one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator.clock import US, Clock, Event, Timer

WAKEUP = 40 * US  # typical time from the interrupt to the process running


class Sleepers:
    """Those who wait for one condition of one socket. `ready` says whether it holds."""

    __slots__ = ("_clock", "_ready", "_timer", "_waiting")

    def __init__(self, clock: Clock, ready: Callable[[], bool]) -> None:
        self._clock, self._ready = clock, ready
        self._waiting: list[tuple[Event, Callable[[], Any]]] = []
        self._timer: Timer | None = None

    def wait(self, take: Callable[[], Any]) -> Event:
        """An event whose value is take(), called once the condition holds; it fails if take() raises OSError."""
        event = self._clock.waiter()
        if self._ready() and not any(other.callbacks for other, _ in self._waiting):
            _finish(event, take)
        else:
            self._waiting.append((event, take))
        return event

    def wake(self) -> None:
        """The condition may hold now."""
        if self._waiting and self._timer is None and self._ready():
            self._timer = self._clock.after(self._clock.chance.delay("wakeup", WAKEUP), self._serve)

    def _serve(self) -> None:
        self._timer = None
        while self._waiting and self._ready():
            event, take = self._waiting.pop(0)
            if event.callbacks:
                _finish(event, take)


def _finish(event: Event, take: Callable[[], Any]) -> None:
    try:
        value = take()
    except OSError as failure:
        event.fail(failure)
    else:
        event.succeed(value)
