"""`docker container inspect`: display detailed information on one or more containers."""

from __future__ import annotations

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.inspector import inspect
from simulator.cli.lookups import container
from simulator.cli.options import Parsed
from simulator.clock import Steps

COMMAND = Command(
    usage="[OPTIONS] CONTAINER [CONTAINER...]",
    options=(
        Option("format", "string", "Format the output using the given Go template", short="f"),
        Option("size", "bool", "Display total file sizes", short="s"),
    ),
    least=1,
    most=None,
)


def run(client: Client, options: Parsed) -> Steps:
    inspect(
        client, options.arguments, options["format"], get=lambda name: container(client, name, size=options["size"])
    )
    yield from ()
