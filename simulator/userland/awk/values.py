"""Values of awk: numbers, strings, and text from outside that counts as a number if it looks like one."""

from __future__ import annotations

import math
import re

_LEADING = re.compile(r"\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


class Text(str):
    """Text of a field or an unset variable (a "strnum")."""

    __slots__ = ()


Value = float | str


def number(value: Value) -> float:
    """The number a value begins with, else 0."""
    if isinstance(value, float):
        return value
    found = _LEADING.match(value)
    return float(found[0]) if found else 0.0


def text(value: Value, form: str = "%.6g") -> str:
    """A value as text; whole numbers have no fraction."""
    if isinstance(value, str):
        return str(value)
    if not math.isfinite(value):
        return str(value)
    return str(int(value)) if value == int(value) and abs(value) < 1e16 else form % value


def is_number(value: Value) -> bool:
    """Whether a value compares as a number."""
    if isinstance(value, float):
        return True
    return isinstance(value, Text) and (not value or bool(re.fullmatch(_LEADING.pattern + r"\s*", value)))


def truth(value: Value) -> bool:
    if isinstance(value, Text) and value and is_number(value):
        return number(value) != 0
    return value != 0.0 if isinstance(value, float) else bool(value)
