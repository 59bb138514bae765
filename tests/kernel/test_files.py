"""Laws of the files that are devices: null(4), zero, full(4), random(4)."""

from __future__ import annotations

import pytest

from simulator.clock import Clock
from simulator.kernel.files import DEVICES


@pytest.mark.parametrize(("name", "data"), [("null", b""), ("zero", bytes(5)), ("full", bytes(5))])
def test_a_device_gives_its_own_bytes_for_ever(clock: Clock, name: str, data: bytes) -> None:
    file = DEVICES[name](clock)
    assert [file.take(5), file.take(5)] == [data, data]


@pytest.mark.parametrize("name", ["random", "urandom"])
def test_bytes_of_chance_come_from_the_clock(name: str) -> None:
    first, again = (DEVICES[name](Clock()) for _ in range(2))
    assert first.take(8) == again.take(8) != first.take(8)


def test_what_is_written_to_a_full_device_finds_no_room(clock: Clock) -> None:
    with pytest.raises(OSError, match="No space left on device"):
        DEVICES["full"](clock).write(b"x")
    DEVICES["zero"](clock).write(b"x")
