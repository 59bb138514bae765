"""`docker create`: create a new container."""

from __future__ import annotations

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.container.create_options import CREATE_OPTIONS
from simulator.cli.container.creation import asked, create
from simulator.cli.options import Parsed
from simulator.clock import Steps

COMMAND = Command(
    usage="[OPTIONS] IMAGE [COMMAND] [ARG...]",
    options=(
        *CREATE_OPTIONS,
        Option("pull", "string", 'Pull image before creating ("always"|"missing"|"never")', default="missing"),
    ),
    least=1,
    most=None,
    interspersed=False,
)


def run(client: Client, options: Parsed) -> Steps:
    document = asked(client, options, command="create")
    client.print((yield from create(client, options, document)))
