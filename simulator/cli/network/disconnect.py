"""`docker network disconnect`: disconnect a container from a network."""

from __future__ import annotations

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.options import Parsed
from simulator.clock import Steps

COMMAND = Command(
    usage="[OPTIONS] NETWORK CONTAINER",
    options=(Option("force", "bool", "Force the container to disconnect from a network", short="f"),),
    least=2,
    most=2,
)


def run(client: Client, options: Parsed) -> Steps:
    network, container = options.arguments
    client.engine.network_disconnect(network, {"Container": container, "Force": options["force"]})
    yield from ()
