"""head: the first lines or bytes of files (head(1))."""

from __future__ import annotations

import re

from simulator.clock import Steps
from simulator.kernel.files import OpenFile
from simulator.kernel.process import Process
from simulator.userland.program import BUSYBOX, GNU, LineReader, Style, open_input, read_all, rows, strerror

LONG = {"lines=": "n", "bytes=": "c", "quiet": "q", "silent": "q", "verbose": "v"}
COUNT = re.compile(r"([-+]?)(\d+)([bkmKMG]?)")
SCALE = {"": 1, "b": 512, "k": 1024, "K": 1024, "m": 1024**2, "M": 1024**2, "G": 1024**3}


def head(process: Process) -> Steps:
    return (yield from _head(process, BUSYBOX))


def gnu_head(process: Process) -> Steps:
    return (yield from _head(process, GNU))


def _head(process: Process, style: Style) -> Steps:
    argv = [process.argv[0], *old_count(process.argv[1:], "n")]
    given = style.options(process, "n:c:qv", long=LONG, argv=argv)
    unit = given.last_of("nc") or "n"
    count = count_from_text(process, style, given.get(unit, "10"), unit)
    named = "v" in given or (len(given.operands) > 1 and "q" not in given)
    status, shown = 0, False
    for path in given.operands or ["-"]:
        try:
            file = open_input(process, path)
        except OSError as failure:
            status = style.complain(process, cannot_open(style, path, failure))
            continue
        if named:
            process.print(("\n" if shown else "") + f"==> {'standard input' if path == '-' else path} <==")
        shown = True
        try:
            yield from _first(process, file, count, lines=unit == "n")
        except OSError as failure:
            status = style.complain(process, cannot_read(style, path, failure))
    return status


def _first(process: Process, file: OpenFile, count: int, *, lines: bool) -> Steps:
    if count < 0:
        data = yield from read_all(file)
        process.write(b"".join(rows(data)[:count]) if lines else data[:count])
        return
    reader = LineReader(file)
    while count > 0:
        data = (yield from reader.line()) if lines else (yield file.read(count))
        if not data:
            return
        process.write(data)
        count -= 1 if lines else len(data)


def cannot_open(style: Style, path: str, failure: OSError) -> str:
    """head's and tail's complaint."""
    shown = f"cannot open '{path}' for reading" if style.gnu else path
    return f"{shown}: {strerror(failure)}"


def cannot_read(style: Style, path: str, failure: OSError) -> str:
    """head's and tail's complaint when what they have open fails."""
    shown = "standard input" if path == "-" else path
    return f"error reading '{shown}': {strerror(failure)}" if style.gnu else f"{path}: {strerror(failure)}"


def old_count(words: list[str], letter: str) -> list[str]:
    """The arguments with -5 spelled -n 5, but for the argument of an option."""
    spelt = []
    for before, word in zip(["", *words], words, strict=False):
        is_old = re.fullmatch(r"-\d+", word) and before not in ("-n", "-c")
        spelt.append(f"-{letter}{word[1:]}" if is_old else word)
    return spelt


def count_from_text(process: Process, style: Style, text: str, unit: str) -> int:
    """5, -5 (all but the last five), 1k; ends the program over anything else."""
    found = COUNT.fullmatch(text)
    if found is None:
        kind = "lines" if unit == "n" else "bytes"
        told = f"invalid number of {kind}: ‘{text}’" if style.gnu else f"invalid number '{text}'"
        style.complain(process, told)
        process.exit(1)
    count = int(found.group(2)) * SCALE[found.group(3)]
    return -count if found.group(1) == "-" else count
