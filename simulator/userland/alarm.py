"""alarm(2): a signal to oneself after a while, so that a program does not wait for ever."""

from __future__ import annotations

from simulator.clock import Timer
from simulator.kernel.process import Process
from simulator.kernel.signals import SIGALRM


class Alarm:
    """Interrupts its program with `Signalled` (SIGALRM) when the time is over."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._timer: Timer | None = None
        process.signals.catch(SIGALRM)

    def set(self, delay: int) -> None:
        """Begins to count anew; 0 is for ever."""
        self.cancel()
        if delay:
            self._timer = self._process.clock.after(delay, self._process.kill, SIGALRM)

    def cancel(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
