"""awk's values: numbers, texts, and texts from input that count as numbers where they look like one."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import TypeAlias

NUMBER = re.compile(r"\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
DIRECTIVE = re.compile(r"%([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+)?)?(?:[hlLqjzt]*)(.)", re.DOTALL)
BIGGEST_WHOLE = 1e16


class Input(str):
    """A text that came from outside: a field, a line, an element made by split."""


Value: TypeAlias = float | str | None  # None is a variable that was never set


def number(value: Value) -> float:
    """The value as a number: of a text what it begins with."""
    if value is None:
        return 0.0
    if isinstance(value, float):
        return value
    found = NUMBER.match(value)
    return float(found.group()) if found else 0.0


def text(value: Value, form: str = "%.6g") -> str:
    """The value as a text: whole numbers without a point, others by CONVFMT or OFMT."""
    if value is None:
        return ""
    if isinstance(value, str):
        return str(value)
    if math.isnan(value) or math.isinf(value):
        return ("-" if math.copysign(1, value) < 0 else "") + ("nan" if math.isnan(value) else "inf")
    if value == int(value) and abs(value) < BIGGEST_WHOLE:
        return str(int(value))
    return formatted(form, [value])


def truth(value: Value) -> bool:
    if looks_numeric(value):
        return number(value) != 0
    return value not in (None, "")


def looks_numeric(value: Value) -> bool:
    if isinstance(value, float):
        return True
    if isinstance(value, Input):
        found = NUMBER.match(value)
        return found is not None and not value[found.end() :].strip()
    return False


def compare(one: Value, other: Value, form: str) -> int:
    """-1, 0 or 1: as numbers if both are, else as texts."""
    if (looks_numeric(one) or one is None) and (looks_numeric(other) or other is None):
        left, right = number(one), number(other)
        return (left > right) - (left < right)
    first, second = text(one, form), text(other, form)
    return (first > second) - (first < second)


def formatted(template: str, arguments: Sequence[Value]) -> str:
    """printf's work. Missing arguments count as never set."""
    left = list(arguments)

    def one(found: re.Match[str]) -> str:
        flags, width, precision, kind = found.groups()
        if kind == "%":
            return "%"
        width = str(int(number(_take(left)))) if width == "*" else width or ""
        dotted = "." in found.group()[: -len(kind)]
        precision = str(int(number(_take(left)))) if precision == "*" else precision or ("0" if dotted else "")
        return _converted(flags, width, f".{precision}" if dotted else "", kind, found.group(), left)

    return DIRECTIVE.sub(one, template)


def _take(left: list[Value]) -> Value:
    return left.pop(0) if left else None


def _converted(flags: str, width: str, precision: str, kind: str, spelled: str, left: list[Value]) -> str:
    if width.startswith("-"):
        flags, width = flags + "-", width[1:]
    if kind in "sc":
        shown = _character(_take(left)) if kind == "c" else text(_take(left))
        return f"%{flags.replace('0', '')}{width}{precision if kind == 's' else ''}s" % shown
    if kind in "diouxX":
        value = number(_take(left))
        if math.isnan(value) or math.isinf(value):
            return f"%{flags.replace('0', '')}{width}s" % text(value)
        whole = int(value)
        whole += 1 << 64 if whole < 0 and kind in "ouxX" else 0
        return f"%{flags}{width}{precision}{'d' if kind in 'iu' else kind}" % whole
    if kind in "eEfFgG":
        return f"%{flags}{width}{precision}{kind}" % number(_take(left))
    return spelled


def _character(value: Value) -> str:
    """%c: the character of a number, the first one of a text."""
    if looks_numeric(value) and not isinstance(value, str):
        code = int(number(value))
        return chr(code) if 0 <= code < 0x110000 else ""
    return text(value)[:1]
