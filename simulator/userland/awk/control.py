"""The ways out of the middle of an awk program: next, exit, break, continue, return, and what goes wrong."""

from __future__ import annotations

from simulator.userland.awk.values import Value


class Next(Exception):
    """The rest of this line's rules is skipped."""


class Quit(Exception):
    """exit."""


class Break(Exception):
    """break and continue."""

    def __init__(self, again: bool) -> None:
        super().__init__(again)
        self.again = again


class Return(Exception):
    """return, with the function's value."""

    def __init__(self, value: Value) -> None:
        super().__init__(value)
        self.value = value


class AwkError(Exception):
    """A program that went wrong while it ran."""
