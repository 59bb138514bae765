"""time.Duration as text."""

from __future__ import annotations

from simulator.clock import S


def go_duration(duration: int) -> str:
    """time.Duration.String: 1m30s, 1.5s, 300ms."""
    if duration == 0:
        return "0s"
    sign, rest = ("-" if duration < 0 else ""), abs(duration)
    for unit, scale in (("ns", 1), ("µs", 1_000), ("ms", 1_000_000)):
        if rest < scale * 1000 and rest < S:
            return f"{sign}{_decimal(rest, scale)}{unit}"
    minutes, seconds = divmod(rest, 60 * S)
    hours, minutes = divmod(minutes, 60)
    text = f"{_decimal(seconds, S)}s"
    if hours:
        return f"{sign}{hours}h{minutes}m{text}"
    return f"{sign}{minutes}m{text}" if minutes else sign + text


def _decimal(number: int, scale: int) -> str:
    whole, rest = divmod(number, scale)
    digits = len(str(scale)) - 1
    return f"{whole}.{rest:0{digits}d}".rstrip("0").rstrip(".") if digits else str(whole)
