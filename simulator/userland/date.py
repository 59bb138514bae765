"""date: the wall clock of the machine (POSIX.1-2017, date). Setting the clock is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from simulator.clock import US, S, Steps
from simulator.kernel.process import Process
from simulator.userland.getopt import Options
from simulator.userland.program import BUSYBOX, GNU, Style

LONG = {"date=": "d", "utc": "u", "universal": "u", "iso-8601=?": "I", "rfc-email": "R", "reference=": "r", "set=": "s"}
DIRECTIVE = re.compile(r"%([-_0^]?)(\d*)(:{0,2}[A-Za-z%])")
DEFAULT = "%a %b %e %H:%M:%S %Z %Y"
ISO = {"": "%Y-%m-%d", "date": "%Y-%m-%d", "hours": "%Y-%m-%dT%H%:z", "minutes": "%Y-%m-%dT%H:%M%:z",
       "seconds": "%Y-%m-%dT%H:%M:%S%:z", "ns": "%Y-%m-%dT%H:%M:%S,%N%:z"}  # fmt: skip
UNITS = {"sec": 1, "second": 1, "min": 60, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
RELATIVE = re.compile(r"([-+]?\d+)\s*(second|sec|minute|min|hour|day|week)s?(\s+ago)?")

PLAIN = "aAbBdHIjmMpSuUVwWyYzGg"  # strftime(3)'s own
SHORT = {
    "%": "%%", "n": "\n", "t": "\t", "F": "%Y-%m-%d", "T": "%H:%M:%S", "R": "%H:%M", "D": "%m/%d/%y", "h": "%b",
    "r": "%I:%M:%S %p", "x": "%m/%d/%y", "X": "%H:%M:%S",
}  # fmt: skip
COMPUTED: dict[str, Callable[[datetime], str]] = {
    "s": lambda moment: str(_ns(moment) // S),
    "e": lambda moment: f"{moment.day:2d}",
    "k": lambda moment: f"{moment.hour:2d}",
    "l": lambda moment: f"{(moment.hour - 1) % 12 + 1:2d}",
    "c": lambda moment: f"{moment:%a %b} {moment.day:2d} {moment:%H:%M:%S} {moment.year}",
    "C": lambda moment: f"{moment.year // 100:02d}",
    "P": lambda moment: f"{moment:%p}".lower(),
    "Z": lambda moment: moment.tzname() or "",
    ":z": lambda moment: f"{moment:%z}"[:3] + ":" + f"{moment:%z}"[3:5],
}
FLAGS: dict[str, Callable[[str], str]] = {
    "-": lambda text: text.lstrip("0 ") or "0",
    "_": lambda text: (text.lstrip("0") or "0").rjust(len(text)),
    "^": str.upper,
}


def date(process: Process) -> Steps:
    return (yield from _date(process, BUSYBOX))


def gnu_date(process: Process) -> Steps:
    return (yield from _date(process, GNU))


def _date(process: Process, style: Style) -> Steps:
    given = style.options(process, "d:uI::Rr:s:D:", long=LONG)
    if "s" in given or (given.operands and not given.operands[0].startswith("+")):
        if given.operands and not re.fullmatch(r"\d{8,14}(\.\d\d)?", given.operands[0]) and "s" not in given:
            return style.complain(
                process, f"invalid date ‘{given.operands[0]}’" if style.gnu else f"invalid date '{given.operands[0]}'"
            )
        return style.complain(
            process,
            "cannot set date: Operation not permitted" if style.gnu else "can't set date: Operation not permitted",
        )
    wall = _wanted(process, style, given)
    moment = process.clock.at(wall)
    if "u" in given or process.env.get("TZ", "").startswith("UTC"):
        moment = moment.astimezone(UTC)
    process.print(formatted(_template(given, style), moment, wall % S))
    return 0
    yield


def _template(given: Options, style: Style) -> str:
    if given.operands:
        return given.operands[0][1:]
    if "I" in given:
        return ISO.get(given.get("I"), ISO[""])
    if "R" in given:
        return "%a, %d %b %Y %H:%M:%S %z"
    return DEFAULT


def _wanted(process: Process, style: Style, given: Options) -> int:
    """The moment in question, in ns since the epoch."""
    if "r" in given:
        return process.disk.lookup(process.path(given.get("r"))).mtime
    if "d" not in given:
        return process.clock.wall()
    text = given.get("d").strip()
    found = moment_from_text(text, process.clock.at(process.clock.wall()))
    if found is None:
        shown = f"invalid date ‘{text}’" if style.gnu else f"invalid date '{text}'"
        style.complain(process, shown)
        process.exit(1)
    return found


def moment_from_text(text: str, now: datetime) -> int | None:
    """@1700000000, 2024-01-31 12:00[:00], 12:00, now, yesterday, '2 days ago', in ns since the epoch."""
    if re.fullmatch(r"@-?\d+", text):
        return int(text[1:]) * S
    days = {"": 0, "now": 0, "today": 0, "yesterday": -1, "tomorrow": 1}
    if text in days:
        return _ns(now + timedelta(days=days[text]))
    relative = RELATIVE.fullmatch(text)
    if relative:
        seconds = int(relative.group(1)) * UNITS[relative.group(2)] * (-1 if relative.group(3) else 1)
        return _ns(now + timedelta(seconds=seconds))
    for pattern in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ"):
        try:
            found = datetime.strptime(text, pattern)
        except ValueError:
            continue
        return _ns(found.replace(tzinfo=UTC if pattern.endswith("Z") else now.tzinfo))
    clock = re.fullmatch(r"(\d{1,2}):(\d\d)(?::(\d\d))?", text)
    if clock:
        hour, minute, second = (int(part or 0) for part in clock.groups())
        return _ns(now.replace(hour=hour, minute=minute, second=second, microsecond=0))
    return None


def formatted(template: str, moment: datetime, fraction: int = 0) -> str:
    """A moment as strftime(3) writes it; `fraction` is ns within the second."""
    return DIRECTIVE.sub(lambda found: _directive(found, moment, fraction), template)


def _directive(found: re.Match[str], moment: datetime, fraction: int) -> str:
    flag, width, kind = found.groups()
    if kind in COMPUTED:
        text = COMPUTED[kind](moment)
    elif kind in SHORT or kind in PLAIN:
        text = moment.strftime(SHORT.get(kind, "%" + kind))
    elif kind == "N":
        text = f"{fraction:09d}"[: int(width) if width else 9]
    else:
        return found.group()
    return FLAGS[flag](text) if flag in FLAGS else text


def _ns(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * US
