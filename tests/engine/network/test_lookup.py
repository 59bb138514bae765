"""How a name with dots can be read."""

from __future__ import annotations

import pytest

from simulator.engine.network import lookup


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("web", [("web", "")]),
        ("web.n1.", [("web.n1", ""), ("web", "n1")]),
        ("a.b.c", [("a.b.c", ""), ("a.b", "c"), ("a", "b.c")]),
    ],
)
def test_a_name_with_dots_may_be_name_and_network(name: str, expected: list[tuple[str, str]]) -> None:
    assert list(lookup.readings(name)) == expected
