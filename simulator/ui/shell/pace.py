"""Runs what is in front of the terminal as fast as on a real host: a ping once a second, keys as they are pressed.

Simulated time follows the real clock only while something runs. A wait in which nothing is shown goes faster and faster
after a while, so that nobody sits through a timeout of two minutes.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from simulator.clock import S
from simulator.sandbox import Sandbox
from simulator.seat import Waiting

SLICE = 0.02  # seconds of events before keys are looked at again
PATIENCE = 2.2  # seconds without anything shown before time goes faster
DOUBLING = 0.5  # seconds in which it then becomes twice as fast
FASTEST = 60.0
LAG = S // 4  # how far the lab may fall behind the real clock before it gives up catching up
LOOK = 0.05  # seconds between two looks while time goes faster

DONE = (Waiting.SHELL, Waiting.PROGRAM, Waiting.GONE)


def rate(silent: float) -> float:
    """How fast time goes after so many seconds in which nothing was shown."""
    doublings = max(0.0, (silent - PATIENCE) / DOUBLING)
    return math.exp2(min(doublings, math.log2(FASTEST)))


class Pace:
    """Drives a sandbox. `read(timeout)` gives keys, `flush` shows what has been written, `now` is the real clock."""

    def __init__(
        self,
        sandbox: Sandbox,
        read: Callable[[float | None], str],
        flush: Callable[[], None],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.sandbox, self._read, self._flush, self._now = sandbox, read, flush, now
        self._seen = sandbox.shown

    def run(self) -> Waiting:
        """Until a line is waited for or the shell has ended; keys that are pressed meanwhile are typed."""
        sandbox = self.sandbox
        due = float(sandbox.lab.clock.now)  # simulated time that the real clock has reached
        last = active = self._now()
        while True:
            waiting = self._events(due)
            if waiting in DONE:
                return waiting
            self._flush()
            now = self._now()
            if self._has_shown():
                active = now
            speed = rate(now - active) if waiting is Waiting.NOTHING else 1.0
            due = max(due + (now - last) * speed * S, float(sandbox.lab.clock.now) - LAG)
            last = now
            keys = self._read(self._timeout(due, speed))
            if keys:
                sandbox.type_keys(keys)
                active = self._now()

    def _has_shown(self) -> bool:
        """Whether something has been shown since this was asked last."""
        before, self._seen = self._seen, self.sandbox.shown
        return before != self._seen

    def _events(self, due: float) -> Waiting:
        """What is due by now, as far as it goes in one slice."""
        sandbox, end = self.sandbox, self._now() + SLICE
        while (waiting := sandbox.seat.waiting) not in DONE:
            if sandbox.next_due > due or self._now() > end:
                break
            sandbox.step()
        return waiting

    def _timeout(self, due: float, speed: float) -> float | None:
        next_due = self.sandbox.next_due
        if next_due == math.inf:
            return None
        wait = max(0.0, (next_due - due) / S / speed)
        return wait if speed == 1.0 and wait < PATIENCE else min(wait, LOOK)
