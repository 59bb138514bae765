"""column: lines in columns, or the cells of a table under one another (column(1), util-linux)."""

from __future__ import annotations

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.getopt import Options
from simulator.userland.inputs import InputLines
from simulator.userland.program import GNU

LONG = {
    "table": "t", "separator=": "s", "output-separator=": "o", "output-width=": "c", "fillrows": "x",
    "table-columns=": "N", "table-right=": "R",
}  # fmt: skip
WIDTH = "80"
TAB = 8


def column(process: Process) -> Steps:
    given = GNU.options(process, "ts:o:c:xN:R:ne", long=LONG)
    source = InputLines(process, given.operands, GNU)
    lines: list[str] = []
    while (line := (yield from source.next())) is not None:
        if line.strip():
            lines.append(line)
    if lines:
        for line in _table(given, lines) if "t" in given else _filled(given, lines):
            process.print(line)
    return source.status


def _table(given: Options, lines: list[str]) -> list[str]:
    separators = given.get("s")
    rows = [_cells(line, separators) for line in lines]
    names = given.get("N").split(",") if "N" in given else []
    rows = [names, *rows] if names else rows
    count = max(map(len, rows))
    rows = [row + [""] * (count - len(row)) for row in rows]
    widths = [max(len(row[index]) for row in rows) for index in range(count)]
    right = [text for value in given.all("R") for text in value.split(",")]
    between = given.get("o", "  ")
    return [_row(row, widths, between, right, names) for row in rows]


def _row(row: list[str], widths: list[int], between: str, right: list[str], names: list[str]) -> str:
    cells = []
    for index, (cell, width) in enumerate(zip(row, widths, strict=True)):
        named = index < len(names) and names[index] in right
        if str(index + 1) in right or named:
            cells.append(cell.rjust(width))
        else:
            cells.append(cell if index == len(row) - 1 else cell.ljust(width))
    return between.join(cells)


def _cells(line: str, separators: str) -> list[str]:
    """Words, or with -s what is between any two of the separators."""
    if not separators:
        return line.split()
    for separator in separators[1:]:
        line = line.replace(separator, separators[0])
    return line.split(separators[0])


def _filled(given: Options, lines: list[str]) -> list[str]:
    width = (max(map(len, lines)) + TAB) // TAB * TAB
    columns = max(1, int(given.get("c", WIDTH)) // width)
    rows = -(-len(lines) // columns)
    if "x" in given:
        table = [lines[at : at + columns] for at in range(0, len(lines), columns)]
    else:
        table = [lines[row::rows] for row in range(rows)]
    return ["".join(_padded(cell, width) for cell in row[:-1]) + row[-1] for row in table]


def _padded(cell: str, width: int) -> str:
    """The cell and tabs up to the next column."""
    return cell + "\t" * (-(-(width - len(cell)) // TAB))
