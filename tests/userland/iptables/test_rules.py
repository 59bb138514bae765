"""Every rule is read, saved and listed as the real iptables does: see rules.txt."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from simulator.kernel.machine import Machine
from simulator.versions import VERSIONS

from .conftest import host, run

BLOCKS = [block.rstrip("\n") for block in (Path(__file__).parent / "rules.txt").read_text().split("=== ")[1:]]
GOOD = [block for block in BLOCKS if "\n-A X" in block]
TABLES = ("filter", "mangle", "raw", "nat")


def title(block: str) -> str:
    return block.split("\n", 1)[0]


@pytest.fixture(scope="module")
def machine() -> Machine:
    """One host for all rules: each finds the chains X and U of its table empty."""
    made = host(VERSIONS["20.10"])
    for table in TABLES:
        run(made, f"iptables -t {table} -N X; iptables -t {table} -N U")
    return made


@pytest.mark.parametrize("block", BLOCKS, ids=title)
def test_a_rule_reads_and_prints_as_the_real_one(machine: Machine, block: str) -> None:
    head, _, expected = block.partition("\n")
    table, _, rule = head.partition(" ")
    iptables = ["iptables", "-t", table]
    run(machine, [*iptables, "-F", "X"])
    shown, status = run(machine, [*iptables, "-A", "X", *shlex.split(rule)])
    if status:
        shown += f"[{status}]\n"
    else:
        for lists, skip in (("-S", 1), ("-nvL", 2), ("-vL", 2)):
            shown += "".join(run(machine, [*iptables, lists, "X"])[0].splitlines(keepends=True)[skip:])
    assert shown.rstrip("\n") == expected


@pytest.mark.parametrize("block", GOOD, ids=title)
def test_a_saved_rule_reads_as_itself(machine: Machine, block: str) -> None:
    table = block.split()[0]
    run(machine, ["iptables", "-t", table, "-F", "X"])
    saved = [line for line in block.split("\n") if line.startswith("-A X")]
    text = "\n".join([f"*{table}", *saved, "COMMIT", ""])
    assert run(machine, ["iptables-restore", "-n"], stdin=text)[1] == 0
    assert run(machine, ["iptables", "-t", table, "-S", "X"])[0].splitlines()[1:] == saved
