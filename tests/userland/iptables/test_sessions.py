"""iptables prints what the real one printed, command by command. The sessions were recorded in an empty network
namespace: those of 1.8.9 with the nf_tables kind, those of 1.4.21 with the older kind of 1.8.9, whose words they share.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from simulator.versions import VERSIONS

from .conftest import host, run

SESSIONS = sorted((Path(__file__).parent / "sessions").glob("*.session"))
MOMENT = re.compile(r" on (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) .* \d{4}$", re.MULTILINE)


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
def test_commands_print_what_the_real_ones_printed(path: Path) -> None:
    recorded = path.read_text()
    kind = re.search(r"^# iptables: (.*)$", recorded, re.MULTILINE)
    assert kind
    machine = host(next(version for version in VERSIONS.values() if version.iptables == kind[1]))
    shown = "".join(recorded.splitlines(keepends=True)[:2])
    for line in recorded.splitlines():
        if line.startswith("$ "):
            output, status = run(machine, line[2:])
            shown += f"{line}\n{MOMENT.sub(' on <time>', output)}" + (f"[{status}]\n" if status else "")
    assert shown == recorded
