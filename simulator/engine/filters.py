"""Filters of list and prune requests: key to values, any value of a key suffices, every key must be met.

Mirrors moby's api/types/filters: names and ids match as regular expressions, anywhere in the text (or as an exact
text), labels as `key` or `key=value`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from simulator.clock import Clock
from simulator.engine.errors import InvalidParameter, System
from simulator.golang.timestamps import moment_from_text, timestamp_from_text

Filters = Mapping[str, "list[str]"]


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


def until(filters: Filters, clock: Clock) -> int | None:
    """The moment (ns since the epoch) of an `until` filter: what was made before it may go. Raises EngineError."""
    values = filters.get("until", [])
    if not values:
        return None
    if len(values) > 1:
        raise InvalidParameter("more than one until filter specified")
    try:
        return moment_from_text(timestamp_from_text(values[0], clock))
    except ValueError as wrong:
        raise System(str(wrong)) from None


def moment(text: str) -> int:
    """A moment of a request, in ns since the epoch. Raises System."""
    try:
        return moment_from_text(text)
    except ValueError as wrong:
        raise System(str(wrong)) from None
