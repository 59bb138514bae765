"""ls: lists directories (POSIX.1-2017, ls; busybox 1.35 coreutils/ls.c, GNU coreutils 9.1).

Left out: SELinux contexts, times other than that of the last change of contents.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from typing import Any

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland import inode
from simulator.userland.getopt import Options
from simulator.userland.ls_layout import (
    BUSYBOX_COLOURS,
    GNU_COLOURS,
    Entry,
    columns_busybox,
    columns_gnu,
    long_busybox,
    long_gnu,
    mark,
)
from simulator.userland.program import BUSYBOX, GNU, Style, encode, human_size, strerror

LONG = {
    "all": "a", "almost-all": "A", "directory": "d", "classify": "F", "human-readable": "h", "inode": "i",
    "numeric-uid-gid": "n", "recursive": "R", "reverse": "r", "size": "s", "dereference": "L", "color=?": "color",
    "full-time": "full", "group-directories-first": "dirs", "file-type": "p", "literal": "N", "quote-name": "Q",
    "no-group": "G", "width=": "w", "sort=": "sort", "format=": "format", "time=": "time", "time-style=": "style",
    "hide-control-chars": "q", "ignore-backups": "B",
}  # fmt: skip
BUSYBOX_LONG = {"full-time": "full", "group-directories-first": "dirs", "color=?": "color"}
SCREEN = 80
PLAIN = re.compile(r"[\w%+,\-./:=@^]+")


def ls(process: Process) -> Steps:
    given = BUSYBOX.options(process, "1AaCxdLHRFplinshrSXvctuw:Q", long=BUSYBOX_LONG)
    return (yield from _List(process, BUSYBOX, given).run())


def gnu_ls(process: Process) -> Steps:
    given = GNU.options(process, "1AaBbCxdLHRFfgGoplinshrSXvctumNqQUw:kZT:I:D", long=LONG, status=2)
    return (yield from _List(process, GNU, given).run())


class _List:
    def __init__(self, process: Process, style: Style, given: Options) -> None:
        self.process, self.style, self.given = process, style, given
        self.status = 0
        self.printed = False  # whether a blank line goes before the next directory
        self.coloured = False  # whether GNU has switched colours on yet
        layout = given.last_of("1Cxlmgno") or ("l" if "full" in given else "")
        self.layout = "l" if layout in "lgno" and layout else layout or ("C" if process.stdout.isatty else "1")
        if layout == "1" and any(letter in given for letter in "lgno"):
            self.layout = "l"

    def run(self) -> Steps:
        files: list[Entry] = []
        folders: list[Entry] = []
        for name in self.given.operands or ["."]:
            entry = self._operand(name)
            if entry is not None:
                (folders if entry.kind == "d" and "d" not in self.given else files).append(entry)
        if files:
            self._show(self._sorted(files), total=False)
        headed = len(self.given.operands) > 1 or "R" in self.given
        for folder in self._sorted(folders):
            yield from self._folder(folder, headed=headed)
        return self.status

    def _operand(self, name: str) -> Entry | None:
        path = self.process.path(name)
        follow = name.endswith("/") or "L" in self.given or "H" in self.given
        try:
            node = self.process.disk.lookup(path, follow=follow)
            if name.endswith("/") and node.kind != "directory":
                raise NotADirectoryError(20, "Not a directory", name)
            if node.kind == "link" and self.layout != "l" and "d" not in self.given and "F" not in self.given:
                if self.process.disk.is_directory(path):
                    node = self.process.disk.lookup(path)
        except OSError as failure:
            self._refuse(name, failure)
            return None
        return Entry(name, path, node)

    def _refuse(self, name: str, failure: OSError) -> None:
        shown = f"cannot access '{name}'" if self.style.gnu else name
        self.status = self.style.complain(self.process, f"{shown}: {strerror(failure)}", 2 if self.style.gnu else 1)

    def _folder(self, folder: Entry, *, headed: bool) -> Steps:
        if headed:
            self.process.print(("\n" if self.printed else "") + f"{folder.name}:")
        self.printed = True
        entries = self._sorted(self._inside(folder))
        self._show(entries, total=True)
        yield self.process.stdout.drain()
        if "R" in self.given:
            for entry in entries:
                if entry.kind == "d" and entry.name not in (".", ".."):
                    below = Entry(posixpath.join(folder.name, entry.name), entry.path, entry.node)
                    yield from self._folder(below, headed=True)

    def _inside(self, folder: Entry) -> list[Entry]:
        disk, given = self.process.disk, self.given
        hidden = "a" in given or "A" in given or "f" in given
        names = [name for name in disk.listdir(folder.path) if hidden or not name.startswith(".")]
        if "a" in given or "f" in given:
            names = [".", "..", *names]
        entries = []
        for name in names:
            path = posixpath.normpath(posixpath.join(folder.path, name))
            try:
                node = disk.lookup(path, follow="L" in given)
            except OSError:  # a link to nowhere is shown as the link it is
                node = disk.lookup(path, follow=False)
            entries.append(Entry(name, path, node))
        return entries

    # -- order ------------------------------------------------------------------------------------------------------

    def _sorted(self, entries: Sequence[Entry]) -> list[Entry]:
        given = self.given
        if "U" in given or "f" in given:
            return list(entries)
        ordered = sorted(entries, key=lambda entry: encode(entry.name))
        by = {"size": "S", "time": "t", "extension": "X", "version": "v"}.get(given.get("sort")) or given.last_of(
            "StXv"
        )
        if not by and self.layout != "l":
            by = "t" if given.last_of("cu") else ""
        keys: dict[str, Any] = {
            "S": lambda entry: -inode.size(entry.node),
            "t": lambda entry: -entry.node.mtime,
            "X": lambda entry: posixpath.splitext(entry.name)[1],
            "v": lambda entry: [(not part.isdigit(), int(part) if part.isdigit() else part)
                                for part in re.split(r"(\d+)", entry.name)],
        }  # fmt: skip
        if by:
            ordered.sort(key=keys[by])
        if "r" in given:
            ordered.reverse()
        if "dirs" in given:
            ordered.sort(key=lambda entry: entry.kind != "d")
        return ordered

    # -- output -----------------------------------------------------------------------------------------------------

    def _show(self, entries: Sequence[Entry], *, total: bool) -> None:
        given, process = self.given, self.process
        self.printed = True
        if total and (self.layout == "l" or "s" in given):
            blocks = sum(inode.kilobytes(entry.node) for entry in entries)
            figure = human_size(blocks * 1024) if "h" in given and blocks else str(blocks)
            process.print(f"total {figure:<7}" if "h" in given and not self.style.gnu else f"total {figure}")
        if not entries:
            return
        shown = self._names(entries)
        for line in self._lines(entries, shown):
            process.print(line)

    def _lines(self, entries: Sequence[Entry], shown: list[str]) -> list[str]:
        given, process = self.given, self.process
        if self.layout == "l":
            numbers, human = "n" in given, "h" in given
            full = ("%Y-%m-%d %H:%M:%S.%N %z" if self.style.gnu else "%Y-%m-%d %H:%M:%S %z") if "full" in given else ""
            if self.style.gnu:
                rows = long_gnu(process, entries, shown, numbers=numbers, human=human, full=full)
            else:
                rows = [
                    long_busybox(process, entry, name, numbers=numbers, human=human, full=full)
                    for entry, name in zip(entries, shown, strict=True)
                ]
            return [first + row for first, row in zip(self._before(entries), rows, strict=True)]
        names = [first + name for first, name in zip(self._before(entries), shown, strict=True)]
        if self.layout == "m":
            return [", ".join(names)]
        if self.layout in "Cx":
            width = int(given.get("w", "0") or 0) or (process.tty.columns if process.tty else SCREEN)
            lay_out = columns_gnu if self.style.gnu else columns_busybox
            return lay_out(names, width, across=self.layout == "x")
        return names

    def _before(self, entries: Sequence[Entry]) -> list[str]:
        """The numbers of inodes (-i) and blocks (-s) that go before a name or row."""
        numbers = [inode.number(self.process.disk, entry.path) for entry in entries]
        blocks = [inode.kilobytes(entry.node) for entry in entries]
        gnu = self.style.gnu
        wide = (max(len(str(value)) for value in numbers), max(len(str(value)) for value in blocks)) if gnu else (7, 6)
        return [
            (f"{number:>{wide[0]}} " if "i" in self.given else "")
            + (f"{block:>{wide[1]}} " if "s" in self.given else "")
            for number, block in zip(numbers, blocks, strict=True)
        ]

    def _names(self, entries: Sequence[Entry]) -> list[str]:
        quoted = self.style.gnu and self.process.stdout.isatty and "N" not in self.given
        some = quoted and any(not PLAIN.fullmatch(entry.name) for entry in entries)
        return [self._name(entry, quoted=quoted, some=some) for entry in entries]

    def _name(self, entry: Entry, *, quoted: bool, some: bool) -> str:
        name = f'"{entry.name}"' if "Q" in self.given else entry.name
        if quoted and "Q" not in self.given:
            plain = PLAIN.fullmatch(name)
            name = (" " if some else "") + name if plain else "'" + name.replace("'", "'\\''") + "'"
        shown = self._coloured(entry, name)
        if self.layout == "l" and entry.kind == "l":
            return f"{shown} -> {self._coloured_target(entry)}"
        if "F" in self.given or "p" in self.given:
            shown += mark(entry, slashes_only="F" not in self.given)
        return shown

    def _coloured_target(self, entry: Entry) -> str:
        target = inode.link_target(entry.node)
        try:
            node = self.process.disk.lookup(entry.path)
        except OSError:
            return target
        return self._coloured(Entry(target, entry.path, node), target)

    def _coloured(self, entry: Entry, text: str) -> str:
        when = self.given.get("color", "never") or "always"
        if when not in ("always", "yes", "force") and not (when in ("auto", "tty") and self.process.stdout.isatty):
            return text
        kind = "x" if entry.runs else entry.kind
        if not self.style.gnu:
            return f"\x1b[{BUSYBOX_COLOURS[kind]}m{text}\x1b[m"
        if kind not in GNU_COLOURS:
            return text
        first, self.coloured = "" if self.coloured else "\x1b[0m", True
        return f"{first}\x1b[{GNU_COLOURS[kind]}m{text}\x1b[0m"
