"""When a TCP connection wants to be called next. RFC 6298 (retransmission), RFC 9293 3.8.6 (zero window).

The machine holds no clock: it is told the time with every call and says by `Timers.next` when it wants the next one.
The figures are Linux's (include/net/tcp.h).
"""

from __future__ import annotations

from simulator.clock import MS, S
from simulator.kernel.symbol import Symbol

RTO_INITIAL = 1 * S
RTO_MINIMUM = 200 * MS
RTO_MAXIMUM = 120 * S
DELAYED_ACK = 40 * MS
TIME_WAIT = 60 * S


class Alarm(Symbol):
    """What a connection may be waiting for."""

    RETRANSMIT = "retransmit"
    PERSIST = "persist"
    DELAYED_ACK = "delayed ack"
    LINGER = "linger"  # the end of TIME_WAIT, or of FIN_WAIT2 without a program


class Timers:
    """The deadlines of one connection."""

    def __init__(self) -> None:
        self._due: dict[Alarm, int] = {}

    def set(self, alarm: Alarm, due: int) -> None:
        self._due[alarm] = due

    def cancel(self, alarm: Alarm) -> None:
        self._due.pop(alarm, None)

    def clear(self) -> None:
        self._due.clear()

    def is_set(self, alarm: Alarm) -> bool:
        return alarm in self._due

    @property
    def next(self) -> int | None:
        """The moment of the first deadline."""
        return min(self._due.values()) if self._due else None

    def expired(self, now: int) -> list[Alarm]:
        """Takes out the deadlines that have come, in the order of Alarm."""
        due = [alarm for alarm in Alarm if self._due.get(alarm, now + 1) <= now]
        for alarm in due:
            del self._due[alarm]
        return due


class RoundTrip:
    """The retransmission timeout, from measured round trips and backed off after each silence."""

    def __init__(self) -> None:
        self.smoothed: int | None = None
        self._variation = 0
        self._timeout = RTO_INITIAL
        self.backoff = 0

    @property
    def timeout(self) -> int:
        return min(self._timeout << self.backoff, RTO_MAXIMUM)

    def measured(self, sample: int) -> None:
        """Takes one round trip into account (RFC 6298, section 2)."""
        if self.smoothed is None:
            self.smoothed, self._variation = sample, sample // 2
        else:
            self._variation = (3 * self._variation + abs(self.smoothed - sample)) // 4
            self.smoothed = (7 * self.smoothed + sample) // 8
        self._timeout = self.smoothed + max(4 * self._variation, RTO_MINIMUM)
        self.backoff = 0
