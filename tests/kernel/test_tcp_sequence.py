"""Positions and sequence numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.kernel.tcp_sequence import MODULUS, to_position, to_wire

NUMBERS = st.integers(0, MODULUS - 1)


@given(NUMBERS, st.integers(0, 1 << 40), st.integers(-(1 << 31) + 1, (1 << 31) - 1))
def test_a_position_near_the_expected_one_is_found_again(initial: int, near: int, distance: int) -> None:
    position = near + distance
    assert to_position(initial, to_wire(initial, position), near=near) == position


@given(NUMBERS, st.integers(0, 1 << 40))
def test_a_sequence_number_has_32_bits(initial: int, position: int) -> None:
    assert 0 <= to_wire(initial, position) < MODULUS


@pytest.mark.parametrize(("initial", "position", "number"), [(0, 5, 5), (MODULUS - 1, 1, 0), (10, MODULUS, 10)])
def test_numbers_wrap(initial: int, position: int, number: int) -> None:
    assert to_wire(initial, position) == number
