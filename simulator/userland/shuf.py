"""shuf: lines in an order of chance (shuf(1)); the chance is the lab's, so a run repeats it."""

from __future__ import annotations

import re

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.getopt import Options
from simulator.userland.inputs import InputLines
from simulator.userland.program import BUSYBOX, GNU, Style, encode

LONG = {"echo": "e", "input-range=": "i", "head-count=": "n", "output=": "o", "repeat": "r", "zero-terminated": "z"}


def shuf(process: Process) -> Steps:
    return (yield from _shuf(process, BUSYBOX, BUSYBOX.options(process, "ei:n:o:z")))


def gnu_shuf(process: Process) -> Steps:
    return (yield from _shuf(process, GNU, GNU.options(process, "ei:n:o:rz", long=LONG)))


def _shuf(process: Process, style: Style, given: Options) -> Steps:
    count = given.get("n")
    if count and not count.isdigit():
        return style.complain(process, f"invalid line count: ‘{count}’" if style.gnu else f"invalid number '{count}'")
    if "i" in given:
        found = re.fullmatch(r"(\d+)-(\d+)", given.get("i"))
        if found is None:
            told = f"invalid input range: ‘{given.get('i')}’" if style.gnu else f"bad range '{given.get('i')}'"
            return style.complain(process, told)
        lines = [str(number) for number in range(int(found.group(1)), int(found.group(2)) + 1)]
    elif "e" in given:
        lines = list(given.operands)
    else:
        lines = []
        source = InputLines(process, given.operands[:1], style)
        while (line := (yield from source.next())) is not None:
            lines.append(line)
        if source.status:
            return source.status
    mixed = _mixed(process, lines, int(count) if count else None, repeat="r" in given)
    end = "\0" if "z" in given else "\n"
    data = encode("".join(line + end for line in mixed))
    (process.open(given.get("o"), "w").write if "o" in given else process.write)(data)
    return 0


def _mixed(process: Process, lines: list[str], count: int | None, *, repeat: bool) -> list[str]:
    chance = process.clock.chance
    if repeat:
        return [lines[chance.integer("shuf", 0, len(lines) - 1)] for _ in range(count or 0)] if lines else []
    left = list(lines)
    mixed: list[str] = []
    while left and (count is None or len(mixed) < count):
        mixed.append(left.pop(chance.integer("shuf", 0, len(left) - 1)))
    return mixed
