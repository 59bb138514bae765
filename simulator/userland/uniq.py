"""uniq: neighbouring equal lines as one (POSIX.1-2017, uniq)."""

from __future__ import annotations

import re

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.inputs import InputLines
from simulator.userland.program import BUSYBOX, GNU, Style, encode, strerror

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
    fields, chars, width = (int(given.get(letter, "0")) for letter in "fsw")

    def key(line: str) -> str:
        for _ in range(fields):
            line = FIELD.sub("", line, count=1)
        line = line[chars:]
        line = line[:width] if width else line
        return line.lower() if "i" in given else line

    def show(line: str, count: int) -> None:
        if ("d" in given and count < 2) or ("u" in given and count > 1):
            return
        process.write(encode((f"{count:7} " if "c" in given else "") + line + "\n"))

    def refusal(path: str, failure: OSError) -> str:
        shown = path if style.gnu else f"can't open '{path}'"
        return f"{shown}: {strerror(failure)}"

    source = InputLines(process, paths[:1], style, refusal=refusal)
    kept, count = "", 0
    while (line := (yield from source.next())) is not None:
        if count and key(line) == key(kept):
            count += 1
            continue
        if count:
            show(kept, count)
        kept, count = line, 1
    if count:
        show(kept, count)
    return source.status
