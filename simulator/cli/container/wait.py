"""`docker container wait`: block until one or more containers stop, then print their exit codes."""

from __future__ import annotations

from simulator.cli.client import Client
from simulator.cli.command import Command
from simulator.cli.errors import CommandError, text_of
from simulator.cli.options import Parsed
from simulator.clock import Steps
from simulator.engine.errors import EngineError

COMMAND = Command(
    usage="CONTAINER [CONTAINER...]",
    least=1,
    most=None,
)


def run(client: Client, options: Parsed) -> Steps:
    wrong: list[str] = []
    for name in options.arguments:
        try:
            result = yield client.engine.container_wait(name)
            client.print(str(result["StatusCode"]))
        except EngineError as error:
            wrong.append(text_of(error))
    if wrong:
        raise CommandError("\n".join(wrong))
