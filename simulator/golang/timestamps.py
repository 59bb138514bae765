"""Docker's moments: what people type for --since, --until and the filter `until`: RFC 3339 and its beginnings, ages, seconds.

Mirrors moby's api/types/time.GetTimestamp and, for its errors, Go's time.Parse.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from simulator.clock import Clock, S, Zone
from simulator.golang.numbers import duration_from_text
from simulator.golang.quote import quote

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def timestamp_from_text(text: str, clock: Clock) -> str:
    """A moment or an age as the API takes it: seconds since the epoch. Raises ValueError."""
    try:
        if text != "0":
            return str((clock.wall() - duration_from_text(text)) // S)
    except ValueError:
        pass
    layout, in_zone = _layout(text)
    try:
        wall = parsed_time(text, layout, clock.zone if in_zone else None)
    except ValueError:
        if "-" in text:
            raise
        if not re.fullmatch(r"-?\d+(\.\d+)?", text):
            raise ValueError(f"failed to parse value as time or duration: {quote(text)}") from None
        return text
    return f"{wall // S}.{wall % S:09d}"


def moment_from_text(text: str) -> int:
    """Seconds since the epoch with an optional fraction, as the client sends moments, in ns. Raises ValueError."""
    seconds, _, fraction = text.partition(".")
    digits = seconds.removeprefix("-")
    if not digits.isdigit() or (fraction and not fraction.isdigit()):
        wrong = fraction if digits.isdigit() else seconds
        raise ValueError(f'strconv.ParseInt: parsing "{wrong}": invalid syntax')
    return int(seconds) * S + (int(fraction.ljust(9, "0")[:9]) if fraction else 0)


def _layout(text: str) -> tuple[str, bool]:
    """The layout that a moment seems to have, and whether it is in the host's zone."""
    in_zone = not (any(char in text for char in "zZ+") or text.count("-") == 3)
    zone = "" if in_zone else "Z07:00"
    if "." in text:
        return ("2006-01-02T15:04:05.999999999" + zone), in_zone
    if "T" not in text:
        return "2006-01-02" + zone, in_zone
    colons = text.count(":")
    if not in_zone and colons and not any(char in text for char in "zZ"):
        colons -= 1
    return "2006-01-02T15" + (":04" if colons == 1 else "" if colons == 0 else ":04:05") + zone, in_zone


_ELEMENTS = re.compile(r"2006|01|02|15|04|05|\.9+|Z07:00|[^0-9.Z]")
_PATTERNS = {
    "2006": r"\d{4}", "01": r"\d{2}", "02": r"\d{2}", "15": r"\d{2}", "04": r"\d{2}", "05": r"\d{2}(?:\.\d+)?",
    "Z07:00": r"Z|[+-]\d{2}:\d{2}",
}  # fmt: skip
_RANGES = {
    "01": (1, 12, "month"), "02": (1, 31, "day"), "15": (0, 23, "hour"), "04": (0, 59, "minute"),
    "05": (0, 59, "second"),
}  # fmt: skip


def parsed_time(text: str, layout: str, zone: Zone | None) -> int:
    """time.Parse for layouts of RFC 3339's kind, in ns since the epoch. Raises ValueError with Go's text."""
    rest, found = text, {}
    for element in _ELEMENTS.findall(layout):
        if element.startswith("."):
            continue
        match = re.match(_PATTERNS.get(element, re.escape(element)), rest)
        if not match:
            seen = rest[4:] if element == "2006" and len(rest) >= 4 and rest[0].isdigit() else rest
            raise ValueError(_cannot(text, layout, f": cannot parse {quote(seen)} as {quote(element)}"))
        found[element] = match[0]
        rest = rest[match.end() :]
    if rest:
        raise ValueError(_cannot(text, "", f": extra text: {quote(rest)}"))
    for element, (low, high, name) in _RANGES.items():
        if not low <= int(found.get(element, str(low)).partition(".")[0]) <= high:
            raise ValueError(_cannot(text, "", f": {name} out of range"))
    return _wall(text, found, zone)


def _cannot(text: str, layout: str, problem: str) -> str:
    return f"parsing time {quote(text)}" + (f" as {quote(layout)}" if layout else "") + problem


def _wall(text: str, found: dict[str, str], zone: Zone | None) -> int:
    seconds, _, fraction = found.get("05", "00").partition(".")
    year, month, day = (int(found[element]) for element in ("2006", "01", "02"))
    hour, minute = int(found.get("15", "0")), int(found.get("04", "0"))
    try:
        moment = datetime(year, month, day, hour, minute, int(seconds), tzinfo=UTC)
    except ValueError:
        raise ValueError(_cannot(text, "", ": day out of range")) from None
    east = zone.offset if zone else _seconds_east(found.get("Z07:00", "Z"))
    return ((moment - _EPOCH) // timedelta(seconds=1) - east) * S + int(fraction.ljust(9, "0")[:9] or "0")


def _seconds_east(offset: str) -> int:
    if offset == "Z":
        return 0
    return int(offset[0] + "1") * (int(offset[1:3]) * 60 + int(offset[4:])) * 60
