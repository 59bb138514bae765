"""`docker container export`: export a container's filesystem as a tar archive."""

from __future__ import annotations

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.options import Parsed
from simulator.cli.output import give
from simulator.clock import Steps

COMMAND = Command(
    usage="[OPTIONS] CONTAINER",
    options=(Option("output", "string", "Write to a file, instead of STDOUT", short="o"),),
    least=1,
    most=1,
)


def run(client: Client, options: Parsed) -> Steps:
    name = options.arguments[0]
    give(client, options["output"], "export container", lambda: client.engine.container_export(name))
    yield client.process.stdout.drain()
