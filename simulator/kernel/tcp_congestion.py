"""How much a TCP connection dares to have on its way. RFC 5681 (slow start, fast retransmit), RFC 6582 (NewReno).

Left out: SACK based recovery, CUBIC's growth, pacing.
"""

from __future__ import annotations

INITIAL_SEGMENTS = 10  # RFC 6928
DUPLICATES = 3  # duplicate acknowledgements that mean a loss


class Congestion:
    """The congestion window of one connection, in bytes."""

    def __init__(self, mss: int) -> None:
        self.mss = mss
        self.window = INITIAL_SEGMENTS * mss
        self.threshold = 1 << 30
        self.duplicates = 0
        self.recover: int | None = None  # in fast recovery until this position is acknowledged

    def acknowledged(self, count: int, position: int) -> bool:
        """New data was acknowledged up to a position. True if the next hole has to be filled at once."""
        self.duplicates = 0
        if self.recover is not None:
            if position < self.recover:
                return True
            self.window, self.recover = self.threshold, None
            return False
        growth = count if self.window < self.threshold else max(self.mss * self.mss // self.window, 1)
        self.window += growth
        return False

    def duplicate(self, in_flight: int, highest: int) -> bool:
        """An acknowledgement came again. True if the segment it asks for has to be sent again now."""
        self.duplicates += 1
        if self.recover is not None:
            self.window += self.mss
            return False
        if self.duplicates < DUPLICATES:
            return False
        self.threshold = max(in_flight // 2, 2 * self.mss)
        self.window = self.threshold + DUPLICATES * self.mss
        self.recover = highest
        return True

    def timed_out(self, in_flight: int) -> None:
        """Nothing was heard for a whole timeout: start slowly again."""
        self.threshold = max(in_flight // 2, 2 * self.mss)
        self.window = self.mss
        self.duplicates, self.recover = 0, None
