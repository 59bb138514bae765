"""How ls lays names out: in columns, with marks and colours, and as rows with all that stat(2) tells (ls(1))."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from simulator.clock import S
from simulator.kernel.disk import Disk, Node
from simulator.kernel.process import Process
from simulator.userland import inode
from simulator.userland.accounts import accounts, user_name
from simulator.userland.date import formatted
from simulator.userland.program import human_size

HALF_YEAR = 365 * 86400 // 2 * S
TAB = 8
NARROWEST = 3  # columns of a name with its gap, in GNU's reckoning
MARKS = {"d": "/", "l": "@", "s": "=", "c": ""}
BUSYBOX_COLOURS = {"d": "1;34", "l": "1;36", "s": "1;35", "c": "1;33", "x": "1;32", "-": "0;0"}
GNU_COLOURS = {"d": "01;34", "l": "01;36", "s": "01;35", "c": "40;33;01", "x": "01;32"}


class Entry(Struct, frozen=True):
    """One name to show: as it is called, where it is, and what is there."""

    name: str
    path: str
    node: Node

    @property
    def kind(self) -> str:
        return inode.letter(self.node)

    @property
    def runs(self) -> bool:
        return self.kind == "-" and bool(self.node.mode & 0o111)


def mark(entry: Entry, *, slashes_only: bool) -> str:
    """What -F and -p put behind a name."""
    if slashes_only:
        return "/" if entry.kind == "d" else ""
    return "*" if entry.runs else MARKS.get(entry.kind, "")


def columns_busybox(names: Sequence[str], width: int, *, across: bool) -> list[str]:
    """Columns of one width, a gap of two."""
    column = max(map(len, names)) + 2
    across_count = max(1, width // column)
    rows = -(-len(names) // across_count)
    lines = []
    for row in range(rows):
        part = names[row * across_count : (row + 1) * across_count] if across else names[row::rows]
        lines.append("".join(name.ljust(column) for name in part[:-1]) + part[-1])
    return lines


def columns_gnu(names: Sequence[str], width: int, *, across: bool) -> list[str]:
    """As many columns as fit, each as wide as its widest name; gaps are filled with tabs."""
    for count in range(min(len(names), max(1, width // NARROWEST)), 0, -1):
        rows = -(-len(names) // count)
        cells = [names[i::count] if across else names[i * rows : (i + 1) * rows] for i in range(count)]
        cells = [column for column in cells if column]
        widths = [max(map(len, column)) + 2 for column in cells]
        if sum(widths) - 2 < width or count == 1:
            break
    return [_tabbed([column[row] for column in cells if row < len(column)], widths) for row in range(rows)]


def _tabbed(names: Sequence[str], widths: Sequence[int]) -> str:
    line, at, start = "", 0, 0
    for name, width in zip(names, widths, strict=False):
        while at < start:
            if start // TAB > (at + 1) // TAB:
                line, at = line + "\t", at + TAB - at % TAB
            else:
                line, at = line + " ", at + 1
        line, at, start = line + name, at + len(name), start + width
    return line


def moment(process: Process, nanoseconds: int, *, full: str = "") -> str:
    """The time of a file: with the time of day if it is recent, with the year if it is not."""
    when = process.clock.at(nanoseconds)
    if full:
        return formatted(full, when, nanoseconds % S)
    age = process.clock.wall() - nanoseconds
    return formatted("%b %e %H:%M" if -900 * S < age < HALF_YEAR else "%b %e  %Y", when)


def owner(process: Process, entry: Entry, *, numbers: bool) -> tuple[str, str]:
    """User and group; files have no group of their own, all are of root's."""
    if numbers:
        return str(entry.node.uid), "0"
    group = next((row[0] for row in accounts(process, "/etc/group") if row[2] == "0"), "0")
    return user_name(process, entry.node.uid), group


def amount(entry: Entry, *, human: bool) -> str:
    """The size, or a device's two numbers."""
    if entry.kind == "c":
        major, minor = inode.device_numbers(entry.node)
        return f"{major}, {minor}"
    size = inode.size(entry.node)
    return human_size(size) if human else str(size)


def long_busybox(process: Process, entry: Entry, shown: str, *, numbers: bool, human: bool, full: str) -> str:
    """A row of fixed columns."""
    user, group = owner(process, entry, numbers=numbers)
    if entry.kind == "c":
        major, minor = inode.device_numbers(entry.node)
        size = f"{major:4d},{minor:4d}"
    else:
        size = amount(entry, human=human).rjust(7 if human else 9)
    when = moment(process, entry.node.mtime, full=full)
    links = inode.links(process.disk, entry.path, entry.node)
    return f"{inode.mode_text(entry.node)} {links:4d} {user:<8.8} {group:<8.8} {size} {when} {shown}"


def long_gnu(
    process: Process, entries: Sequence[Entry], shown: Sequence[str], *, numbers: bool, human: bool, full: str
) -> list[str]:
    """Rows whose columns are as wide as need be."""
    disk: Disk = process.disk
    links = [str(inode.links(disk, entry.path, entry.node)) for entry in entries]
    owners = [owner(process, entry, numbers=numbers) for entry in entries]
    sizes = [amount(entry, human=human) for entry in entries]
    widths = [max(map(len, column), default=0) for column in (links, *zip(*owners, strict=True), sizes)]
    justify = str.rjust if numbers else str.ljust
    return [
        f"{inode.mode_text(entry.node)} {link:>{widths[0]}} {justify(who[0], widths[1])} {justify(who[1], widths[2])} "
        f"{size:>{widths[3]}} {moment(process, entry.node.mtime, full=full)} {name}"
        for entry, name, link, who, size in zip(entries, shown, links, owners, sizes, strict=True)
    ]
