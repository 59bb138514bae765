"""The progress bar of busybox: libbb/progress.c. Left out: the spelling of stalled transfers."""

from __future__ import annotations

from simulator.clock import S
from simulator.kernel.process import Process

WIDTH = 32  # stars of a whole bar on a terminal of 80 columns


class Bar:
    """The progress bar on standard error: drawn at the end, and every second of a long transfer."""

    def __init__(self, process: Process, name: str, total: int | None, *, quiet: bool) -> None:
        self._process, self._name, self._total, self._quiet = process, name, total, quiet
        self.done = 0
        self._start = self._drawn = int(process.clock.now)

    def advance(self, count: int) -> None:
        self.done += count
        now = int(self._process.clock.now)
        if not self._quiet and now - self._drawn >= S:
            self._drawn = now
            self._process.error(self._text(), end="")

    def finish(self) -> None:
        if not self._quiet:
            self._process.error(self._text())

    def _text(self) -> str:
        start = "\r" if self._process.stderr.isatty else ""
        total = self.done if self._total is None else self._total
        share = self.done * 100 // total if total else 100
        size = f"{self.done:6}" if self.done < 100_000 else f"{self.done // 1024:5}k"
        stars = "*" * (WIDTH * share // 100)
        return f"{start}{self._name[:20]:20}{share:4}% |{stars:{WIDTH}}|{size}  {_clock_time(self._left(total))} ETA"

    def _left(self, total: int) -> int:
        elapsed = (int(self._process.clock.now) - self._start) // S
        return elapsed * (total - self.done) // self.done if self.done else 0


def _clock_time(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
