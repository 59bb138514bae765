"""Operators of two values: arithmetic on numbers, comparison of numbers or text."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from simulator.userland.awk.control import AwkError
from simulator.userland.awk.values import Value, is_number, number, text

COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_COMPUTE: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "%": math.fmod,
    "^": lambda a, b: _power(a, b),
}


def compute(operator: str, one: Value, other: Value) -> float:
    """Raises AwkError for a division by zero."""
    left, right = number(one), number(other)
    if operator in "/%" and right == 0:
        raise AwkError("Division by zero")
    return _COMPUTE[operator](left, right)


def _power(base: float, exponent: float) -> float:
    """pow(3), which knows infinity and has no complex numbers."""
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return math.inf
    except ValueError:
        return math.inf if base == 0 else math.nan


def compare(operator: str, one: Value, other: Value) -> float:
    """Numbers, and text that came from outside and looks like a number, compare as numbers."""
    numeric = is_number(one) and is_number(other)
    left, right = (number(one), number(other)) if numeric else (text(one), text(other))
    return float(COMPARE[operator](left, right))
