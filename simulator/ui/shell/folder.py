"""The user's state folder: the history of lines and the journals of sandboxes, the only files kept unasked."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from simulator.journal import Journal, JournalError, Settings, read
from simulator.ui.shell.hold import hold

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
            if hold(old) is not None:  # nobody sits in front of it any more
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
    return path if hold(path) is not None else _claim(number + 1)


def last() -> tuple[Journal, bool] | None:
    """The last sandbox that nobody sits in front of, and whether it was left properly; it is ours from now on."""
    found = _newest()
    return found[:2] if found else None


def interrupted() -> Journal | None:
    """The last sandbox, if it was not left as one should; anybody may still take it."""
    found = _newest()
    if found is None:
        return None
    journal, ended, held = found
    os.close(held)
    return None if ended else journal


def _newest() -> tuple[Journal, bool, int] | None:
    """The newest free journal with a line in it, whether it has its end, and the descriptor that holds it."""
    for path in reversed(journals()):
        try:
            held = hold(path) if path.stat().st_size else None
            if held is None:
                continue
            journal, ended = read(path)
            if journal.count:
                return journal, ended, held
            os.close(held)
        except (JournalError, OSError, KeyError, ValueError):
            continue
    return None
