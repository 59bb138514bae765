"""paste: joins lines of files side by side (POSIX.1-2017, paste)."""

from __future__ import annotations

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.program import BUSYBOX, GNU, LineReader, Style, decode, open_input, strerror

LONG = {"delimiters=": "d", "serial": "s"}
ESCAPES = {"\\n": "\n", "\\t": "\t", "\\\\": "\\", "\\0": ""}


def paste(process: Process) -> Steps:
    return (yield from _paste(process, BUSYBOX))


def gnu_paste(process: Process) -> Steps:
    return (yield from _paste(process, GNU))


def _paste(process: Process, style: Style) -> Steps:
    given = style.options(process, "d:s", long=LONG)
    between = _delimiters(given.get("d", "\\t"))
    readers: list[LineReader] = []
    standard = LineReader(process.stdin)  # shared by all that name it
    for path in given.operands or ["-"]:
        try:
            readers.append(standard if path == "-" else LineReader(open_input(process, path)))
        except OSError as failure:
            return style.complain(process, f"{path}: {strerror(failure)}")
    if "s" in given:
        yield from _serial(process, readers, between)
    else:
        yield from _parallel(process, style, readers, between)
    return 0


def _delimiters(text: str) -> list[str]:
    found: list[str] = []
    while text:
        taken = text[:2] if text[:2] in ESCAPES else text[:1]
        found.append(ESCAPES.get(taken, taken))
        text = text[len(taken) :]
    return found or [""]


def _serial(process: Process, readers: list[LineReader], between: list[str]) -> Steps:
    """-s: each file becomes one line."""
    for reader in readers:
        line, count = "", 0
        while (raw := (yield from reader.line())) is not None:
            line += (between[(count - 1) % len(between)] if count else "") + decode(raw).removesuffix("\n")
            count += 1
        process.print(line)


def _parallel(process: Process, style: Style, readers: list[LineReader], between: list[str]) -> Steps:
    """A line of each file; busybox drops a file that has ended, GNU leaves its column empty."""
    while True:
        cells: list[str | None] = []
        for reader in readers:
            raw = yield from reader.line()
            cells.append(None if raw is None else decode(raw).removesuffix("\n"))
        if all(cell is None for cell in cells):
            return
        if not style.gnu:
            cells = [cell for cell in cells if cell is not None]
        line = cells[0] or ""
        for index, cell in enumerate(cells[1:]):
            line += between[index % len(between)] + (cell or "")
        process.print(line)
        yield process.stdout.drain()
