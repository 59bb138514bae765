"""Names that the kernel's tables are keyed by."""

from __future__ import annotations

from enum import Enum


class Symbol(Enum):
    """An enum whose members are looked up for every packet: hashed as the objects they are.

    Enum's own hash calls Python code to hash the member's name, which takes longer than the look-up.
    """

    __hash__ = object.__hash__
