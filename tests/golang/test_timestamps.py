"""Moments as texts."""

from __future__ import annotations

import pytest

from simulator.clock import S
from simulator.golang.timestamps import moment_from_text


def test_moments_are_seconds_with_a_fraction() -> None:
    assert moment_from_text("12.000000345") == 12 * S + 345
    assert moment_from_text("12.5") == 25 * S // 2
    for text in ("x", "1.x"):
        with pytest.raises(ValueError, match=r'strconv\.ParseInt: parsing "x": invalid syntax'):
            moment_from_text(text)
