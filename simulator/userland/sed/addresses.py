"""The addresses of sed's commands: which lines a command is for (POSIX.1-2017, sed: Addresses in sed)."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import Protocol

from msgspec import Struct


class Place(Protocol):
    """Where in its input an editor is."""

    number: int
    space: str

    @property
    def last(self) -> bool: ...

    def pattern(self, given: re.Pattern[str] | None) -> re.Pattern[str]: ...


class Address(Struct, frozen=True):
    """One address. `until` is the line with which a range to it ends, if that is known where the range begins."""

    def at(self, place: Place) -> bool:
        return False

    def until(self, place: Place) -> int | None:
        return None


class Line(Address, frozen=True):
    """3"""

    number: int

    def at(self, place: Place) -> bool:
        return place.number == self.number

    def until(self, place: Place) -> int | None:
        return self.number


class Last(Address, frozen=True):
    """$"""

    def at(self, place: Place) -> bool:
        return place.last

    def until(self, place: Place) -> int | None:
        return place.number if place.last else None


class Matching(Address, frozen=True):
    """/pattern/; without one, the pattern that was used last."""

    pattern: re.Pattern[str] | None

    def at(self, place: Place) -> bool:
        return place.pattern(self.pattern).search(place.space) is not None


class Step(Address, frozen=True):
    """first~step (GNU)"""

    first: int
    step: int

    def at(self, place: Place) -> bool:
        distance = place.number - self.first
        return distance == 0 if self.step == 0 else distance >= 0 and distance % self.step == 0


class Distance(Address, frozen=True):
    """,+lines: only as the end of a range."""

    lines: int

    def until(self, place: Place) -> int | None:
        return place.number + self.lines


class Multiple(Address, frozen=True):
    """,~of (GNU 4.9: past this line in any case): only as the end of a range."""

    of: int

    def until(self, place: Place) -> int | None:
        return (place.number // self.of + 1) * self.of if self.of else place.number


class Phase(Enum):
    BEFORE = auto()
    INSIDE = auto()
    AFTER = auto()


class Range(Struct):
    """From one address to another; `end` is the line it ends with, where that was known at its beginning."""

    first: Address
    second: Address
    from_start: bool = False  # GNU's 0,/pattern/ may end on the first line
    phase: Phase = Phase.BEFORE
    end: int | None = None

    def rewind(self) -> None:
        """Before the first line of a stream."""
        self.phase = Phase.INSIDE if self.from_start else Phase.BEFORE
        self.end = None

    def at(self, place: Place) -> bool:
        if self.phase is Phase.INSIDE:
            return self._goes_on(place)
        if not self._begins(place):
            return False
        self.end = self.second.until(place)
        self._enter(self.end is None or place.number < self.end)
        return True

    def _begins(self, place: Place) -> bool:
        """At a line number it begins once, be it that the number itself was read past."""
        if isinstance(self.first, Line):
            return self.phase is Phase.BEFORE and 0 < self.first.number <= place.number
        return self.first.at(place)

    def _goes_on(self, place: Place) -> bool:
        if self.end is None:
            self._enter(not self.second.at(place))
            return True
        self._enter(place.number < self.end)
        return place.number <= self.end

    def _enter(self, inside: bool) -> None:
        self.phase = Phase.INSIDE if inside else Phase.AFTER
