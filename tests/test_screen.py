"""Laws of what a screen shows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.screen import shown


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("a\nb\n", ["a", "b"]),
        ("a\nb", ["a", "b"]),
        ("a\n\n", ["a", ""]),
        ("10%\r50%\r100%\n", ["100%"]),
        ("\r/ # \r/ # ", ["/ # "]),
        ("abc\b\bX\n", ["aXc"]),
        ("one\n\x1b[1A\x1b[2K\rdone\r\x1b[1B", ["done"]),
        ("x: Pulling \n\x1b[1A\x1b[2K\rx: Pull complete \r\x1b[1BDigest: y\n", ["x: Pull complete ", "Digest: y"]),
        ("\x1b[1;31mred\x1b[0m\x07\n", ["red"]),
        ("abc\x1b[2D\x1b[K\n", ["a"]),
        ("a\nb\nc\x1b[2A\x1b[J", ["a"]),
    ],
)
def test_a_line_is_shown_as_it_ended(text: str, lines: list[str]) -> None:
    assert shown(text) == lines


@given(st.text(alphabet="ab \n\r\b\x1b[12ABCDKJm;", max_size=60))
def test_any_bytes_can_be_shown(text: str) -> None:
    assert all("\x1b[" not in line or "\x1b" in text for line in shown(text))
