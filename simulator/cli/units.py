"""Sizes and ages as people read them: docker/go-units."""

from __future__ import annotations

import math
import re

from simulator.clock import S

_DECIMAL = ("B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB")
_BINARY = ("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB")
_SIZE = re.compile(r"(\d+(?:\.\d+)*) ?([kKmMgGtTpP])?[iI]?[bB]?")
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4, "p": 5}


def human_size(size: float, precision: int = 4) -> str:
    """1.99MB: decimal units, `precision` significant digits."""
    value, unit = _scaled(float(size), 1000.0, _DECIMAL)
    return general(value, precision) + unit


def binary_size(size: float) -> str:
    """1.5GiB."""
    value, unit = _scaled(float(size), 1024.0, _BINARY)
    return general(value, 4) + unit


def _scaled(size: float, base: float, units: tuple[str, ...]) -> tuple[float, str]:
    power = 0
    while size >= base and power < len(units) - 1:
        size, power = size / base, power + 1
    return size, units[power]


def general(value: float, precision: int) -> str:
    """Go's %.Ng: like C's, but for an exponent that has two digits at least in both."""
    if math.isinf(value) or math.isnan(value):
        return "NaN" if math.isnan(value) else "+Inf" if value > 0 else "-Inf"
    return f"{value:.{precision}g}"


def bytes_from_text(text: str) -> int:
    """A size with binary units: 512m, 1.5g, 1024. Raises ValueError."""
    match = _SIZE.fullmatch(text)
    if not match:
        raise ValueError(f"invalid size: '{text}'")
    try:
        number = float(match[1])
    except ValueError:
        raise ValueError(f'strconv.ParseFloat: parsing "{match[1]}": invalid syntax') from None
    return int(number * 1024 ** _POWERS[(match[2] or "").lower()])


def human_duration(duration: int) -> str:
    """A duration in ns in words: "About a minute", "3 weeks"."""
    seconds = int(duration / S)
    minutes, hours = int(duration / (60 * S)), int(duration / (3600 * S) + 0.5)
    if seconds < 1:
        return "Less than a second"
    if seconds < 60:
        return "1 second" if seconds == 1 else f"{seconds} seconds"
    if minutes < 60:
        return "About a minute" if minutes == 1 else f"{minutes} minutes"
    if hours < 48:
        return "About an hour" if hours == 1 else f"{hours} hours"
    return _long_duration(duration, hours)


def _long_duration(duration: int, hours: int) -> str:
    if hours < 24 * 7 * 2:
        return f"{hours // 24} days"
    if hours < 24 * 30 * 2:
        return f"{hours // 24 // 7} weeks"
    if hours < 24 * 365 * 2:
        return f"{hours // 24 // 30} months"
    return f"{int(duration / (3600 * S)) // 24 // 365} years"
