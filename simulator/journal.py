"""The journal of a sandbox: what was typed, in order, each entry safe on the real disk before it takes effect.

A world is its settings and what was typed into it (nothing can be copied that has programs asleep in it): the journal
is all that undo, resume and replay need. Its file is lines of JSON, only ever appended to: undo is an entry, too.

    {"docklab": 1, "engine": "20.10", "seed": 0, "rows": 24, "columns": 80}
    {"line": "docker run -it alpine", "on": "docker-host"}
    {"keys": "\\u0003", "on": "docker-host", "after": 812}     812 events after what was typed before
    {"goto": 1}                                               back to after the first line
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from msgspec import Struct

FORMAT = 1
DETACH, END = "\x10\x11", "\x04"  # keys that have a meaning of their own: ^P^Q, ^D


class JournalError(Exception):
    """What is wrong with a journal's file, as one line."""


class Settings(Struct, frozen=True):
    """What a world is made of before anybody types."""

    engine: str
    seed: int = 0
    rows: int = 24
    columns: int = 80


class Line(Struct, frozen=True):
    """A line typed where one was waited for."""

    machine: str
    text: str


class Keys(Struct, frozen=True):
    """Keys pressed while something ran, `after` so many events."""

    machine: str
    keys: str
    after: int


class Size(Struct, frozen=True):
    """The terminal got another size."""

    rows: int
    columns: int


Entry = Line | Keys | Size


class Journal:
    """Entries up to now, and those that were undone; with a path, every change is on the disk when it returns.

    A disk that refuses does not end the sandbox: from then on the journal stays in memory, and `failure` says why.
    """

    def __init__(self, settings: Settings, path: Path | None = None, entries: Iterable[Entry] = ()) -> None:
        self.settings = settings
        self.path = path
        self.failure: OSError | None = None
        self.entries = list(entries)
        self.position = self.count  # how many lines are in force

    # -- what there is ----------------------------------------------------------------------------------------------

    @property
    def count(self) -> int:
        """How many lines there are, undone ones included."""
        return sum(isinstance(entry, Line) for entry in self.entries)

    @property
    def lines(self) -> list[Line]:
        return [entry for entry in self.entries if isinstance(entry, Line)]

    def upto(self, number: int) -> list[Entry]:
        """The first `number` lines, each with what was typed after it."""
        seen = 0
        for index, entry in enumerate(self.entries):
            seen += isinstance(entry, Line)
            if seen > number:
                return self.entries[:index]
        return list(self.entries)

    @property
    def past(self) -> list[Entry]:
        """What the present world came from."""
        return self.upto(self.position)

    # -- changing ---------------------------------------------------------------------------------------------------

    def add(self, entry: Entry) -> None:
        """Notes what is about to be typed. What had been undone can no longer be redone."""
        if self.position < self.count:
            self.entries = self.past
        self._write(_document(entry))
        self.entries.append(entry)
        self.position = self.count

    def go_to(self, number: int) -> None:
        """Takes back, or brings back, lines. Raises ValueError for a number that there is not."""
        if not 0 <= number <= self.count:
            raise ValueError(f"there is no step {number}; the steps are 0 to {self.count}")
        self._write({"goto": number})
        self.position = number

    def drop_end(self) -> None:
        """Takes back the key that ended the shell (^D), if that is what came last."""
        last = self.entries[-1] if self.entries else None
        if isinstance(last, Keys) and last.keys == END:
            self._write({"drop": True})
            self.entries.pop()

    def end(self) -> None:
        """The sandbox was left as one should."""
        self._write({"end": True})

    def _write(self, document: dict[str, Any]) -> None:
        if self.path is None:
            return
        try:
            self._append(self.path, document)
        except OSError as failure:
            self.path, self.failure = None, failure

    def _append(self, path: Path, document: dict[str, Any]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = not path.exists() or not path.stat().st_size
        documents = [_header(self.settings), document] if fresh else [document]
        with path.open("a", encoding="utf-8") as file:
            file.write("".join(json.dumps(each) + "\n" for each in documents))
            file.flush()
            os.fsync(file.fileno())


def _header(settings: Settings) -> dict[str, Any]:
    size = {"rows": settings.rows, "columns": settings.columns}
    return {"docklab": FORMAT, "engine": settings.engine, "seed": settings.seed, **size}


def _document(entry: Entry) -> dict[str, Any]:
    if isinstance(entry, Line):
        return {"line": entry.text, "on": entry.machine}
    if isinstance(entry, Keys):
        return {"keys": entry.keys, "on": entry.machine, "after": entry.after}
    return {"rows": entry.rows, "columns": entry.columns}


def read(path: Path) -> tuple[Journal, bool]:
    """A journal from its file, and whether its sandbox was left properly. A last line cut short by a crash is dropped.

    Raises JournalError, OSError.
    """
    whole, _, cut = path.read_bytes().rpartition(b"\n")
    documents = [_parse(path, number, line) for number, line in enumerate(whole.split(b"\n"), 1)]
    if cut:
        os.truncate(path, len(whole) + 1)
    head = documents[0]
    if head.get("docklab") != FORMAT:
        raise JournalError(f"{path}: this is no journal of this docklab")
    journal = Journal(Settings(head["engine"], head["seed"], head["rows"], head["columns"]))
    ended = False
    for document in documents[1:]:
        ended = bool(document.get("end"))
        _take(journal, document)
    journal.path = path
    return journal, ended


def _parse(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        document = json.loads(line)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise JournalError(f"{path}:{number}: this is no line of a journal")
    return document


def _take(journal: Journal, document: dict[str, Any]) -> None:
    if "line" in document:
        journal.add(Line(document["on"], document["line"]))
    elif "keys" in document:
        journal.add(Keys(document["on"], document["keys"], document["after"]))
    elif "rows" in document:
        journal.add(Size(document["rows"], document["columns"]))
    elif "goto" in document:
        journal.go_to(document["goto"])
    elif "drop" in document:
        journal.drop_end()
