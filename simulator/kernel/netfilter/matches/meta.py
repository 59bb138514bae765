"""Matches on what is not in the packet's headers: comment, mark, owner, time, and string for its bytes."""

from __future__ import annotations

from calendar import timegm
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar, Self

from simulator.clock import S
from simulator.kernel.netfilter.matches.base import Match, Test
from simulator.kernel.netfilter.matches.state import masked
from simulator.kernel.netfilter.options import (
    MAXIMUM_32,
    Given,
    Names,
    Option,
    RuleError,
    bang,
    integer_from_text,
    quoted,
)
from simulator.kernel.netfilter.skb import Skb

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace

COMMENT_LIMIT = 255  # XT_MAX_COMMENT_LEN - 1
STRING_LIMIT = 65535
SEARCH_ALGORITHMS = ("bm", "kmp")  # both find the same
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAY = 24 * 3600
LAST_MOMENT = 0x7FFFFFFF  # what --datestop is when nobody says it


@dataclass(frozen=True, slots=True)
class Comment(Match):
    """`-m comment`: matches everything and says why the rule is there."""

    name: ClassVar[str] = "comment"
    options: ClassVar[tuple[Option, ...]] = (Option("comment", mandatory=True),)

    text: str

    @classmethod
    def build(cls, given: Given) -> Self:
        return cls(given.text("comment")[:COMMENT_LIMIT])

    def __str__(self) -> str:
        return f"--comment {quoted(self.text)}"

    def listing(self, names: Names) -> str:
        return f" /* {self.text} */"

    def test(self, netns: NetNamespace) -> Test:
        return lambda skb: True


@dataclass(frozen=True, slots=True)
class Mark(Match):
    """`-m mark`: the mark that a rule or a socket gave the packet."""

    name: ClassVar[str] = "mark"
    options: ClassVar[tuple[Option, ...]] = (Option("mark", invertible=True, mandatory=True),)

    mark: int
    mask: int
    inverted: bool = False

    @classmethod
    def build(cls, given: Given) -> Self:
        return cls(*given.masked("mark"), given.inverted("mark"))

    def __str__(self) -> str:
        return f"{bang(self.inverted)}--mark {masked(self.mark, self.mask)}"

    def listing(self, names: Names) -> str:
        return f" mark match {bang(self.inverted)}{masked(self.mark, self.mask)}"

    def test(self, netns: NetNamespace) -> Test:
        mark, mask, inverted = self.mark, self.mask, self.inverted
        return lambda skb: (skb.mark & mask == mark) is not inverted


@dataclass(frozen=True, slots=True)
class Ids:
    """User or group ids from low to high, or all but those."""

    low: int
    high: int
    inverted: bool = False

    def __contains__(self, number: int) -> bool:
        return (self.low <= number <= self.high) is not self.inverted

    def __str__(self) -> str:
        return str(self.low) if self.low == self.high else f"{self.low}-{self.high}"


@dataclass(frozen=True, slots=True)
class Owner(Match):
    """`-m owner`: who owns the socket that sends. Only where packets leave the host."""

    name: ClassVar[str] = "owner"
    options: ClassVar[tuple[Option, ...]] = (
        Option("uid-owner", invertible=True),
        Option("gid-owner", invertible=True),
        Option("socket-exists", 0, invertible=True),
    )
    hooks: ClassVar[frozenset[str]] = frozenset({"OUTPUT", "POSTROUTING"})

    uid: Ids | None = None
    gid: Ids | None = None
    socket: bool | None = None

    @classmethod
    def build(cls, given: Given) -> Self:
        if not given:
            raise RuleError("owner: At least one of --uid-owner, --gid-owner or --socket-exists is required")
        socket = not given.inverted("socket-exists") if "socket-exists" in given else None
        return cls(_ids(given, "uid-owner"), _ids(given, "gid-owner"), socket)

    def problem(self, table: str, hooks: frozenset[str]) -> str:
        for ids in (self.uid, self.gid):
            if ids and ids.low > ids.high:
                return "xt_owner: the range is reversed"
        wrong = sorted(hooks - self.hooks)
        if wrong:
            used = "/".join(wrong)
            return f"x_tables: ip_tables: owner match: used from hooks {used}, but only valid from OUTPUT/POSTROUTING"
        return ""

    def __str__(self) -> str:
        parts = [f"{bang(self.socket is False)}--socket-exists"] if self.socket is not None else []
        parts += [f"{bang(self.uid.inverted)}--uid-owner {self.uid}"] if self.uid else []
        parts += [f"{bang(self.gid.inverted)}--gid-owner {self.gid}"] if self.gid else []
        return " ".join(parts)

    def listing(self, names: Names) -> str:
        parts = [f" {bang(self.socket is False)}owner socket exists"] if self.socket is not None else []
        for ids, word, name_of in ((self.uid, "UID", names.user), (self.gid, "GID", names.group)):
            if ids:
                spelt = name_of(ids.low) if ids.low == ids.high else str(ids)
                parts.append(f" {bang(ids.inverted)}owner {word} match {spelt}")
        return "".join(parts)

    def test(self, netns: NetNamespace) -> Test:
        uid, gid, socket = self.uid, self.gid, self.socket

        def test(skb: Skb) -> bool:
            has_socket = skb.uid is not None
            if socket is not None and has_socket is not socket:
                return False
            if skb.uid is None:
                return socket is False and not uid and not gid
            return (uid is None or skb.uid in uid) and (gid is None or (skb.gid or 0) in gid)

        return test


@dataclass(frozen=True, slots=True)
class Time(Match):
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


@dataclass(frozen=True, slots=True)
class String(Match):
    """`-m string`: bytes anywhere in the packet, its IP header included."""

    name: ClassVar[str] = "string"
    options: ClassVar[tuple[Option, ...]] = (
        Option("from"),
        Option("to"),
        Option("algo", mandatory=True),
        Option("string", invertible=True, excludes=("hex-string",)),
        Option("hex-string", invertible=True, excludes=("string",)),
        Option("icase", 0),
    )

    pattern: bytes
    algorithm: str
    start: int = 0
    stop: int = STRING_LIMIT
    ignore_case: bool = False
    inverted: bool = False

    @classmethod
    def build(cls, given: Given) -> Self:
        option = given.first("string", "hex-string")
        if not option:
            raise RuleError("STRING match: You must specify `--string' or `--hex-string'")
        text = given.text(option)
        pattern = text.encode("utf-8", "surrogateescape") if option == "string" else _hex_pattern(text)
        start, stop = given.integer("from", 0, STRING_LIMIT), given.integer("to", 0, STRING_LIMIT, STRING_LIMIT)
        return cls(pattern, given.text("algo"), start, stop, "icase" in given, given.inverted(option))

    def problem(self, table: str, hooks: frozenset[str]) -> str:
        if self.algorithm not in SEARCH_ALGORITHMS:
            return f"xt_string: no algorithm {self.algorithm}"
        return "" if self.pattern else "xt_string: the pattern is empty"

    def _spelling(self) -> tuple[str, str]:
        if all(0x20 <= octet < 0x7F for octet in self.pattern):
            return "string", quoted_always(self.pattern.decode("ascii"))
        return "hex-string", f'"|{self.pattern.hex()}|"'

    def __str__(self) -> str:
        option, spelt = self._spelling()
        parts = [f"{bang(self.inverted)}--{option} {spelt}", f"--algo {self.algorithm}"]
        parts += [f"--from {self.start}"] if self.start else []
        parts += [f"--to {self.stop}"] if self.stop != STRING_LIMIT else []
        return " ".join([*parts, "--icase"] if self.ignore_case else parts)

    def listing(self, names: Names) -> str:
        text = f" STRING match {'!' if self.inverted else ''} {self._spelling()[1]} ALGO name {self.algorithm}"
        text += f" FROM {self.start}" if self.start else ""
        text += f" TO {self.stop}" if self.stop != STRING_LIMIT else ""
        return text + (" ICASE" if self.ignore_case else "")

    def test(self, netns: NetNamespace) -> Test:
        wanted = self.pattern.lower() if self.ignore_case else self.pattern

        def test(skb: Skb) -> bool:
            data = skb.packet.bytes()[self.start : self.stop + len(wanted)]
            return (wanted in (data.lower() if self.ignore_case else data)) is not self.inverted

        return test


def quoted_always(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _ids(given: Given, option: str) -> Ids | None:
    if option not in given:
        return None
    text = given.text(option)
    number_of = given.names.uid if option == "uid-owner" else given.names.gid
    known = number_of(text)
    if known is not None:
        return Ids(known, known, given.inverted(option))
    first, dash, last = text.partition("-")
    low, high = integer_from_text(first), integer_from_text(last if dash else first)
    if low is None or high is None or max(low, high) > MAXIMUM_32:
        raise RuleError(f'owner: Bad value for "--{option}" option: "{text}"')
    return Ids(low, high, given.inverted(option))


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


def _hex_pattern(text: str) -> bytes:
    """ "GET|0d0a|" : hexadecimal between bars, as it is elsewhere."""
    pattern = bytearray()
    for index, part in enumerate(text.split("|")):
        if index % 2 == 0:
            pattern += part.encode("utf-8", "surrogateescape")
            continue
        digits = part.replace(" ", "")
        for digit in digits:
            if digit not in "0123456789abcdefABCDEF":
                raise RuleError(f"Invalid hex char '{digit}'")
        if len(digits) % 2:
            raise RuleError("hex block must contain an even number of digits")
        pattern += bytes.fromhex(digits)
    return bytes(pattern)
