"""Signals in requests. Mirrors moby's pkg/signal."""

from __future__ import annotations

import re

from simulator.engine.errors import InvalidParameter, System
from simulator.kernel.signals import NAMES, number_from_text

_FIRST, _LAST = 34, 64
_REAL_TIME = {
    "RTMIN": _FIRST,
    "RTMAX": _LAST,
    **{f"RTMIN+{more}": _FIRST + more for more in range(1, 16)},
    **{f"RTMAX-{less}": _LAST - less for less in range(1, 15)},
}


def signal_from_text(text: str) -> int:
    """The number of a signal that a request names; any number but 0 is one. Raises InvalidParameter."""
    if re.fullmatch(r"[+-]?[0-9]+", text) and int(text):
        return int(text)
    number = number_from_text(text) or _REAL_TIME.get(text.upper().removeprefix("SIG"))
    if not number:
        raise InvalidParameter(f"Invalid signal: {text}")
    return number


def check_supported(name: str, number: int) -> None:
    """Whether Linux has the signal that a container, called so in the request, is to get. Raises System."""
    if number not in NAMES and not _FIRST <= number <= _LAST:
        shown = number % 2**64  # a negative number, as its type has it
        raise System(f"Cannot kill container: {name}: The linux daemon does not support signal {shown}")
