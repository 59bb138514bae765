"""One operation on several things: all begin at once, their outcomes are told in the order of the arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from simulator.cli.errors import CommandError, NoSuchObject, text_of
from simulator.clock import Event, Steps
from simulator.engine.errors import EngineError, NotFound, NotModified

if TYPE_CHECKING:
    from simulator.cli.client import Client

Failure = CommandError | EngineError
Begin = Callable[[str], Event | None]


def each(client: Client, names: Iterable[str], begin: Begin, *, kind: str = "", forgive_missing: bool = False) -> Steps:
    """Prints the names it worked for; raises CommandError with all that went wrong, at the end.

    `kind`: what is missing when the engine does not find it. `forgive_missing`: that is told, but is no failure.
    """
    wrong: list[str] = []
    for name, operation in [(name, _begun(begin, name)) for name in names]:
        failure = yield from outcome(operation)
        if kind and isinstance(failure, NotFound):
            failure = NoSuchObject(f"Error: No such {kind}: {name.strip('/')}")
        if failure is None:
            client.print(name)
        elif forgive_missing and isinstance(failure, NoSuchObject):
            client.error(text_of(failure))
        else:
            wrong.append(text_of(failure))
    if wrong:
        raise CommandError("\n".join(wrong))


def _begun(begin: Begin, name: str) -> Event | Failure | None:
    try:
        return begin(name)
    except NotModified:
        return None
    except (CommandError, EngineError) as error:
        return error


def outcome(operation: Event | Failure | None) -> Steps:
    """Waits for an operation; gives what went wrong, or None."""
    if operation is None or isinstance(operation, CommandError | EngineError):
        return operation
    try:
        yield operation
    except NotModified:
        return None
    except (CommandError, EngineError) as error:
        return error
    return None


def ids_text(title: str, ids: Iterable[str] | None) -> str:
    """The list of what a prune removed; nothing if that was nothing."""
    listed: list[Any] = list(ids or ())
    return f"{title}\n" + "".join(f"{identifier}\n" for identifier in listed) if listed else ""
