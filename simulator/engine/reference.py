"""Image references as the engine reads them: what is wrong with one is a request's mistake."""

from __future__ import annotations

from simulator.engine.errors import InvalidParameter
from simulator.golang import reference
from simulator.golang.reference import Reference

__all__ = ["Reference", "reference_from_text"]


def reference_from_text(text: str) -> Reference:
    """Parses and normalises. Raises InvalidParameter in the words of the reference package."""
    try:
        return reference.reference_from_text(text)
    except ValueError as wrong:
        raise InvalidParameter(str(wrong)) from None
