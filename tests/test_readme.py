"""README tells the truth."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from simulator.support import table

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
PATHS = sorted(
    set(re.findall(r"`((?:simulator|tests|lessons)/[a-z0-9_./-]*)`", TEXT))
)  # those with capitals are patterns
PROGRAMS = [
    block for block in re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL) if "from simulator import Lab" in block
]


def test_the_table_of_what_is_simulated_is_what_the_code_says() -> None:
    """`python -m simulator.support` prints the table."""
    shown = TEXT.partition("<!-- made by simulator/support.py -->\n")[2].partition("<!-- end -->")[0]
    assert shown == table()


@pytest.mark.parametrize("path", PATHS)
def test_a_path_that_is_named_is_there(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_that_is_shown_runs(program: str) -> None:
    exec(compile(program, "README.md", "exec"), {})


def test_there_is_a_program_to_run() -> None:
    assert PROGRAMS
