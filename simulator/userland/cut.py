"""cut: columns of bytes, characters or fields (POSIX.1-2017, cut)."""

from __future__ import annotations

import re
from typing import NoReturn

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.inputs import each_line
from simulator.userland.program import BUSYBOX, GNU, Style

RANGE = re.compile(r"(\d*)(-?)(\d*)")
LONG = {"delimiter=": "d", "fields=": "f", "characters=": "c", "bytes=": "b", "only-delimited": "s",
        "complement": "C", "output-delimiter=": "O"}  # fmt: skip
Ranges = list[tuple[int, int]]
END = 1 << 30


def cut(process: Process) -> Steps:
    return (yield from _cut(process, BUSYBOX))


def gnu_cut(process: Process) -> Steps:
    return (yield from _cut(process, GNU))


def _cut(process: Process, style: Style) -> Steps:
    given = style.options(process, "b:c:d:f:nsDO:" if not style.gnu else "b:c:d:f:nsz", long=LONG)
    kind = given.last_of("bcf")
    if not kind:
        _refuse(process, style, "you must specify a list of bytes, characters, or fields")
    delimiter = given.get("d", "\t")
    if len(delimiter) != 1 and (style.gnu or delimiter):
        _refuse(process, style, "the delimiter must be a single character" if style.gnu else "invalid delimiter")
    ranges = _ranges(process, style, given.get(kind))
    output = given.get("O", delimiter)

    def transform(line: str) -> str | None:
        if kind != "f":
            return "".join(_chosen(list(line), ranges, complement="C" in given))
        fields = line.split(delimiter)
        if len(fields) == 1:
            return None if "s" in given else line
        return output.join(_chosen(fields, ranges, complement="C" in given))

    return (yield from each_line(process, given.operands, style, transform))


def _refuse(process: Process, style: Style, text: str) -> NoReturn:
    if style.gnu:
        style.refuse(process, text)
    style.complain(process, text)
    process.exit(1)


def _ranges(process: Process, style: Style, text: str) -> Ranges:
    ranges: Ranges = []
    for part in text.split(","):
        found = RANGE.fullmatch(part)
        if not part or found is None or part == "-" or part.startswith("0"):
            _refuse(process, style, "invalid field value" if style.gnu else f"invalid range {text}")
        low, dash, high = found.groups()
        ranges.append((int(low or 1), int(high) if high else END if dash else int(low)))
    return sorted(ranges)


def _chosen(items: list[str], ranges: Ranges, *, complement: bool) -> list[str]:
    def inside(number: int) -> bool:
        return any(low <= number <= high for low, high in ranges)

    return [item for number, item in enumerate(items, 1) if inside(number) != complement]
