"""`docker image save`: save one or more images to a tar archive (streamed to STDOUT by default)."""

from __future__ import annotations

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.options import Parsed
from simulator.cli.output import give
from simulator.clock import Steps

COMMAND = Command(
    usage="[OPTIONS] IMAGE [IMAGE...]",
    options=(Option("output", "string", "Write to a file, instead of STDOUT", short="o"),),
    least=1,
    most=None,
)


def run(client: Client, options: Parsed) -> Steps:
    give(client, options["output"], "save image", lambda: client.engine.images_save(options.arguments))
    yield client.process.stdout.drain()
