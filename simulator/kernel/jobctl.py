"""Whether a process may run, or is held where it is: stopped by a signal (JOBCTL_STOP_PENDING; signal(7), wait(2)), or
frozen with its control group (JOBCTL_TRAP_FREEZE; cgroups(7)). One does not end the other.
"""

from __future__ import annotations

from simulator.clock import Clock, Event
from simulator.kernel.files import WaitQueue


class JobControl:
    """The state of one process. `held` is where it sleeps while it may not run."""

    __slots__ = ("_clock", "_frozen", "_watchers", "held", "stopped_by")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._frozen = False
        self._watchers: WaitQueue | None = None
        self.held: WaitQueue | None = None
        self.stopped_by: int | None = None  # as WSTOPSIG tells the parent

    def stop(self, signal: int) -> None:
        """Until SIGCONT. Whoever waits by `stopped` is told."""
        self.stopped_by = signal
        self._hold()
        if self._watchers:
            self._watchers.wake()

    def stopped(self) -> Event:
        """An event for when it stops next: wait(2) with WUNTRACED."""
        self._watchers = self._watchers or WaitQueue(self._clock)
        return self._watchers.wait()

    def go_on(self) -> None:
        """What SIGCONT does."""
        self.stopped_by = None
        self._release()

    def freeze(self) -> None:
        self._frozen = True
        self._hold()

    def thaw(self) -> None:
        self._frozen = False
        self._release()

    def _hold(self) -> None:
        self.held = self.held or WaitQueue(self._clock)

    def _release(self) -> None:
        if self._frozen or self.stopped_by is not None:
            return
        held, self.held = self.held, None
        if held:
            held.wake()
