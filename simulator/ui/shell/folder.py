"""The user's state folder: the history of lines and the journals of sandboxes, the only files kept unasked."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from simulator.journal import Journal, JournalError, Settings, read

JOURNALS = 20  # how many are kept


def folder() -> Path:
    """XDG_STATE_HOME/docklab, or what the system has in its place."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    else:
        base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(base) / "docklab"


def history() -> Path:
    return folder() / "history"


def journals() -> list[Path]:
    """The journals, oldest first."""
    try:
        return sorted((folder() / "journals").glob("*.journal"))
    except OSError:
        return []


def new_journal(settings: Settings) -> Journal:
    """A journal that is kept, in memory alone if the folder cannot be written."""
    kept = journals()
    number = 1 + max((int(path.stem) for path in kept if path.stem.isdigit()), default=0)
    try:
        (folder() / "journals").mkdir(parents=True, exist_ok=True)
        path = _claim(number)
        for old in kept[: -JOURNALS + 1]:
            old.unlink(missing_ok=True)
    except OSError:
        return Journal(settings)
    return Journal(settings, path)


def note_mistake(text: str) -> str:
    """Keeps what docklab itself did wrong, for a report; where."""
    path = folder() / "mistakes"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(text + "\n")
    except OSError:
        return "nowhere, as it cannot be written"
    return str(path)


def _claim(number: int) -> Path:
    """The first free file from this number on; two sandboxes that begin at once get two."""
    path = folder() / "journals" / f"{number:06}.journal"
    try:
        path.touch(exist_ok=False)
    except FileExistsError:
        return _claim(number + 1)
    return path


def interrupted() -> tuple[Path, Journal] | None:
    """The last sandbox, if it was not left as one should and something was typed there."""
    found = last()
    return None if found is None or found[2] or not found[1].count else (found[0], found[1])


def last() -> tuple[Path, Journal, bool] | None:
    """The last sandbox and whether it was left properly."""
    for path in reversed(journals()):
        try:
            journal, ended = read(path)
        except (JournalError, OSError, KeyError, ValueError):
            continue
        return path, journal, ended
    return None
