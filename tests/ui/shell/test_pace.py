"""How simulated time goes while somebody watches a terminal, by a clock of the test's own."""

from __future__ import annotations

import pytest

from simulator.journal import Journal, Settings
from simulator.sandbox import Sandbox
from simulator.ui.shell.pace import Pace

LOOKING = 0.001  # seconds that a look at the keyboard takes


class Watch:
    """A person at a terminal; seconds pass for them only while keys are waited for."""

    def __init__(self) -> None:
        self.sandbox = Sandbox(Journal(Settings("20.10")))
        self.now = 0.0

    def _read(self, timeout: float | None) -> str:
        assert timeout is not None, "nothing would ever happen"
        self.now += max(timeout, LOOKING)
        return ""

    def seconds(self, line: str) -> float:
        """How long they sit before the line that they type."""
        began = self.now
        self.sandbox.type_line(line)
        Pace(self.sandbox, self._read, flush=lambda: None, now=lambda: self.now).run()
        return self.now - began


@pytest.fixture(scope="module")
def watch() -> Watch:
    return Watch()


def test_what_shows_something_goes_with_the_real_clock(watch: Watch) -> None:
    assert watch.seconds("ping -c 4 127.0.0.1") == pytest.approx(3, abs=0.1)


@pytest.mark.parametrize(
    ("line", "most"), [("sleep 2", 2.1), ("sleep 30", 6), ("sleep 300; echo awake", 12), ("sleep 3600", 70)]
)
def test_a_silent_wait_is_shortened(watch: Watch, line: str, most: float) -> None:
    asleep = float(line.split(";")[0].split()[1])
    assert min(asleep, 2) <= watch.seconds(line) < most


def test_what_has_been_silent_for_long_is_in_no_hurry_once_it_shows_something(watch: Watch) -> None:
    quiet, loud = watch.seconds("sleep 30"), watch.seconds("sleep 30; ping -c 3 127.0.0.1")
    assert loud - quiet == pytest.approx(2, abs=0.2)
