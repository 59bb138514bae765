"""`docker container unpause`: unpause all processes within one or more containers."""

from __future__ import annotations

from simulator.cli.client import Client
from simulator.cli.command import Command
from simulator.cli.options import Parsed
from simulator.cli.several import each
from simulator.clock import Steps

COMMAND = Command(
    usage="CONTAINER [CONTAINER...]",
    least=1,
    most=None,
)


def run(client: Client, options: Parsed) -> Steps:
    yield from each(client, options.arguments, client.engine.container_unpause)
