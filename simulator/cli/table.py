"""Columns of text: text/tabwriter of Go as the docker client uses it, with spaces and to the left."""

from __future__ import annotations

PADDING = 3  # spaces after the widest cell


def aligned(text: str, *, minimum: int, padding: int = PADDING) -> str:
    """Text with its tabs turned into columns. A column lasts as long as every line has a cell in it that a tab ends."""
    lines = [line.split("\t") for line in text.split("\n")]
    widths: list[list[int]] = [[] for _ in lines]
    _measure(lines, widths, (0, len(lines)), minimum=minimum, padding=padding)
    return "\n".join(_line(cells, width) for cells, width in zip(lines, widths, strict=True))


def _measure(
    lines: list[list[str]], widths: list[list[int]], span: tuple[int, int], *, minimum: int, padding: int
) -> None:
    at, end = span
    column = len(widths[at]) if at < end else 0
    while at < end:
        if len(lines[at]) - 1 <= column:
            at += 1
            continue
        stop = at
        while stop < end and len(lines[stop]) - 1 > column:
            stop += 1
        widest = max(len(cells[column]) for cells in lines[at:stop]) + padding
        for width in widths[at:stop]:
            width.append(max(minimum, widest))
        _measure(lines, widths, (at, stop), minimum=minimum, padding=padding)
        at = stop


def _line(cells: list[str], widths: list[int]) -> str:
    columns = (cell.ljust(width) for cell, width in zip(cells, widths, strict=False))
    return "".join(columns) + cells[-1]
