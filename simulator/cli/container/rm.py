"""`docker container rm`: remove one or more containers."""

from __future__ import annotations

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.errors import CommandError
from simulator.cli.options import Parsed
from simulator.cli.several import each
from simulator.clock import Event, Steps

COMMAND = Command(
    usage="[OPTIONS] CONTAINER [CONTAINER...]",
    options=(
        Option("force", "bool", "Force the removal of a running container (uses SIGKILL)", short="f"),
        Option("link", "bool", "Remove the specified link", short="l"),
        Option("volumes", "bool", "Remove anonymous volumes associated with the container", short="v"),
    ),
    least=1,
    most=None,
)


def run(client: Client, options: Parsed) -> Steps:
    def begin(name: str) -> Event:
        name = name.strip("/")
        if not name:
            raise CommandError("Container name cannot be empty")
        return client.engine.container_remove(
            name, volumes=options["volumes"], link=options["link"], force=options["force"]
        )

    yield from each(client, options.arguments, begin, kind="container", forgive_missing=options["force"])
