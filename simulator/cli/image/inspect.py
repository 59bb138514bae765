"""`docker image inspect`: display detailed information on one or more images."""

from __future__ import annotations

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.inspector import inspect
from simulator.cli.lookups import image
from simulator.cli.options import Parsed
from simulator.clock import Steps

COMMAND = Command(
    usage="[OPTIONS] IMAGE [IMAGE...]",
    options=(Option("format", "string", "Format the output using the given Go template", short="f"),),
    least=1,
    most=None,
)


def run(client: Client, options: Parsed) -> Steps:
    inspect(client, options.arguments, options["format"], get=lambda name: image(client, name))
    yield from ()
