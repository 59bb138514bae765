"""Time and chance: the only source of either in the whole model.

The clock is a SimPy environment whose unit is the nanosecond, as an integer: sums never lose a digit, so a round
trip of 131 us is printed as 0.131 ms on every machine. Durations everywhere below are integers made of the
constants here (`3 * S`, `50 * US`).

What is accident on a real host (ids, MAC addresses, the port the kernel picks, how long a process takes to wake)
is drawn from `clock.chance`. Each kind has a stream of its own, so that one more draw of one kind moves no other;
and a lesson may say beforehand what will be drawn.
"""

from __future__ import annotations

import random
from collections import defaultdict, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone
from heapq import heappush
from typing import Any, TypeVar

import simpy
from msgspec import Struct
from simpy.events import NORMAL

NS = 1
US = 1_000
MS = 1_000_000
S = 1_000_000_000

# Labs begin at this moment unless told otherwise: 2023-03-01T09:00:00Z, in nanoseconds since the Unix epoch.
DEFAULT_START = 1_677_661_200 * S

T = TypeVar("T")
Event = simpy.Event
Steps = Generator[Event, Any, Any]


class Timer:
    """A call in the future that can be taken back. It is an event to SimPy, which needs no more of one than this."""

    __slots__ = ("_arguments", "_function", "callbacks", "due")
    _ok = True

    def __init__(self, due: int, function: Callable[..., object], arguments: tuple[Any, ...]) -> None:
        self.due = due
        self.callbacks: list[Timer] | None = [self]  # with those that are due right after it
        self._function: Callable[..., object] | None = function
        self._arguments = arguments

    @property
    def pending(self) -> bool:
        return self._function is not None

    def cancel(self) -> None:
        self._function = None
        self._arguments = ()

    def __call__(self, _event: object = None) -> None:
        function, arguments = self._function, self._arguments
        if function is not None:
            self._function, self._arguments = None, ()
            function(*arguments)


class Chance:
    """Everything that is accident in reality, drawn from one seed, kind by kind."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._streams: dict[str, random.Random] = {}
        self._preset: defaultdict[str, deque[Any]] = defaultdict(deque)

    def preset(self, kind: str, values: Iterable[Any]) -> None:
        """Appends to what the next draws of this kind give, before chance goes on."""
        self._preset[kind].extend(values)

    def left(self, kind: str) -> int:
        """How many preset values of this kind have not been drawn."""
        return len(self._preset[kind])

    def forget(self, kind: str) -> None:
        """Drops what is left of the preset values of this kind."""
        self._preset[kind].clear()

    def hex(self, kind: str, digits: int) -> str:
        """Lower-case hex digits. A shorter preset value is a prefix; chance fills the rest."""
        prefix = str(self._next(kind, ""))
        rest = digits - len(prefix)
        return prefix + (f"{self._stream(kind).getrandbits(4 * rest):0{rest}x}" if rest > 0 else "")

    def mac(self, kind: str, prefix: str = "") -> str:
        """A MAC address; without a prefix a random locally administered unicast one."""
        preset = self._next(kind, None)
        if preset is not None:
            return str(preset)
        octets = [int(octet, 16) for octet in prefix.split(":")] if prefix else []
        octets += [self._stream(kind).getrandbits(8) for _ in range(6 - len(octets))]
        if not prefix:
            octets[0] = octets[0] & 0xFE | 0x02
        return ":".join(f"{octet:02x}" for octet in octets)

    def integer(self, kind: str, low: int, high: int) -> int:
        """An integer from low to high, both included."""
        preset = self._next(kind, None)
        return int(preset) if preset is not None else self._stream(kind).randint(low, high)

    def choice(self, kind: str, options: Sequence[T]) -> T:
        preset: T | None = self._next(kind, None)
        return preset if preset is not None else options[self._stream(kind).randrange(len(options))]

    def delay(self, kind: str, typical: int) -> int:
        """A duration in ns between 0.8 and 1.4 times the typical one."""
        preset = self._next(kind, None)
        return int(preset) if preset is not None else typical * self._stream(kind).randint(800, 1400) // 1000

    def state(self) -> Iterator[tuple[str, Any]]:
        """What the next draws depend on, kind by kind: presets that are left and the stream."""
        for kind in sorted({*self._streams, *self._preset}):
            stream = self._streams.get(kind)
            yield kind, ([str(value) for value in self._preset.get(kind, ())], stream and stream.getstate())

    def _next(self, kind: str, default: Any) -> Any:
        values = self._preset.get(kind)
        return values.popleft() if values else default

    def _stream(self, kind: str) -> random.Random:
        if kind not in self._streams:
            self._streams[kind] = random.Random(f"{self.seed}/{kind}")
        return self._streams[kind]


class Zone(Struct, frozen=True):
    """A time zone as a host has it: its offset and the abbreviation that `date` prints."""

    name: str = "UTC"
    offset: int = 0  # seconds east of UTC

    @property
    def tzinfo(self) -> timezone:
        return timezone(timedelta(seconds=self.offset), self.name)


class Clock(simpy.Environment):
    """The event loop of one lab. `now` is in ns since the lab began, `wall()` in ns since the Unix epoch."""

    _now: int  # SimPy leaves it to us what time is counted in

    def __init__(self, *, seed: int = 0, start: int = DEFAULT_START, zone: Zone | None = None) -> None:
        super().__init__(initial_time=0)
        self.chance = Chance(seed)
        self.start = start
        self.zone = zone or Zone()
        self._serials: defaultdict[str, int] = defaultdict(int)
        self._latest: Timer | None = None  # if it was the last to be scheduled

    @property
    def now(self) -> int:
        return self._now

    def schedule(self, event: Any, priority: Any = NORMAL, delay: float = 0) -> None:
        self._latest = None
        heappush(self._queue, (self._now + delay, priority, next(self._eid), event))

    def after(self, delay: int, function: Callable[..., object], *arguments: Any) -> Timer:
        """Calls function(*arguments) once, delay ns from now; the Timer can take it back.

        Calls asked for one after the other and due at one moment are one event: a frame that is flooded to all ports.
        """
        timer, before = Timer(self._now + delay, function, arguments), self._latest
        if before is not None and before.due == timer.due and before.callbacks is not None:
            before.callbacks.append(timer)
            return timer
        self.schedule(timer, NORMAL, delay)
        self._latest = timer
        return timer

    def sleep(self, delay: int) -> Event:
        """An event that comes delay ns from now."""
        return simpy.Timeout(self, delay)

    def waiter(self) -> Event:
        """An event for one waiter. It may fail after the waiter has gone, and then nobody is told."""
        event = simpy.Event(self)
        event.defused = True
        return event

    def done(self, value: Any = None) -> Event:
        """An event that has happened already."""
        return self.waiter().succeed(value)

    def serial(self, kind: str) -> int:
        """1, 2, 3 ... for each kind: the numbers of packets, of processes."""
        self._serials[kind] += 1
        return self._serials[kind]

    def state(self) -> dict[str, Any]:
        """What has been counted, and when calls and other events are due, whether they share an event or not."""
        due = sorted(
            (int(moment), int(priority))
            for moment, priority, _, event in self._queue
            for _ in ((event.callbacks or ()) if isinstance(event, Timer) else (event,))
        )
        return {"serials": dict(sorted(self._serials.items())), "due": due}

    def wall(self) -> int:
        return self.start + int(self.now)

    def at(self, wall: int) -> datetime:
        """A wall time in ns as a datetime of the lab's zone (to the microsecond)."""
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=wall // US)).astimezone(self.zone.tzinfo)


def rfc3339(clock: Clock, wall: int) -> str:
    """A wall time in ns as the Docker API writes it: trailing zeros of the fraction are left out."""
    moment = clock.at(wall - wall % S)
    fraction = f".{wall % S:09d}".rstrip("0").rstrip(".")
    offset = clock.zone.offset
    suffix = (
        "Z" if offset == 0 else f"{'+' if offset >= 0 else '-'}{abs(offset) // 3600:02d}:{abs(offset) % 3600 // 60:02d}"
    )
    return f"{moment:%Y-%m-%dT%H:%M:%S}{fraction}{suffix}"
