"""curl's progress meter: two lines of title, then one line that is drawn again and again. lib/progress.c."""

from __future__ import annotations

from simulator.clock import S
from simulator.kernel.process import Process

TITLE = (
    "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n"
    "                                 Dload  Upload   Total   Spent    Left  Speed\n"
)
NO_TIME = "--:--:--"


class Meter:
    """The meter of one transfer; a hidden one draws nothing."""

    def __init__(self, process: Process, *, hidden: bool) -> None:
        self._process, self.hidden = process, hidden
        self._start = self._drawn = int(process.clock.now)
        self.received = self.sent = 0
        self.size: int | None = None
        self.to_send = 0
        self._began = False

    def begin(self) -> None:
        if not self.hidden:
            self._process.error(TITLE, end="")
            self._draw()
        self._began = True

    def tick(self) -> None:
        """Draws again if a second has passed."""
        if self._began and int(self._process.clock.now) - self._drawn >= S:
            self._drawn += S
            self._draw()

    def finish(self) -> None:
        if not self.hidden:
            self._draw()
            self._process.error("")

    def _draw(self) -> None:
        if self.hidden:
            return
        elapsed = int(self._process.clock.now) - self._start
        down, up = (count * S // elapsed if elapsed else 0 for count in (self.received, self.sent))
        total = (self.size or 0) + self.to_send
        shares = [_share(self.received + self.sent, total), _share(self.received, self.size or 0)]
        spent = _clock_time(elapsed // S) if elapsed >= S else NO_TIME
        current = down + up
        self._process.error(
            f"\r{shares[0]:3} {_five(total or self.received + self.sent)}  {shares[1]:3} {_five(self.received)}  "
            f"{_share(self.sent, self.to_send):3} {_five(self.sent)}  {_five(down)}  {_five(up)} {NO_TIME} {spent} "
            f"{NO_TIME} {_five(current)}",
            end="",
        )


def _share(part: int, whole: int) -> int:
    return part * 100 // whole if whole else 0


def _clock_time(seconds: int) -> str:
    return f"{seconds // 3600:2}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _five(count: int) -> str:
    """A number in five columns (max5data)."""
    if count < 100_000:
        return f"{count:5}"
    kilo = 1024
    if count < 10_000 * kilo:
        return f"{count // kilo:4}k"
    if count < 100 * kilo**2:
        return f"{count // kilo**2:2}.{count % kilo**2 * 10 // kilo**2}M"
    return f"{count // kilo**2:4}M"
