"""`docker container restart`: restart one or more containers."""

from __future__ import annotations

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.errors import CommandError, text_of
from simulator.cli.options import Parsed
from simulator.clock import Steps
from simulator.engine.errors import EngineError

COMMAND = Command(
    usage="[OPTIONS] CONTAINER [CONTAINER...]",
    options=(Option("time", "int", "Seconds to wait for stop before killing the container", short="t", default="10"),),
    least=1,
    most=None,
)


def run(client: Client, options: Parsed) -> Steps:
    timeout = options["time"] if options.changed("time") else None
    wrong: list[str] = []
    for name in options.arguments:
        try:
            yield client.engine.container_restart(name, timeout=timeout)
            client.print(name)
        except EngineError as error:
            wrong.append(text_of(error))
    if wrong:
        raise CommandError("\n".join(wrong))
