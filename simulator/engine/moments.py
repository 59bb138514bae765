"""Moments and durations as the engine words them.

The engine keeps the times of containers and images in UTC, whatever the host's zone; ages are go-units' HumanDuration.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from simulator.clock import US, S

NEVER = "0001-01-01T00:00:00Z"  # Go's zero time

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def utc(wall: int | None) -> str:
    """A wall time in ns as RFC 3339 in UTC, without trailing zeros of the fraction; None is Go's zero time."""
    if wall is None:
        return NEVER
    fraction = f".{wall % S:09d}".rstrip("0").rstrip(".")
    return f"{_EPOCH + timedelta(microseconds=wall // S * (S // US)):%Y-%m-%dT%H:%M:%S}{fraction}Z"


def utc_fixed(wall: int) -> str:
    """The same with all nine digits, as logs have it."""
    return f"{_EPOCH + timedelta(microseconds=wall // S * (S // US)):%Y-%m-%dT%H:%M:%S}.{wall % S:09d}Z"


def human_duration(duration: int) -> str:
    """A duration in ns as in `Up 3 minutes`."""
    seconds = int(duration / S)
    if seconds < 1:
        return "Less than a second"
    if seconds == 1:
        return "1 second"
    if seconds < 60:
        return f"{seconds} seconds"
    minutes = seconds // 60
    if minutes == 1:
        return "About a minute"
    if minutes < 60:
        return f"{minutes} minutes"
    hours = int(duration / (3600 * S) + 0.5)
    if hours == 1:
        return "About an hour"
    for limit, unit, name in (
        (48, 1, "hours"),
        (14 * 24, 24, "days"),
        (60 * 24, 24 * 7, "weeks"),
        (2 * 365 * 24, 24 * 30, "months"),
    ):
        if hours < limit:
            return f"{hours // unit} {name}"
    return f"{int(duration / (3600 * S)) // 24 // 365} years"
