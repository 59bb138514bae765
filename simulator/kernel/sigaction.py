"""What a process does about signals: the table that sigaction(2) writes. A signal without a row has its default action."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto

from simulator.kernel.signals import SIGKILL, SIGSTOP

UNCATCHABLE = frozenset({SIGKILL, SIGSTOP})


class Disposition(Enum):
    """What a signal does that neither calls a handler nor has its default action."""

    IGNORED = auto()
    CAUGHT = auto()  # it raises Signalled where the program sleeps


Handler = Callable[[int], None]


class SignalActions:
    """The table of one process."""

    __slots__ = ("_table",)

    def __init__(self) -> None:
        self._table: dict[int, Disposition | Handler] = {}

    def of(self, signal: int) -> Disposition | Handler | None:
        return self._table.get(signal)

    def ignores(self, signal: int) -> bool:
        return self._table.get(signal) is Disposition.IGNORED

    def catch(self, *signals: int) -> None:
        """From now on these raise Signalled where the program sleeps."""
        self._set(signals, Disposition.CAUGHT)

    def ignore(self, *signals: int) -> None:
        self._set(signals, Disposition.IGNORED)

    def handle(self, signal: int, handler: Handler) -> None:
        """From now on the signal calls handler(signal) at once, whatever the program is doing."""
        self._set((signal,), handler)

    def default(self, *signals: int) -> None:
        for signal in signals:
            self._table.pop(signal, None)

    def inherit(self, parent: SignalActions) -> None:
        """Takes over which signals the parent ignores, as a child does over execve(2)."""
        self.ignore(*parent._ignored())

    def forget_handlers(self) -> None:
        """What execve(2) does: handlers are gone with the program; what was ignored stays so."""
        self._table = dict.fromkeys(self._ignored(), Disposition.IGNORED)

    def _ignored(self) -> list[int]:
        return [signal for signal in self._table if self.ignores(signal)]

    def _set(self, signals: tuple[int, ...], action: Disposition | Handler) -> None:
        for signal in signals:
            if signal not in UNCATCHABLE:
                self._table[signal] = action
