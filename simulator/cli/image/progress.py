"""Pulling an image and showing how it comes along: on a terminal each layer has a line that changes, else lines follow.

Mirrors moby's pkg/jsonmessage. Left out: estimates of the time left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulator.cli.errors import CommandError
from simulator.cli.units import human_size
from simulator.clock import Steps
from simulator.golang.reference import Reference
from simulator.kernel.files import OpenFile

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.cli.client import Client
    from simulator.engine.stream import Documents

CLEAR_LINE = "\x1b[2K"
BAR_COLUMNS = 110  # a terminal as wide as this has room for bars
NO_TERMINAL_COLUMNS = 200


def pull(client: Client, reference: Reference, file: OpenFile) -> Steps:
    """Pulls and shows on `file`. Raises CommandError or EngineError."""
    tag = reference.digest or reference.tag
    feed = client.engine.image_create(f"{reference.domain}/{reference.path}", tag)
    yield from follow(client, feed, file)


def follow(
    client: Client, feed: Documents, file: OpenFile, aux: Callable[[dict[str, Any]], None] | None = None
) -> Steps:
    """Shows what the engine tells of its progress, to its end; `aux` takes what is not meant for people.

    Raises CommandError.
    """
    display = Display(file, columns=client.terminal.columns if client.terminal else None)
    try:
        while (message := (yield feed.read())) is not None:
            if message.get("aux") is None:
                display.show(message)
            elif aux is not None:
                aux(message["aux"])
            yield file.drain()
    finally:
        feed.close()


class Display:
    """Shows messages of the engine on a file; `columns` is the width of a terminal, None without one."""

    def __init__(self, file: OpenFile, *, columns: int | None) -> None:
        self._file, self._columns = file, columns
        self._lines: dict[str, int] = {}  # by layer

    def show(self, message: dict[str, Any]) -> None:
        """Raises CommandError for a message that says that it went wrong."""
        if message.get("error"):
            raise CommandError(message["error"], (message.get("errorDetail") or {}).get("code") or 1)
        if message.get("stream"):
            self._lines.clear()
            self._write(message["stream"])
            return
        identifier, detail = message.get("id", ""), message.get("progressDetail")
        below = self._go_up(identifier) if identifier and detail is not None else 0
        if not (identifier and detail is not None):
            self._lines.clear()
        self._write(self._text(message, detail))
        if below and self._columns is not None:
            self._write(f"\x1b[{below}B")

    def _go_up(self, identifier: str) -> int:
        """Moves to a layer's line, a new one at the end; says how far that is from the end."""
        if identifier not in self._lines:
            self._lines[identifier] = len(self._lines)
            if self._columns is not None:
                self._write("\n")
        up = len(self._lines) - self._lines[identifier]
        if self._columns is not None:
            self._write(f"\x1b[{up}A")
        return up

    def _text(self, message: dict[str, Any], detail: dict[str, Any] | None) -> str:
        head = f"{message['id']}: " if message.get("id") else ""
        if detail is None:
            return f"{head}{message.get('status', '')}\n"
        progress = progress_text(detail, self._columns or NO_TERMINAL_COLUMNS)
        if self._columns is not None:
            return f"{CLEAR_LINE}\r{head}{message.get('status', '')} {progress}\r"
        return "" if progress else f"{head}{message.get('status', '')}\n"

    def _write(self, text: str) -> None:
        if text:
            self._file.write(text.encode())


def progress_text(detail: dict[str, Any], columns: int) -> str:
    """`[=====>     ]  1.2MB/4.5MB`; the bar only where there is room."""
    current, total = detail.get("current", 0), detail.get("total", 0)
    if current <= 0 and total <= 0:
        return ""
    if total <= 0:
        return f"{human_size(current):>8}"
    filled = min(int(current / total * 100) // 2, 50)
    bar = f"[{'=' * filled}>{' ' * (50 - filled)}] " if columns > BAR_COLUMNS else ""
    return bar + (f"{human_size(current):>8}" + ("" if current > total else f"/{human_size(total)}"))
