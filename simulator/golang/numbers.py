"""Numbers and durations as Go reads them: strconv.ParseInt, ParseUint, ParseBool, ParseFloat and time.ParseDuration.

Each raises ValueError with Go's own text, which the client prints after `invalid argument "x" for "-n, --last" flag: `.
"""

from __future__ import annotations

import re

from simulator.golang.quote import quote

_TRUE = ("1", "t", "T", "TRUE", "true", "True")
_FALSE = ("0", "f", "F", "FALSE", "false", "False")
_UNITS = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "μs": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
}
_PART = re.compile(r"(\d*)(\.\d*)?([^0-9.]*)")
_PREFIXES = {"0x": 16, "0X": 16, "0b": 2, "0B": 2, "0o": 8, "0O": 8}


def bool_from_text(text: str) -> bool:
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise _syntax("ParseBool", text)


def int_from_text(text: str, *, bits: int = 64, base: int = 0) -> int:
    """strconv.ParseInt: base 0 takes 0x, 0o, 0b prefixes and underscores, as pflag does."""
    sign = -1 if text.startswith("-") else 1
    value = _magnitude("ParseInt", text, text[1:] if text[:1] in ("+", "-") else text, base) * sign
    if not -(1 << bits - 1) <= value < 1 << bits - 1:
        raise _range("ParseInt", text)
    return value


def uint_from_text(text: str, *, bits: int = 64, base: int = 0) -> int:
    value = _magnitude("ParseUint", text, text, base)
    if value >= 1 << bits:
        raise _range("ParseUint", text)
    return value


def atoi(text: str) -> int:
    """strconv.Atoi."""
    try:
        return int_from_text(text, base=10)
    except ValueError as error:
        raise ValueError(str(error).replace("ParseInt", "Atoi", 1)) from None


def float_from_text(text: str) -> float:
    try:
        if text != text.strip() or "_" in text:
            raise ValueError
        return float(text)
    except ValueError:
        raise _syntax("ParseFloat", text) from None


def _magnitude(function: str, text: str, digits: str, base: int) -> int:
    if base == 0:
        base, digits = _base_of(digits)
        digits = digits.replace("_", "") if re.fullmatch(r"[0-9a-zA-Z]+(_[0-9a-zA-Z]+)*", digits) else digits
    if not digits or not digits.isascii() or not digits.isalnum():
        raise _syntax(function, text)
    try:
        return int(digits, base)
    except ValueError:
        raise _syntax(function, text) from None


def _base_of(digits: str) -> tuple[int, str]:
    if digits[:2] in _PREFIXES:
        return _PREFIXES[digits[:2]], digits[2:]
    if len(digits) > 1 and digits[0] == "0":
        return 8, digits[1:]
    return 10, digits


def duration_from_text(text: str) -> int:
    """time.ParseDuration: "1h30m", "300ms", "-1.5h", in nanoseconds."""
    rest, sign = text, 1
    if rest[:1] in ("+", "-"):
        sign, rest = -1 if rest[0] == "-" else 1, rest[1:]
    if rest == "0":
        return 0
    if not rest:
        raise ValueError(f"time: invalid duration {quote(text)}")
    total = 0
    while rest:
        match = _PART.match(rest)
        assert match is not None
        total += _part(text, match)
        rest = rest[match.end() :]
    return sign * total


def _part(text: str, match: re.Match[str]) -> int:
    whole, fraction, unit = match[1], (match[2] or "")[1:], match[3]
    if not whole and not fraction:
        raise ValueError(f"time: invalid duration {quote(text)}")
    if not unit:
        raise ValueError(f"time: missing unit in duration {quote(text)}")
    if unit not in _UNITS:
        raise ValueError(f"time: unknown unit {quote(unit)} in duration {quote(text)}")
    scale = _UNITS[unit]
    return int(whole or "0") * scale + (int(fraction) * scale // 10 ** len(fraction) if fraction else 0)


def _syntax(function: str, text: str) -> ValueError:
    return ValueError(f"strconv.{function}: parsing {quote(text)}: invalid syntax")


def _range(function: str, text: str) -> ValueError:
    return ValueError(f"strconv.{function}: parsing {quote(text)}: value out of range")
