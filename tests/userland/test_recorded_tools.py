"""The text tools and the shells print what the real ones printed, to the byte, with the same status."""

from __future__ import annotations

import pytest

from tests.userland.tools import Tools, recording

TOOLS = (
    ("busybox.txt", "busybox"),
    ("busybox-sed.txt", "busybox"),
    ("gnu.txt", "gnu"),
    ("gnu-columns.txt", "gnu"),
    ("gnu-sed.txt", "gnu"),
)
SHELLS = (("ash.txt", "busybox", "sh"), ("dash.txt", "gnu", "dash"), ("bash.txt", "gnu", "bash"))


def differing(name: str, kind: str, shell: str = "") -> list[tuple[str, str, str]]:
    """The commands whose output is another one: (command, real, ours)."""
    recorded, tools = recording(name), Tools(kind)
    tools.run(recorded.setup)
    played = [(command, output, tools.shown(command, shell=shell)) for command, output in recorded.commands]
    assert len(played) > 20
    return [row for row in played if row[1] != row[2]]


@pytest.mark.parametrize(("name", "kind"), TOOLS)
def test_tools_print_what_the_real_ones_printed(name: str, kind: str) -> None:
    assert differing(name, kind) == []


@pytest.mark.parametrize(("name", "kind", "shell"), SHELLS)
def test_shells_complain_as_the_real_ones_did(name: str, kind: str, shell: str) -> None:
    assert differing(name, kind, shell) == []
