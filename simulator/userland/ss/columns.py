"""The layout of ss (misc/ss.c, render): as wide as the content; on a terminal the rest of each line is shared out."""

from __future__ import annotations

from msgspec import Struct


class Column(Struct):
    """One column. `delimiter` stands before it unless it begins a line."""

    header: str
    delimiter: str
    right: bool = False
    shown: bool = True
    width: int = 0


def columns() -> list[Column]:
    return [
        Column("Netid", ""),
        Column("State", " "),
        Column("Recv-Q", " "),
        Column("Send-Q", " "),
        Column("Local Address:", " ", right=True),
        Column("Port", ""),
        Column("Peer Address:", " ", right=True),
        Column("Port", ""),
        Column("Process", ""),
        Column("", ""),
    ]


def layout(table: list[Column], rows: list[list[str]], *, screen: int | None, header: bool) -> list[str]:
    """The lines of a table. `screen` is the width of the terminal, None if there is none."""
    content = [[column.header for column in table], *rows] if header else rows
    shown = [index for index, column in enumerate(table) if column.shown]
    _measure(table, shown, content, screen)
    if screen is not None:
        _spread([table[index] for index in shown if table[index].width], screen)
    return [_line([(table[index], row[index]) for index in shown]) for row in content]


def _measure(table: list[Column], shown: list[int], content: list[list[str]], screen: int | None) -> None:
    first = True
    for index in shown:
        column = table[index]
        column.width = max((len(row[index]) for row in content), default=0)
        if not first and column.width:
            column.width += len(column.delimiter)
        if screen is not None:
            column.width = min(column.width, screen)
        first = first and not column.width


def _spread(shown: list[Column], screen: int) -> None:
    """Fills each line of the screen: what is left of it is shared among its columns, the last ones first."""
    line: list[Column] = []
    for index, column in enumerate(shown):
        line.append(column)
        used = sum(each.width for each in line)
        if index < len(shown) - 1 and used < screen:
            continue
        carried: list[Column] = []
        if used > screen:
            carried = [line.pop()]
            used -= carried[0].width
        if line and used < screen:
            share, rest = divmod(screen - used, len(line))
            for place, each in enumerate(reversed(line)):
                each.width += share + (place < rest)
        line = carried
    if line and len(line) == 1 and line[0].width < screen:
        line[0].width = screen


def _line(fields: list[tuple[Column, str]]) -> str:
    text = ""
    for place, (column, content) in enumerate(fields):
        before = column.delimiter if place else ""
        room = column.width - len(before) - len(content)
        padding = " " * max(room, 0)
        text += before + (padding + content if column.right else content + padding)
    return text
