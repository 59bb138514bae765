"""What `:why` tells in many situations: each file has the lines that are typed and, below them, the road as it is told.

Numbers of packets, ports that a sender took, sequence numbers and times are left out of the comparison.
`python tests/why/test_situations.py` writes the files anew.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from simulator.journal import Journal, Settings
from simulator.kernel.drops import DROP_CODES
from simulator.sandbox import Sandbox
from simulator.trial import Typed
from simulator.ui.shell.explain import why

FOLDER = Path(__file__).parent / "situations"
FILES = sorted(FOLDER.glob("*.txt"))
BLANK = [
    (re.compile(r"packet \d+"), "packet N"),
    (re.compile(r"(?m)^ *\d+ +\d+ us  "), ""),
    (re.compile(r"(?<=\.)(3[2-9]|[45]\d|6[0-5])\d{3}\b"), "PORT"),
    (re.compile(r"sport=\d{5}|dport=\d{5}"), "port=PORT"),
    (re.compile(r"seq \d{4,} ack \d+"), "seq N ack N"),
    (re.compile(r"\bid[ =]\d+"), "id N"),
    (re.compile(r"\b(veth|br-)[0-9a-f]+"), r"\1ID"),
    (re.compile(r" +made by:"), "  made by:"),
]


def read(path: Path) -> tuple[list[str], str]:
    head, _, told = path.read_text(encoding="utf-8").partition("\n\n")
    return head.splitlines(), told


def play(lines: list[str]) -> Sandbox:
    sandbox = Sandbox(Journal(Settings("20.10")))
    for line in lines:
        machine, _, text = line.partition("$ ")
        sandbox.use(machine or "docker-host")
        sandbox.run_line(text)
    return sandbox


def told(sandbox: Sandbox) -> str:
    text = why(sandbox.recorder.records, Typed(sandbox))
    for pattern, replacement in BLANK:
        text = pattern.sub(replacement, text)
    return text.rpartition("\n\n")[2] + "\n"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_road_is_told_as_it_was(path: Path) -> None:
    lines, expected = read(path)
    assert told(play(lines)) == expected


def test_there_are_at_least_thirty_situations() -> None:
    assert len(FILES) >= 30


def test_every_code_that_is_told_is_documented() -> None:
    codes = {code for path in FILES for code in re.findall(r"=> DROPPED (\w+)", read(path)[1])}
    assert len(codes) >= 9
    assert codes <= set(DROP_CODES)


def test_nearly_every_drop_comes_with_advice_that_was_tried() -> None:
    drops = [path.stem for path in FILES if "=> DROPPED" in read(path)[1]]
    helpless = {path.stem for path in FILES if "Nothing that was tried" in read(path)[1]}
    assert helpless <= {"internet-not-forwarded", "nobody-has-the-address", "udp-port-closed"}
    assert len(drops) >= 20


if __name__ == "__main__":
    for path in FILES:
        lines, _ = read(path)
        path.write_text("\n".join(lines) + "\n\n" + told(play(lines)), encoding="utf-8")
