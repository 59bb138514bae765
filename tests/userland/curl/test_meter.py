"""Numbers of curl's progress meter."""

from __future__ import annotations

import pytest

from simulator.userland.curl.meter import _five


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "    0"),
        (99_999, "99999"),
        (100_000, "  97k"),
        (3_072_000, "3000k"),
        (10_240_000 * 2, "19.5M"),
        (200 * 1024**2, " 200M"),
    ],
)
def test_numbers_have_five_columns(count: int, text: str) -> None:
    assert _five(count) == text
