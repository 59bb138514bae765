"""How a docker command ends other than well: a text for standard error and an exit status.

Errors of the engine are told by docker/docker/client: `Error response from daemon: ...`, and for an object that is not
there `Error: No such container: a1`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from simulator.engine.errors import EngineError, NotFound


class CommandError(Exception):
    """Ends the command. An empty text prints nothing."""

    def __init__(self, text: str, status: int = 1) -> None:
        super().__init__(text)
        self.text = text
        self.status = status


class NoSuchObject(CommandError):
    """What was asked for is not there; the client's own words for the engine's 404."""


def text_of(error: CommandError | EngineError) -> str:
    """An error as the client prints it."""
    return error.text if isinstance(error, CommandError) else f"Error response from daemon: {error.message.strip()}"


@contextmanager
def lookup(kind: str, name: str) -> Iterator[None]:
    """Inside, NotFound from the engine means that this object is not there. A network without a name is not asked for."""
    if kind == "network" and not name:
        raise NoSuchObject("Error: No such network: ")
    try:
        yield
    except NotFound:
        raise NoSuchObject(f"Error: No such {kind}: {name}") from None
