"""Steps that come one after the other, some of which take time. The engine never sleeps: it is called again.

A step is a function that gives an event to wait for, or None. What a step adds comes before what was to follow it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from simulator.clock import Event
from simulator.engine.errors import EngineError

Step = Callable[[], Event | None]


class Sequence:
    """`failed` is called with what a step raised or its event failed with, and nothing follows."""

    def __init__(self, failed: Callable[[EngineError], None]) -> None:
        self._steps: deque[Step] = deque()
        self._failed = failed

    def add(self, steps: Iterable[Step]) -> None:
        """Steps that come last."""
        self._steps.extend(steps)

    def next(self, *steps: Step) -> None:
        """Steps that come before all others."""
        self._steps.extendleft(reversed(steps))

    def stop(self) -> None:
        self._steps.clear()

    def run(self) -> None:
        """Goes on until a step has to be waited for."""
        while self._steps:
            try:
                event = self._steps.popleft()()
            except EngineError as refused:
                self._fail(refused)
                return
            if event is not None and event.callbacks is not None:
                event.callbacks.append(self._came)
                return

    def _came(self, event: Event) -> None:
        if not event.ok and isinstance(event.value, EngineError):
            self._fail(event.value)
        else:
            self.run()

    def _fail(self, refused: EngineError) -> None:
        self.stop()
        self._failed(refused)
