"""`docker volume inspect`: display detailed information on one or more volumes."""

from __future__ import annotations

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.inspector import inspect
from simulator.cli.lookups import volume
from simulator.cli.options import Parsed
from simulator.clock import Steps

COMMAND = Command(
    usage="[OPTIONS] VOLUME [VOLUME...]",
    options=(Option("format", "string", "Format the output using the given Go template", short="f"),),
    least=1,
    most=None,
)


def run(client: Client, options: Parsed) -> Steps:
    inspect(client, options.arguments, options["format"], get=lambda name: volume(client, name))
    yield from ()
