"""Archives that a command gives away: into a file that is named, or to standard output if that is no terminal.

Mirrors docker/cli's command.CopyToFile and its checks before it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from typing import TYPE_CHECKING

from simulator.cli.errors import CommandError
from simulator.golang.quote import quote

if TYPE_CHECKING:
    from simulator.cli.client import Client

COWARDLY = "cowardly refusing to save to a terminal. Use the -o flag or redirect"


def give(client: Client, target: str, what: str, make: Callable[[], bytes]) -> None:
    """Has an archive made and puts it where it is wanted. Raises CommandError; `what` the command does."""
    process = client.process
    if not target:
        if process.stdout.isatty:
            raise CommandError(COWARDLY)
        process.write(make())
        return
    folder = posixpath.dirname(target.rstrip("/")) or "."
    if folder not in (".", "/") and not process.disk.exists(process.path(folder)):
        raise CommandError(f"failed to {what}: invalid output path: directory {quote(folder)} does not exist")
    data = make()
    try:
        process.disk.write(process.path(target), data, mode=0o600)
    except OSError as failure:
        raise CommandError(f"open {target}: {(failure.strerror or '').lower()}") from None


def taken(client: Client, source: str) -> bytes:
    """An archive from a file. Raises CommandError."""
    try:
        return client.process.disk.read(client.process.path(source), client.process)
    except OSError as failure:
        raise CommandError(f"open {source}: {(failure.strerror or '').lower()}") from None
