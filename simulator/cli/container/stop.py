"""`docker container stop`: stop one or more running containers."""

from __future__ import annotations

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.options import Parsed
from simulator.cli.several import each
from simulator.clock import Steps

COMMAND = Command(
    usage="[OPTIONS] CONTAINER [CONTAINER...]",
    options=(Option("time", "int", "Seconds to wait for stop before killing it", short="t", default="10"),),
    least=1,
    most=None,
)


def run(client: Client, options: Parsed) -> Steps:
    timeout = options["time"] if options.changed("time") else None
    yield from each(client, options.arguments, lambda name: client.engine.container_stop(name, timeout=timeout))
