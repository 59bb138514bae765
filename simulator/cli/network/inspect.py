"""`docker network inspect`: display detailed information on one or more networks."""

from __future__ import annotations

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.inspector import inspect
from simulator.cli.lookups import network
from simulator.cli.options import Parsed
from simulator.clock import Steps

COMMAND = Command(
    usage="[OPTIONS] NETWORK [NETWORK...]",
    options=(
        Option("format", "string", "Format the output using the given Go template", short="f"),
        Option("verbose", "bool", "Verbose output for diagnostics", short="v"),
    ),
    least=1,
    most=None,
)


def run(client: Client, options: Parsed) -> Steps:
    verbose = options.get("verbose", False)
    inspect(client, options.arguments, options["format"], get=lambda name: network(client, name, verbose=verbose))
    yield from ()
