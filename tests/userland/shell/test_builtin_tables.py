"""The tables of commands that a shell carries inside name functions that are there."""

from __future__ import annotations

import pytest

from simulator.kernel.linking import linked
from simulator.userland.shell import builtins


@pytest.mark.parametrize("dialect", ["ash", "bash", "dash"])
def test_every_row_leads_to_a_function(dialect: str) -> None:
    table = builtins._TABLES[dialect]
    assert [name for name, where in table.items() if not callable(linked(f"{builtins.__name__}.{where}"))] == []
