"""Filters of list and prune requests: key to values, any value of a key suffices, every key must be met.

Mirrors moby's api/types/filters: names and ids match as regular expressions, anywhere in the text (or as an exact
text), labels as `key` or `key=value`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from simulator.clock import S
from simulator.engine.errors import InvalidParameter, System

Filters = Mapping[str, "list[str]"]

_UNITS = {"ns": 1, "us": 1_000, "µs": 1_000, "ms": 1_000_000, "s": S, "m": 60 * S, "h": 3600 * S}
_DURATION = re.compile(r"(?:\d+(?:\.\d*)?(?:ns|us|µs|ms|s|m|h))+")


def check_filters(filters: Filters, accepted: Iterable[str]) -> None:
    """Raises InvalidParameter for a key that this request does not know."""
    known = set(accepted)
    for key in filters:
        if key not in known:
            raise InvalidParameter(f"Invalid filter '{key}'")


def exact(filters: Filters, key: str, value: str) -> bool:
    """Whether the filter is absent or names this very value."""
    return not filters.get(key) or value in filters[key]


def matches(filters: Filters, key: str, source: str) -> bool:
    """Whether the filter is absent or one of its values is found in the source, as regular expression."""
    values = filters.get(key)
    return not values or any(value == source or _search(value, source) for value in values)


def _search(pattern: str, source: str) -> bool:
    try:
        return re.search(pattern, source) is not None
    except re.error:
        return False


def labels_match(filters: Filters, labels: Mapping[str, str] | None, *, key: str = "label") -> bool:
    """Whether the labels meet every value of a label filter."""
    own = labels or {}
    for wanted in filters.get(key, []):
        name, equals, value = wanted.partition("=")
        if name not in own or (equals and own[name] != value):
            return False
    return True


def prune_match(filters: Filters, labels: Mapping[str, str] | None) -> bool:
    """Whether something with these labels may be pruned: `label` asks for it, `label!` keeps it."""
    if not labels_match(filters, labels):
        return False
    return not filters.get("label!") or not labels_match(filters, labels, key="label!")


def boolean(filters: Filters, key: str) -> bool | None:
    """True or False as the filter says, None if it is absent. Raises InvalidParameter."""
    values = filters.get(key)
    if not values:
        return None
    if len(values) > 1 or values[0] not in ("true", "True", "1", "false", "False", "0"):
        raise InvalidParameter(f"Invalid filter '{key}=[{' '.join(values)}]'")
    return values[0] in ("true", "True", "1")


def duration_from_text(text: str) -> int | None:
    """Go's duration text ("1h30m") in ns; None if it is none."""
    if not _DURATION.fullmatch(text):
        return None
    parts = re.findall(r"(\d+(?:\.\d*)?)(ns|us|µs|ms|s|m|h)", text)
    return sum(int(float(number) * _UNITS[unit]) for number, unit in parts)


def until(filters: Filters, now: int) -> int | None:
    """The moment (ns since the epoch) of an `until` filter: what was made before it may go."""
    values = filters.get("until", [])
    if not values:
        return None
    if len(values) > 1:
        raise InvalidParameter("more than one until filter specified")
    age = duration_from_text(values[0])
    if age is not None:
        return now - age
    return moment_from_text(values[0])


def moment_from_text(text: str) -> int:
    """Seconds since the epoch with an optional fraction, as the client sends moments, in ns."""
    seconds, _, fraction = text.partition(".")
    digits = seconds.removeprefix("-")
    if not digits.isdigit() or (fraction and not fraction.isdigit()):
        raise System(f'strconv.ParseInt: parsing "{seconds}": invalid syntax')
    return int(seconds) * S + (int(fraction.ljust(9, "0")[:9]) if fraction else 0)
