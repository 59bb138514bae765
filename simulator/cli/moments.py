"""Moments as the client writes and reads them: Go's time.Time.String, RFC 3339, and what --since and --until take."""

from __future__ import annotations

import re

from simulator.clock import Clock, S, Zone

_RFC3339 = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d+))?(Z|[+-]\d{2}:\d{2})")


def go_time(text: str, zone: Zone | None = None) -> str:
    """A moment of the API's as Go prints a time: `2023-03-01 09:00:00.5 +0000 UTC`; the host's zone has a name."""
    match = _RFC3339.fullmatch(text)
    if not match:
        return text
    date, fraction, offset = match.groups()
    part = f".{fraction}".rstrip("0").rstrip(".") if fraction else ""
    return f"{date.replace('T', ' ')}{part} {_zone_text(offset, zone)}"


def _zone_text(offset: str, zone: Zone | None) -> str:
    if offset == "Z":
        return "+0000 UTC"
    plain = offset.replace(":", "")
    seconds = int(plain[0] + "1") * (int(plain[1:3]) * 3600 + int(plain[3:]) * 60)
    return f"{plain} {zone.name if zone and zone.offset == seconds else plain}"


def local_time(clock: Clock, wall: int) -> str:
    """A moment (ns since the epoch) as Go prints it in the host's zone."""
    moment = clock.at(wall - wall % S)
    fraction = f".{wall % S:09d}".rstrip("0").rstrip(".")
    return f"{moment:%Y-%m-%d %H:%M:%S}{fraction} {moment:%z} {clock.zone.name}"
