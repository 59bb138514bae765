"""Pulling an image: lines that follow each other without a terminal, lines that change with one."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.cli.errors import CommandError
from simulator.cli.image.progress import Display, progress_text
from simulator.clock import Clock
from simulator.kernel.files import MemoryFile

MESSAGES: list[dict[str, Any]] = [
    {"status": "Pulling from library/alpine", "id": "latest"},
    {"status": "Pulling fs layer", "progressDetail": {}, "id": "aaa"},
    {"status": "Pulling fs layer", "progressDetail": {}, "id": "bbb"},
    {"status": "Downloading", "progressDetail": {"current": 500, "total": 1000}, "id": "aaa"},
    {"status": "Pull complete", "progressDetail": {}, "id": "aaa"},
    {"status": "Digest: sha256:1"},
]


def shown(messages: list[dict[str, Any]], columns: int | None) -> str:
    file = MemoryFile(Clock())
    display = Display(file, columns=columns)
    for message in messages:
        display.show(message)
    return bytes(file.written).decode()


def test_without_a_terminal_the_steps_follow_and_bars_are_left_out() -> None:
    assert shown(MESSAGES, None) == (
        "latest: Pulling from library/alpine\naaa: Pulling fs layer\nbbb: Pulling fs layer\n"
        "aaa: Pull complete\nDigest: sha256:1\n"
    )


def test_on_a_terminal_a_layer_keeps_its_line() -> None:
    text = shown(MESSAGES[:4], 80)
    assert text.endswith("\x1b[2A\x1b[2K\raaa: Downloading     500B/1kB\r\x1b[2B")
    assert text.count("\n") == 3


def test_a_line_of_its_own_ends_the_block_of_layers() -> None:
    text = shown([*MESSAGES[:2], {"status": "between"}, MESSAGES[2]], 80)
    assert text.endswith("between\n\n\x1b[1A\x1b[2K\rbbb: Pulling fs layer \r\x1b[1B")


def test_a_message_of_failure_ends_the_pull() -> None:
    with pytest.raises(CommandError, match=r"^manifest unknown$"):
        shown([{"error": "manifest unknown"}], None)


@pytest.mark.parametrize(
    ("detail", "columns", "text"),
    [
        ({}, 200, ""),
        ({"current": 5}, 200, "      5B"),
        ({"current": 500, "total": 1000}, 80, "    500B/1kB"),
        ({"current": 500, "total": 1000}, 200, "[" + "=" * 25 + ">" + " " * 25 + "]     500B/1kB"),
        ({"current": 2000, "total": 1000}, 80, "     2kB"),
    ],
)
def test_progress_has_a_bar_where_there_is_room(detail: dict[str, int], columns: int, text: str) -> None:
    assert progress_text(detail, columns) == text
