"""Paths as Go cleans them."""

from __future__ import annotations

import pytest

from simulator.golang.filepath import clean


@pytest.mark.parametrize(
    ("path", "cleaned"),
    [("//tmp", "/tmp"), ("/a//b/./../c/", "/a/c"), ("/..", "/"), ("", "."), ("a/../..", ".."), ("//", "/")],
)
def test_a_path_is_cleaned_by_its_words(path: str, cleaned: str) -> None:
    assert clean(path) == cleaned
