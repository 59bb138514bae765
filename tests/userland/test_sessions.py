"""The network's commands print what the real ones printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.userland.dialogue import play

SESSIONS = sorted((Path(__file__).parent / "sessions").glob("*.session"))


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
def test_commands_print_what_the_real_ones_printed(path: Path) -> None:
    assert play(path) == path.read_text()
