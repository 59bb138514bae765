"""Every name that a disk holds leads to a program, and no program breaks over strange arguments."""

from __future__ import annotations

import pytest

from simulator.kernel.execve import program_from
from simulator.userland.applets import BUSYBOX, GNU
from simulator.userland.usage import busybox_usage
from tests.userland.tools import Tools

ENDLESS = frozenset({"yes", "watch"})  # what they run on is not wrong, so they would run for ever
STRANGE = (["--no-such-option"], ["-Z", "-9"], ["/nosuch"], ["", ""], ["a", "b", "c"], ["-"], ["--", "-"])


@pytest.mark.parametrize("table", [BUSYBOX, GNU], ids=["busybox", "gnu"])
def test_every_name_leads_to_a_program(table: dict[str, str]) -> None:
    assert [name for name, reference in table.items() if not callable(program_from(reference))] == []


@pytest.mark.parametrize(("kind", "table"), [("busybox", BUSYBOX), ("gnu", GNU)], ids=["busybox", "gnu"])
def test_strange_arguments_get_an_answer(kind: str, table: dict[str, str]) -> None:
    tools = Tools(kind)
    for name in sorted(set(table) - ENDLESS):
        for words in STRANGE:
            output, status = tools.run_program([name, *words])
            assert 0 <= status < 256, (name, words)
            assert "Traceback" not in output


def test_an_applet_is_misused_with_its_usage_text() -> None:
    assert Tools("busybox").run("ls -Z") == (f"ls: invalid option -- 'Z'\n{busybox_usage('ls')}\n", 1)


@pytest.mark.parametrize("name", ["cat", "ip", "ls", "nc", "nslookup", "ping6", "wget"])
def test_an_applet_that_is_asked_for_help_alone_gives_it_without_complaint(name: str) -> None:
    assert Tools("busybox").run(f"{name} --help") == (f"{busybox_usage(name)}\n", 0)
    assert Tools("busybox").run(f"{name} --help x")[1] != 0


def test_what_is_not_simulated_says_so() -> None:
    assert Tools("gnu").run("df") == ("docklab does not simulate df\n", 1)
