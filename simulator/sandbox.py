"""A lab that somebody sits in front of: a terminal with a shell that stays at every machine, and what was typed there.

The world with its seats is made again from its journal whenever somebody steps back. Nothing here waits for real time:
whoever drives it calls `step` and decides when.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from msgspec import Struct, field

from simulator.clock import MS, S
from simulator.digest import lasting_digest
from simulator.journal import DETACH, END, Entry, Journal, Keys, Line, Settings, Size
from simulator.lab import Lab
from simulator.seat import Seat, Waiting
from simulator.trace import Trace
from simulator.why.records import Recorder

PAUSE = 300 * MS  # between two lines, as a quick typist makes it
PAUSE_EVENTS = 5_000  # within it: what a fork bomb does meanwhile has no end
KEPT = 64 * 1024  # bytes of a line's output that are kept for `:save`
EVENTS = 200_000  # events after which a line that nobody interrupts is taken not to end
SHOWN = 1_000_000  # and bytes
LIMIT = 300 * S

Show = Callable[[bytes], None]


class Step(Struct):
    """A line that was typed, what came of it, and whether it changed anything that lasts."""

    machine: str
    text: str
    prompt: str
    at_shell: bool
    cwd: str
    output: bytearray = field(default_factory=bytearray)
    status: int = 0
    changed: bool = False
    left_at: tuple[str, str] | None = None  # the prompt at which it was left by keys, and the keys


def fresh_lab(settings: Settings) -> Lab:
    return Lab(engine=settings.engine, seed=settings.seed)


class Sandbox:
    """The world as the journal has it: what `make` makes, and what was typed into it since.

    `show` gets what appears on the terminal in use.
    """

    def __init__(
        self,
        journal: Journal,
        show: Show = lambda data: None,
        *,
        make: Callable[[Settings], Lab] = fresh_lab,
        recorder: Callable[[Trace], Recorder] = Recorder,
    ) -> None:
        self.journal = journal
        self._show, self._make, self._new_recorder = show, make, recorder
        self._muted = False
        self._known: list[bool] = []  # during a replay: which of the first lines change something
        self._build(journal.settings)

    def _build(self, settings: Settings) -> None:
        self.lab = self._make(settings)
        self.recorder = self._new_recorder(self.lab.trace)
        self.rows, self.columns = settings.rows, settings.columns
        self.seats: dict[str, Seat] = {}
        self.steps: list[Step] = []
        self.events = self.shown = 0  # events and bytes since something was typed
        self._lasting = ""
        self.use(self.lab.layout.first)

    # -- seats ------------------------------------------------------------------------------------------------------

    @property
    def seat(self) -> Seat:
        return self.seats[self.machine]

    def use(self, machine: str) -> None:
        """Goes to a machine's terminal; its shell is started if it has none. Raises KeyError."""
        found = self.lab.machine(machine)
        self.machine = machine
        if machine not in self.seats or self.seats[machine].waiting is Waiting.GONE:
            self.seats[machine] = Seat(found, self.rows, self.columns, self._shown)
            self.settle()

    def _shown(self, seat: Seat, data: bytes) -> None:
        if seat is not self.seats.get(self.machine, seat):
            return
        self.shown += len(data)
        if self.steps:
            output = self.steps[-1].output
            output += data[: max(0, KEPT - len(output))]
        if not self._muted:
            self._show(data)

    # -- time -------------------------------------------------------------------------------------------------------

    @property
    def next_due(self) -> float:
        """When the next thing happens (ns of simulated time); infinity when everybody waits for the person."""
        due = self.lab.clock.peek()
        return due if isinstance(due, int) or due != math.inf else math.inf

    def step(self) -> None:
        """One event."""
        self.lab.clock.step()
        self.events += 1

    def settle(self, *, events: int = EVENTS, limit: int = LIMIT) -> Waiting:
        """Lets time pass until somebody is waited for, within bounds; what is waited for then."""
        end, most = int(self.lab.clock.now) + limit, self.events + events
        while (waiting := self.seat.waiting) is Waiting.NOTHING:
            if self.next_due > end or self.events >= most or self.shown > SHOWN:
                break
            self.step()
        return waiting

    def _pause(self) -> None:
        """The moment between two lines."""
        clock = self.lab.clock
        end, most = int(clock.now) + PAUSE, self.events + PAUSE_EVENTS
        clock.after(PAUSE, int)
        while clock.now < end and self.events < most:
            self.step()

    # -- typing -----------------------------------------------------------------------------------------------------

    def type_line(self, text: str) -> None:
        """Notes a line and types it; whoever drives the clock sees what comes of it."""
        self._make_ready()
        self._do(Line(self.machine, text), ready=True)

    def type_keys(self, keys: str) -> None:
        self._do(Keys(self.machine, keys, self.events))

    def resize(self, rows: int, columns: int) -> None:
        if (rows, columns) != (self.rows, self.columns):
            self._do(Size(rows, columns))

    def run_line(self, text: str, *, events: int = EVENTS, limit: int = LIMIT) -> str:
        """Types a line, waits until somebody is waited for (else interrupts), and gives what it showed."""
        self.type_line(text)
        if self.settle(events=events, limit=limit) is Waiting.NOTHING:
            self.type_keys("\x03")
            self.settle(events=events, limit=limit)
        self.finish_step()
        return self.output_of(self.steps[-1])

    def output_of(self, step: Step) -> str:
        """What a step showed, without the prompt after it."""
        text = bytes(step.output).decode("utf-8", "replace")
        text = re.sub("\r+\n", "\n", text)
        return text[: text.rfind("\n") + 1] if step is self.steps[-1] or step.output else text

    def _do(self, entry: Entry, *, ready: bool = False) -> None:
        self.journal.add(entry)
        self._apply(entry, ready=ready)

    def _apply(self, entry: Entry, *, ready: bool = False) -> None:
        if isinstance(entry, Size):
            self.rows, self.columns = entry.rows, entry.columns
            for seat in self.seats.values():
                seat.tty.resize(entry.rows, entry.columns)
            return
        self.use(entry.machine)
        if isinstance(entry, Keys):
            while self.events < entry.after and self.next_due < math.inf:
                self.step()
            if self.steps and entry.keys in (DETACH, END):
                self.steps[-1].left_at = (self.seat.last_line, entry.keys)
            self.seat.type_keys(entry.keys)
        else:
            if not ready:
                self._make_ready()
            self._begin(entry)
        self.events = self.shown = 0

    def _make_ready(self) -> None:
        """What the line before began comes to its end, and a moment passes; before the next line is even noted."""
        self.settle()
        self.finish_step()
        self._pause()

    def _begin(self, line: Line) -> None:
        self.recorder.mark(len(self.steps))
        seat = self.seat
        self.steps.append(Step(line.machine, line.text, seat.last_line, seat.waiting is Waiting.SHELL, seat.shell.cwd))
        seat.type_line(line.text)

    def finish_step(self) -> None:
        """Notes what the last line came to, once nothing runs."""
        number = len(self.steps)
        if self.steps and number <= len(self._known):
            self.steps[-1].changed = self._known[number - 1]
            self._note_status()
        if number < len(self._known):
            return  # a digest costs more than most lines; the next one is known as well
        now = self._lasting_now()
        if self.steps and self._lasting:
            self.steps[-1].changed = self.steps[-1].changed or now != self._lasting
            self._note_status()
        self._lasting = now

    def _note_status(self) -> None:
        """The exit status belongs to the last line that the shell itself read."""
        shell: Any = self.seat.shell.state.get("shell")
        began = next((step for step in reversed(self.steps) if step.at_shell), None)
        if shell and began and self.seat.waiting is Waiting.SHELL:
            began.status = shell.status

    def _lasting_now(self) -> str:
        return lasting_digest(self.lab) + "".join(seat.kept for seat in self.seats.values())

    # -- going back -------------------------------------------------------------------------------------------------

    def twin(self, number: int, *, recorder: Callable[[Trace], Recorder] = Recorder) -> Sandbox:
        """Another world, as this one was after so many lines."""
        journal = Journal(self.journal.settings, entries=self.journal.upto(number))
        other = Sandbox(journal, make=self._make, recorder=recorder)
        other.replay()
        return other

    def replay(self) -> None:
        """Makes the world again from the journal, without showing it.

        What this world has seen to its end will change again what it changed before.
        """
        self._known = [step.changed for step in self.steps[: min(self.journal.position, len(self.steps) - 1)]]
        self._build(self.journal.settings)
        self._relive(self.journal.past)
        self._known = []

    def _relive(self, entries: list[Entry]) -> None:
        """Types again, without showing it."""
        self._muted = True
        try:
            for entry in entries:
                self._apply(entry)
            self.settle()
            self.finish_step()
        finally:
            self._muted = False

    def go_to(self, number: int) -> None:
        """The world as it was after so many lines. Raises ValueError."""
        self.journal.go_to(number)
        self.replay()

    def undo(self) -> Step | None:
        """Takes back the last line that changed something; the line, or None if there is none."""
        self.finish_step()
        for index in range(len(self.steps) - 1, -1, -1):
            if self.steps[index].changed:
                gone = self.steps[index]
                self.go_to(index)
                return gone
        return None

    def redo(self) -> Step | None:
        """Brings back lines up to the next one that changes something."""
        while self.journal.position < self.journal.count:
            seen = len(self.journal.past)
            self.journal.go_to(self.journal.position + 1)
            self._relive(self.journal.past[seen:])
            if self.steps[-1].changed:
                return self.steps[-1]
        return None
