"""How fast simulated time passes while clients are served.

It runs ahead for clients that wait for something, and goes with the real clock otherwise. LOCKED lets it never run
ahead; ON_DEMAND lets it stand while nobody waits, so that it depends on the requests alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from enum import Enum
from time import monotonic_ns

from simulator.clock import MS, Clock
from simulator.server.exchange import Exchange

SLICE = 4 * MS  # of real time, before somebody looks at the sockets again
EVENTS = 64  # between two looks at the real clock


class Tempo(Enum):
    """Who drives time."""

    FREE = "ahead for who waits, else with the real clock"
    LOCKED = "with the real clock"
    ON_DEMAND = "for who waits"


class Pace:
    """Moves one clock."""

    def __init__(self, clock: Clock, tempo: Tempo) -> None:
        self.clock, self.tempo = clock, tempo
        self.frozen = False
        self.changed = False  # for some exchange, since time was last moved
        self._stood = False  # time has stood still since the last turn
        self._last = monotonic_ns()

    def turn(self, exchanges: Iterable[Exchange]) -> float | None:
        """Lets some time pass for these exchanges; for how many real seconds nothing is to do, None for ever."""
        now = monotonic_ns()
        passed, self._last = now - self._last, now
        waiting = list(exchanges)
        if self.frozen:
            waiting, passed = [one for one in waiting if one.bounded], 0
        limit = self._limit(waiting) if self.tempo is not Tempo.LOCKED else None
        if limit is not None and self.clock.peek() != math.inf:
            self._rush(waiting, limit)
            return 0
        if self.tempo is Tempo.ON_DEMAND and not waiting:
            self._stood = True
            return None
        self._follow(0 if self._stood else passed)
        self._stood = False
        return self._pause()

    def _limit(self, waiting: list[Exchange]) -> float | None:
        """Up to when time may run ahead; None if it may not. What has its end in sight comes first."""
        if any(one.bounded for one in waiting):
            return math.inf
        first = next((one for one in waiting if one.rushes()), None)
        return int(self.clock.now) + first.patience if first is not None else None

    def _rush(self, waiting: list[Exchange], limit: float) -> None:
        """Runs for a slice of real time, or until something has changed for one of these."""
        clock, began = self.clock, int(self.clock.now)
        end = monotonic_ns() + SLICE
        self.changed = False
        while not self.changed and monotonic_ns() < end and clock.peek() <= limit:
            for _ in range(EVENTS):
                if self.changed or clock.peek() > limit or clock.peek() == math.inf:
                    break
                clock.step()
            if clock.peek() == math.inf:
                break
        too_far = limit < clock.peek() < math.inf
        for one in waiting:
            one.patience = 0 if too_far and one.rushes() else one.patience - int(clock.now) + began

    def _follow(self, passed: int) -> None:
        """Lets as much time pass as has really passed, if there is time enough to compute it."""
        target = int(self.clock.now) + passed
        end = monotonic_ns() + SLICE
        while self.clock.peek() <= target:
            self.clock.step()
            if monotonic_ns() >= end:
                return
        if target > self.clock.now:
            self.clock.run(until=target)

    def _pause(self) -> float | None:
        due = self.clock.peek()
        return None if due == math.inf else max(0.0, (due - self.clock.now) / 1e9)
