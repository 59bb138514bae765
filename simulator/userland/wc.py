"""wc: lines, words and bytes (POSIX.1-2017, wc)."""

from __future__ import annotations

from simulator.clock import Steps
from simulator.kernel.files import DiskFile
from simulator.kernel.process import Process
from simulator.userland.getopt import Options
from simulator.userland.inputs import each_file
from simulator.userland.program import BUSYBOX, GNU, Style, decode

LONG = {"lines": "l", "words": "w", "bytes": "c", "chars": "m", "max-line-length": "L"}
LETTERS = "lwmcL"  # the order in which the counts are shown


def wc(process: Process) -> Steps:
    return (yield from _wc(process, BUSYBOX))


def gnu_wc(process: Process) -> Steps:
    return (yield from _wc(process, GNU))


def _wc(process: Process, style: Style) -> Steps:
    given = style.options(process, "clwmL", long=LONG)
    letters = [letter for letter in LETTERS if letter in given] or ["l", "w", "c"]
    rows: list[tuple[dict[str, int], str]] = []

    def handle(data: bytes, path: str) -> None:
        rows.append((_counts(data), "" if path == "-" and not given.operands else path))

    status = yield from each_file(process, given.operands, style, handle)
    if len(given.operands) > 1:
        total = {letter: sum(counts[letter] for counts, _ in rows) for letter in "lwmc"}
        rows.append((total | {"L": max((counts["L"] for counts, _ in rows), default=0)}, "total"))
    width = _gnu_width(process, given, letters, rows) if style.gnu else 1 if len(letters) == len(rows) == 1 else 9
    for counts, name in rows:
        shown = " ".join(f"{counts[letter]:>{width}}" for letter in letters)
        process.print(f"{shown} {name}" if name else shown)
    return status


def _counts(data: bytes) -> dict[str, int]:
    text = decode(data)
    return {
        "l": data.count(b"\n"),
        "w": len(text.split()),
        "c": len(data),
        "m": len(text),
        "L": max((len(line.expandtabs()) for line in text.split("\n")), default=0),
    }


def _gnu_width(process: Process, given: Options, letters: list[str], rows: list[tuple[dict[str, int], str]]) -> int:
    """As wide as the largest size; seven if an input is no regular file."""
    if len(letters) == 1 and len(given.operands) < 2:
        return 1
    if (not given.operands or "-" in given.operands) and not isinstance(process.stdin, DiskFile):
        return 7
    return len(str(sum(counts["c"] for counts, name in rows if name != "total")))
