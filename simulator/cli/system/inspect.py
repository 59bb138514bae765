"""`docker inspect`: a container, image, network or volume by its name or id, whichever there is."""

from __future__ import annotations

from collections.abc import Callable

from simulator.cli import lookups
from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.errors import CommandError, NoSuchObject, text_of
from simulator.cli.inspector import Found, inspect
from simulator.cli.options import Parsed
from simulator.clock import Steps
from simulator.engine.errors import EngineError

COMMAND = Command(
    usage="[OPTIONS] NAME|ID [NAME|ID...]",
    options=(
        Option("format", "string", "Format the output using the given Go template", short="f"),
        Option("size", "bool", "Display total file sizes if the type is container", short="s"),
        Option("type", "string", "Return JSON for specified type"),
    ),
    least=1,
    most=None,
)


Lookup = Callable[[Client, str], Found]

# The kinds that a name is looked for in, in this order.
KINDS: dict[str, Lookup] = {
    "container": lookups.container,
    "image": lookups.image,
    "network": lookups.network,
    "volume": lookups.volume,
}
UNSIMULATED = ("service", "task", "node", "plugin", "secret")


def run(client: Client, options: Parsed) -> Steps:
    kind, size = options["type"], options["size"]
    if kind and kind not in (*KINDS, *UNSIMULATED):
        raise CommandError(f'"{kind}" is not a valid value for --type')
    if kind in UNSIMULATED:
        raise CommandError(f"docklab does not simulate '{options.line} --type {kind}'.")
    inspect(client, options.arguments, options["format"], get=lambda name: _find(client, name, kind=kind, size=size))
    yield from ()


def _find(client: Client, name: str, *, kind: str, size: bool) -> Found:
    """The first object of this name; with a kind, the one of that kind."""
    for each, lookup in KINDS.items():
        if kind and each != kind:
            continue
        try:
            found = lookups.container(client, name, size=size) if each == "container" else lookup(client, name)
        except (CommandError, EngineError) as error:
            if kind or not _may_be_another(error):
                raise
            continue
        if size and each != "container":
            client.error(f"WARNING: --size ignored for {each}")
        return found
    raise CommandError(f"Error: No such object: {name}")


def _may_be_another(error: CommandError | EngineError) -> bool:
    return isinstance(error, NoSuchObject) or "invalid reference format" in text_of(error)
