"""Keeps the trace records of packets, line by line of what was typed, within bounds."""

from __future__ import annotations

from collections import deque

from simulator.trace import (
    BridgeForwarded,
    ConntrackChanged,
    Delivered,
    Dropped,
    FrameReceived,
    FrameSent,
    NeighbourChanged,
    PolicyApplied,
    Record,
    RouteChosen,
    RuleMatched,
    Trace,
    Translated,
)

KINDS = (
    FrameSent,
    FrameReceived,
    BridgeForwarded,
    RouteChosen,
    RuleMatched,
    PolicyApplied,
    Translated,
    ConntrackChanged,
    NeighbourChanged,
    Delivered,
    Dropped,
)
KEPT = 20_000  # records: a ping that runs for hours must not fill the memory


class Recorder:
    """Listens to a trace. `mark` begins a new line; `records` are those since the last line that sent something."""

    def __init__(self, trace: Trace) -> None:
        self._now: deque[Record] = deque(maxlen=KEPT)
        self._before: list[Record] = []
        self.stop = trace.subscribe(self._now_append, *KINDS)

    def _now_append(self, record: Record) -> None:
        self._now.append(record)

    def mark(self) -> None:
        """What comes from now on belongs to another line."""
        if self._now:
            self._before = list(self._now)
            self._now.clear()

    @property
    def records(self) -> list[Record]:
        return list(self._now) or self._before
