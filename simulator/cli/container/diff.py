"""`docker container diff`: inspect changes to files or directories on a container's filesystem."""

from __future__ import annotations

from simulator.cli.client import Client
from simulator.cli.command import Command
from simulator.cli.errors import CommandError
from simulator.cli.options import Parsed
from simulator.clock import Steps

COMMAND = Command(
    usage="CONTAINER",
    least=1,
    most=1,
)


KINDS = "CAD"  # changed, added, deleted: the API's numbers


def run(client: Client, options: Parsed) -> Steps:
    name = options.arguments[0]
    if not name:
        raise CommandError("Container name cannot be empty")
    for change in client.engine.container_changes(name) or []:
        client.print(f"{KINDS[change['Kind']]} {change['Path']}")
    yield from ()
