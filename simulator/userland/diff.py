"""diff: what differs between two files or directories (POSIX.1-2017, diff): unified, or ed's notation as GNU's default.

Left out: busybox's and GNU's ways to ignore blanks other than -b and -w, context format, side by side.
"""

from __future__ import annotations

import difflib
import posixpath
import re
from collections.abc import Sequence

from simulator.clock import S, Steps
from simulator.kernel.process import Process
from simulator.userland.date import formatted
from simulator.userland.getopt import Options
from simulator.userland.program import BUSYBOX, GNU, Style, decode, encode, open_input, read_all, strerror

LONG = {
    "brief": "q", "report-identical-files": "s", "unified=?": "u", "ignore-case": "i", "ignore-all-space": "w",
    "ignore-space-change": "b", "ignore-blank-lines": "B", "recursive": "r", "new-file": "N", "text": "a", "label=": "L",
}  # fmt: skip
SAME, DIFFERENT, TROUBLE = 0, 1, 2
NO_NEWLINE = "\\ No newline at end of file"
Change = tuple[str, int, int, int, int]


def diff(process: Process) -> Steps:
    return (yield from _Diff(process, BUSYBOX, BUSYBOX.options(process, "abBdiNqrTstwL:S:U:u")).run())


def gnu_diff(process: Process) -> Steps:
    argv = [word if not re.fullmatch(r"-\d+", word) else f"-U{word[1:]}" for word in process.argv]
    given = GNU.options(process, "abBdiNqrTstwL:U:uc", long=LONG, status=TROUBLE, argv=argv)
    return (yield from _Diff(process, GNU, given).run())


class _Diff:
    def __init__(self, process: Process, style: Style, given: Options) -> None:
        self.process, self.style, self.given = process, style, given

    def run(self) -> Steps:
        paths = self.given.operands
        if len(paths) != 2:
            return self._misused(paths)
        one, other = paths
        folders = [path != "-" and self.process.disk.is_directory(self.process.path(path)) for path in paths]
        if all(folders):
            return (yield from self._folders(one, other))
        if folders[0]:
            one = posixpath.join(one, posixpath.basename(other))
        if folders[1]:
            other = posixpath.join(other, posixpath.basename(one))
        return (yield from self.files(one, other, header=""))

    def _misused(self, paths: Sequence[str]) -> int:
        if not self.style.gnu:
            self.style.refuse(self.process)
        told = (
            f"extra operand '{paths[2]}'"
            if len(paths) > 2
            else f"missing operand after '{[self.process.argv[0], *paths][-1]}'"
        )
        self.process.error(f"diff: {told}\ndiff: Try 'diff --help' for more information.")
        return TROUBLE

    def _folders(self, one: str, other: str) -> Steps:
        disk, process, status = self.process.disk, self.process, SAME
        names = [disk.listdir(process.path(path)) for path in (one, other)]
        for name in sorted({*names[0], *names[1]}):
            pair = posixpath.join(one, name), posixpath.join(other, name)
            missing = [name not in listed for listed in names]
            if any(missing) and "N" not in self.given:
                process.print(f"Only in {other if missing[0] else one}: {name}")
                ended = DIFFERENT
            elif all(disk.is_directory(process.path(path)) for path in pair):
                if "r" in self.given:
                    ended = yield from self._folders(*pair)
                else:
                    process.print(f"Common subdirectories: {pair[0]} and {pair[1]}")
                    ended = SAME
            else:
                words = [word for word in process.argv[1:] if word.startswith("-")]
                ended = yield from self.files(*pair, header=" ".join(["diff", *words, *pair]))
            status = max(status, ended)
        return status

    def files(self, one: str, other: str, *, header: str) -> Steps:
        """Compares two files and prints how they differ."""
        contents = yield from self._contents(one, other)
        if len(contents) < 2:
            return TROUBLE
        lines = [_lines(data) for data in contents]
        changes = [change for change in self._changes(*lines) if change[0] != "equal"]
        if not changes:
            if "s" in self.given and (self.style.gnu or one != other):
                self.process.print(f"Files {one} and {other} are identical")
            return SAME
        if "q" in self.given or any(b"\0" in data for data in contents) and "a" not in self.given:
            kind = "Files" if "q" in self.given else "Binary files"
            self.process.print(f"{kind} {one} and {other} differ")
            return DIFFERENT
        if header and self.style.gnu:
            self.process.print(header)
        show = self._unified if not self.style.gnu or "u" in self.given or "U" in self.given else self._normal
        self.process.write(encode("".join(line + "\n" for line in show(one, other, lines[0], lines[1]))))
        return DIFFERENT

    def _contents(self, *paths: str) -> Steps:
        """What is in the files that can be read; of those that cannot busybox tells only the first."""
        contents = []
        for path in paths:
            try:
                contents.append((yield from read_all(open_input(self.process, path))))
            except OSError as failure:
                if "N" in self.given:
                    contents.append(b"")
                    continue
                told = path if self.style.gnu else f"can't stat '{path}'"
                self.style.complain(self.process, f"{told}: {strerror(failure)}")
                if not self.style.gnu:
                    break
        return contents

    def _changes(self, one: list[str], other: list[str]) -> list[Change]:
        left, right = ([self._key(line) for line in lines] for lines in (one, other))
        return list(difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes())

    def _key(self, line: str) -> str:
        """What of a line is compared."""
        text = line.lower() if "i" in self.given else line
        if "w" in self.given:
            return re.sub(r"\s+", "", text)
        return re.sub(r"[ \t]+", " ", text).rstrip() if "b" in self.given else text

    # -- formats ----------------------------------------------------------------------------------------------------

    def _normal(self, one: str, other: str, before: list[str], after: list[str]) -> list[str]:
        shown: list[str] = []
        for kind, low, high, new_low, new_high in self._changes(before, after):
            if kind == "equal":
                continue
            letter = {"replace": "c", "delete": "d", "insert": "a"}[kind]
            shown.append(_span(low, high) + letter + _span(new_low, new_high))
            shown += _marked("< ", before[low:high])
            shown += ["---"] if kind == "replace" else []
            shown += _marked("> ", after[new_low:new_high])
        return shown

    def _unified(self, one: str, other: str, before: list[str], after: list[str]) -> list[str]:
        labels = self.given.all("L")
        names = [labels[i] if i < len(labels) else self._dated(path) for i, path in enumerate((one, other))]
        context = int(self.given.get("U") or self.given.get("u") or "3")
        shown = [f"--- {names[0]}", f"+++ {names[1]}"]
        left, right = ([self._key(line) for line in lines] for lines in (before, after))
        for group in difflib.SequenceMatcher(None, left, right, autojunk=False).get_grouped_opcodes(context):
            first, last = group[0], group[-1]
            shown.append(f"@@ -{_range(first[1], last[2])} +{_range(first[3], last[4])} @@")
            for kind, low, high, new_low, new_high in group:
                if kind == "equal":
                    shown += _marked(" ", before[low:high])
                    continue
                shown += _marked("-", before[low:high]) + _marked("+", after[new_low:new_high])
        return shown

    def _dated(self, path: str) -> str:
        if not self.style.gnu:
            return path
        disk, full = self.process.disk, self.process.path(path)
        wall = disk.lookup(full).mtime if path != "-" and disk.exists(full) else self.process.clock.wall()
        return f"{path}\t{formatted('%Y-%m-%d %H:%M:%S.%N %z', self.process.clock.at(wall), wall % S)}"


def _lines(data: bytes) -> list[str]:
    """Lines without their newlines; a last line without one keeps a mark that says so."""
    text = decode(data)
    lines = text.split("\n")
    if not lines[-1]:
        return lines[:-1]
    return [*lines[:-1], f"{lines[-1]}\n{NO_NEWLINE}"]


def _marked(mark: str, lines: list[str]) -> list[str]:
    return [mark + line for line in lines]


def _span(low: int, high: int) -> str:
    """Lines low+1 to high, as ed names them."""
    return str(high) if high - low <= 1 else f"{low + 1},{high}"


def _range(low: int, high: int) -> str:
    """Lines low+1 to high, as a unified hunk names them."""
    count = high - low
    return f"{low + 1}" if count == 1 else f"{low + 1 if count else low},{count}"
