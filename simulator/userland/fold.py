"""fold: breaks long lines (POSIX.1-2017, fold)."""

from __future__ import annotations

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.inputs import InputLines
from simulator.userland.program import BUSYBOX, GNU, Style

LONG = {"bytes": "b", "spaces": "s", "width=": "w"}
TAB = 8


def fold(process: Process) -> Steps:
    return (yield from _fold(process, BUSYBOX))


def gnu_fold(process: Process) -> Steps:
    return (yield from _fold(process, GNU))


def _fold(process: Process, style: Style) -> Steps:
    argv = [f"-w{word[1:]}" if word[1:].isdigit() and word[0] == "-" else word for word in process.argv]
    given = style.options(process, "bsw:", long=LONG, argv=argv)
    text = given.get("w", "80")
    if not text.isdigit() or int(text) == 0:
        told = f"invalid number of columns: ‘{text}’" if style.gnu else f"invalid number '{text}'"
        return style.complain(process, told)
    source = InputLines(process, given.operands, style)
    while (line := (yield from source.next())) is not None:
        parts = _parts(line, int(text), at_spaces="s" in given, in_bytes="b" in given)
        process.print("\n".join(parts), end="\n" if source.newline else "")
        yield process.stdout.drain()
    return source.status


def _parts(line: str, width: int, *, at_spaces: bool, in_bytes: bool) -> list[str]:
    """The line cut into pieces no wider than width."""
    parts, piece, column = [], "", 0
    for char in line:
        wide = TAB - column % TAB if char == "\t" and not in_bytes else 1
        if column + wide > width and piece:
            cut = piece.rfind(" ") + 1 if at_spaces else 0
            parts.append(piece[: cut or None])
            piece = piece[cut:] if cut else ""
            column = len(piece)
            wide = TAB - column % TAB if char == "\t" and not in_bytes else 1
        piece, column = piece + char, column + wide
    return [*parts, piece]
