"""`docker network rm`: remove one or more networks."""

from __future__ import annotations

from simulator.cli.client import Client
from simulator.cli.command import Command
from simulator.cli.errors import CommandError, lookup, text_of
from simulator.cli.options import Parsed
from simulator.clock import Steps
from simulator.engine.errors import EngineError

COMMAND = Command(
    usage="NETWORK [NETWORK...]",
    least=1,
    most=None,
)


def run(client: Client, options: Parsed) -> Steps:
    failed = False
    for name in options.arguments:
        try:
            with lookup("network", name):
                client.engine.network_remove(name)
            client.print(name)
        except (CommandError, EngineError) as error:
            client.error(text_of(error))
            failed = True
    if failed:
        raise CommandError("")
    yield from ()
