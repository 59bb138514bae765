"""`docker image load`: load an image from a tar archive or STDIN."""

from __future__ import annotations

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.errors import CommandError
from simulator.cli.image.progress import follow
from simulator.cli.options import Parsed
from simulator.cli.output import taken
from simulator.clock import Steps
from simulator.userland.program import read_all

COMMAND = Command(
    usage="[OPTIONS]",
    options=(
        Option("input", "string", "Read from tar archive file, instead of STDIN", short="i"),
        Option("quiet", "bool", "Suppress the load output", short="q"),
    ),
)


def run(client: Client, options: Parsed) -> Steps:
    if not options["input"] and client.stdin.isatty:
        raise CommandError("requested load from stdin, but stdin is empty")
    data = taken(client, options["input"]) if options["input"] else (yield from read_all(client.stdin))
    quiet = options["quiet"] or not client.terminal
    yield from follow(client, client.engine.images_load(data, quiet), client.process.stdout)
