"""`docker container rename`: rename a container."""

from __future__ import annotations

from simulator.cli.client import Client
from simulator.cli.command import Command
from simulator.cli.errors import CommandError, text_of
from simulator.cli.options import Parsed
from simulator.clock import Steps
from simulator.engine.errors import EngineError

COMMAND = Command(
    usage="CONTAINER NEW_NAME",
    least=2,
    most=2,
)


def run(client: Client, options: Parsed) -> Steps:
    old, new = (name.strip() for name in options.arguments)
    if not old or not new:
        raise CommandError("Error: Neither old nor new names may be empty")
    try:
        client.engine.container_rename(old, new)
    except EngineError as error:
        client.error(text_of(error))
        raise CommandError(f"Error: failed to rename container named {old}") from None
    yield from ()
