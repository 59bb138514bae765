"""`-m time`: when a packet comes. See iptables-extensions(8). Times are UTC. Left out: days of the month."""

from __future__ import annotations

from calendar import timegm
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar, Self

from simulator.clock import S
from simulator.kernel.netfilter.matches.base import Match, Test
from simulator.kernel.netfilter.options import Given, Names, Option, RuleError, bang
from simulator.kernel.netfilter.skb import Skb

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAY = 24 * 3600
LAST_MOMENT = 0x7FFFFFFF  # what --datestop is when nobody says it


class Time(Match, frozen=True):
    """`-m time`: when. Times of day and dates are UTC. Left out: days of the month, the kernel's own zone."""

    name: ClassVar[str] = "time"
    options: ClassVar[tuple[Option, ...]] = (
        Option("datestart"),
        Option("datestop"),
        Option("timestart"),
        Option("timestop"),
        Option("weekdays", invertible=True),
    )

    start: int = 0  # seconds of the day
    stop: int = DAY - 1
    weekdays: tuple[str, ...] = ()
    not_weekdays: bool = False
    first: int = 0  # seconds since the epoch
    last: int = LAST_MOMENT

    @classmethod
    def build(cls, given: Given) -> Self:
        days = given.text("weekdays")
        return cls(
            _time_of_day(given.text("timestart", "0:00")),
            _time_of_day(given.text("timestop", "23:59:59")),
            _weekdays(days) if days else (),
            given.inverted("weekdays"),
            _moment(given.text("datestart")) if "datestart" in given else 0,
            _moment(given.text("datestop")) if "datestop" in given else LAST_MOMENT,
        )

    def __str__(self) -> str:
        parts = []
        if (self.start, self.stop) != (0, DAY - 1):
            parts.append(f"--timestart {_clock_text(self.start)} --timestop {_clock_text(self.stop)}")
        if self.weekdays:
            parts.append(f"{bang(self.not_weekdays)}--weekdays {','.join(self.weekdays)}")
        if self.first:
            parts.append(f"--datestart {_date_text(self.first, 'T')}")
        return " ".join([*parts, f"--datestop {_date_text(self.last, 'T')}"])

    def listing(self, names: Names) -> str:
        parts = [" TIME"]
        if (self.start, self.stop) != (0, DAY - 1):
            parts.append(f"from {_clock_text(self.start)} to {_clock_text(self.stop)}")
        if self.weekdays:
            parts.append(f"{'not ' if self.not_weekdays else ''}on {','.join(self.weekdays)}")
        if self.first:
            parts.append(f"starting from {_date_text(self.first, ' ')}")
        if self.last != LAST_MOMENT:
            parts.append(f"until date {_date_text(self.last, ' ')}")
        return " ".join([*parts, "UTC"])

    def test(self, netns: NetNamespace) -> Test:
        def test(skb: Skb) -> bool:
            now = netns.clock.wall() // S
            second = now % DAY
            inside = self.start <= second <= self.stop
            if self.start > self.stop:  # over midnight
                inside = second >= self.start or second <= self.stop
            today = WEEKDAYS[(now // DAY + 3) % 7]  # the epoch began on a Thursday
            right_day = not self.weekdays or (today in self.weekdays) is not self.not_weekdays
            return inside and right_day and self.first <= now <= self.last

        return test


def _time_of_day(text: str) -> int:
    parts = text.split(":")
    numbers = [int(part) if part.isascii() and part.isdigit() else 99 for part in parts]
    hours, minutes, seconds = [*numbers, 0, 0][:3]
    if len(parts) not in (2, 3) or hours > 23 or minutes > 59 or seconds > 59:
        raise RuleError(f'invalid time "{text}" specified, should be hh:mm[:ss] format and within the boundaries')
    return hours * 3600 + minutes * 60 + seconds


def _weekdays(text: str) -> tuple[str, ...]:
    chosen = []
    for part in text.split(","):
        by_name = next((day for day in WEEKDAYS if len(part) >= 2 and day.lower().startswith(part.lower())), None)
        by_number = WEEKDAYS[int(part) - 1] if part in ("1", "2", "3", "4", "5", "6", "7") else None
        day = by_name or by_number
        if day is None:
            raise RuleError(f'"{part}" is an invalid weekday')
        chosen.append(day)
    return tuple(day for day in WEEKDAYS if day in chosen)


def _moment(text: str) -> int:
    for pattern in ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H", "%Y-%m-%d", "%Y-%m", "%Y"):
        try:
            return timegm(datetime.strptime(text, pattern).timetuple())
        except ValueError:
            continue
    raise RuleError(f'Invalid date "{text}" specified. Should be YYYY[-MM[-DD[Thh[:mm[:ss]]]]]')


def _clock_text(second: int) -> str:
    return f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"


def _date_text(moment: int, between: str) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d{between}%H:%M:%S}"
