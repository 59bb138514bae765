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

    def __init__(self, trace: Trace, *, keep: int | None = KEPT) -> None:
        """`keep` None: all of them, and `everything` gives them."""
        self.everything: deque[Record] = deque(maxlen=keep)
        self._began = self._count = 0
        self._kept: list[Record] = []
        self._line = self._kept_line = 0
        self.stop = trace.subscribe(self._take, *KINDS)

    def _take(self, record: Record) -> None:
        self._count += 1
        self.everything.append(record)

    def mark(self, line: int) -> None:
        """What comes from now on belongs to the line of this number."""
        self._kept_line, self._kept = self.line, self.records
        self._began, self._line = self._count, line

    @property
    def line(self) -> int:
        """The number of the line that `records` belong to."""
        return self._line if self._sent_any else self._kept_line

    @property
    def records(self) -> list[Record]:
        """Those of the last line, or of the last one before it that sent any packet."""
        return self._fresh if self._sent_any else self._kept

    @property
    def _fresh(self) -> list[Record]:
        fresh = min(self._count - self._began, len(self.everything))
        return list(self.everything)[-fresh:] if fresh else []

    @property
    def _sent_any(self) -> bool:
        return any(_tells(record) for record in self._fresh)


def _tells(record: Record) -> bool:
    """Whether the record is of a packet that somebody sent, rather than of a host's own background noise."""
    return isinstance(record, (RouteChosen, Dropped, Delivered)) and not _is_noise(record)


def _is_noise(record: RouteChosen | Dropped | Delivered) -> bool:
    destination = record.destination if isinstance(record, RouteChosen) else ""
    return destination.startswith(("ff", "fe80"))
