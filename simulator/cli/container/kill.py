"""`docker container kill`: kill one or more running containers."""

from __future__ import annotations

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.options import Parsed
from simulator.cli.several import each
from simulator.clock import Steps

COMMAND = Command(
    usage="[OPTIONS] CONTAINER [CONTAINER...]",
    options=(Option("signal", "string", "Signal to send to the container", short="s", default="KILL"),),
    least=1,
    most=None,
)


def run(client: Client, options: Parsed) -> Steps:
    yield from each(
        client, options.arguments, lambda name: client.engine.container_kill(name, signal=options["signal"])
    )
