"""How fast simulated time passes while clients are served.

It runs ahead for clients that wait for something, and goes with the real clock otherwise. LOCKED lets it never run
ahead; ON_DEMAND lets it stand while nobody waits, so that it depends on the requests alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from enum import Enum
from time import monotonic_ns

from simulator.clock import MS, Clock, S
from simulator.server.exchange import Exchange

SLICE = 4 * MS  # of real time, before somebody looks at the sockets again
EVENTS = 64  # between two looks at the real clock
CALM = 50 * MS  # of real time without a request, before time runs ahead for clients that may be about to ask for more


class Tempo(Enum):
    """Who drives time."""

    FREE = "ahead for who waits, else with the real clock"
    LOCKED = "with the real clock"
    ON_DEMAND = "for who waits"


class Pace:
    """Moves one clock."""

    def __init__(self, clock: Clock, tempo: Tempo, now: Callable[[], int] = monotonic_ns) -> None:
        """`now`: the real clock, in ns."""
        self.clock, self.tempo = clock, tempo
        self._now = now
        self.frozen = False
        self.tied = 0  # connections of real programs: they see time pass as it does for them
        self.changed = False  # for some exchange, since time was last moved
        self.owed = 0  # real time (ns) that has passed and could not be computed yet
        self._stood = False  # time has stood still since the last turn
        self._last = self._now()
        self._asked = 0  # when a request last came or was answered

    def turn(self, exchanges: Iterable[Exchange]) -> float | None:
        """Lets some time pass for these exchanges; for how many real seconds nothing is to do, None for ever."""
        now = self._now()
        passed, self._last = now - self._last, now
        self._asked = now if self.changed else self._asked
        self.changed = False
        waiting = list(exchanges)
        if self.frozen:
            waiting, passed = [one for one in waiting if one.bounded], 0
        soon = max(0.0, (self._asked + CALM - now) / S)
        ready = [one for one in waiting if not (soon and one.expectant)]
        limit = self._limit(ready) if self.tempo is not Tempo.LOCKED and not self.tied else None
        if limit is not None and self.clock.peek() != math.inf:
            began = int(self.clock.now)
            self._rush(waiting, limit)
            if self.tempo is Tempo.FREE:
                self.owed = max(0, self.owed + passed - int(self.clock.now) + began)
            return 0
        if self.tempo is Tempo.ON_DEMAND and not ready and not self.tied:
            self._stood = True
            return soon if waiting else None
        self._follow(0 if self._stood else passed)
        self._stood = False
        pause = self._pause()
        return pause if len(ready) == len(waiting) else min(soon, math.inf if pause is None else pause)

    def _limit(self, waiting: list[Exchange]) -> float | None:
        """Up to when time may run ahead; None if it may not. What has its end in sight comes first."""
        if any(one.bounded for one in waiting):
            return math.inf
        first = next((one for one in waiting if one.rushes()), None)
        return int(self.clock.now) + first.patience if first is not None else None

    def _rush(self, waiting: list[Exchange], limit: float) -> None:
        """Runs for a slice of real time, or until something has changed for one of these."""
        clock, began = self.clock, int(self.clock.now)
        end = self._now() + SLICE
        self.changed = False
        while not self.changed and self._now() < end and clock.peek() <= limit:
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
        """Lets as much time pass as has really passed; what there is no time to compute is owed."""
        target = int(self.clock.now) + passed + self.owed
        end = self._now() + SLICE
        while self.clock.peek() <= target and self._now() < end:
            self.clock.step()
        if self.clock.peek() > target > self.clock.now:
            self.clock.run(until=target)
        self.owed = target - int(self.clock.now)

    def _pause(self) -> float | None:
        due = self.clock.peek()
        return None if due == math.inf else max(0.0, (due - self.clock.now - self.owed) / 1e9)
