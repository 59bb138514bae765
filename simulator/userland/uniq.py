"""uniq: neighbouring equal lines as one (POSIX.1-2017, uniq)."""

from __future__ import annotations

import re
from collections.abc import Callable

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.getopt import Options
from simulator.userland.inputs import InputLines
from simulator.userland.program import BUSYBOX, GNU, Style, encode

LONG = {"count": "c", "repeated": "d", "unique": "u", "ignore-case": "i", "skip-fields=": "f", "skip-chars=": "s",
        "check-chars=": "w"}  # fmt: skip
FIELD = re.compile(r"[ \t]*[^ \t]*")


def uniq(process: Process) -> Steps:
    return (yield from _uniq(process, BUSYBOX))


def gnu_uniq(process: Process) -> Steps:
    return (yield from _uniq(process, GNU))


def _uniq(process: Process, style: Style) -> Steps:
    given = style.options(process, "cdiuf:s:w:", long=LONG)
    paths = given.operands
    if len(paths) > 1 and paths[1] != "-":
        process.set_file(1, process.open(paths[1], "w"))
    source = InputLines(process, paths[:1], style, refusal=style.refusal)
    key = _key(given)
    kept, count = "", 0
    while (line := (yield from source.next())) is not None:
        if count and key(line) == key(kept):
            count += 1
            continue
        _show(process, given, kept, count)
        kept, count = line, 1
    _show(process, given, kept, count)
    return source.status


def _key(given: Options) -> Callable[[str], str]:
    """What of a line is compared."""
    fields, chars, width = (int(given.get(letter, "0")) for letter in "fsw")

    def key(line: str) -> str:
        for _ in range(fields):
            line = FIELD.sub("", line, count=1)
        line = line[chars:]
        line = line[:width] if width else line
        return line.lower() if "i" in given else line

    return key


def _show(process: Process, given: Options, line: str, count: int) -> None:
    """A line and how often it came, if that is wanted; 0 times it came before the first."""
    if count and not ("d" in given and count < 2) and not ("u" in given and count > 1):
        process.write(encode((f"{count:7} " if "c" in given else "") + line + "\n"))
