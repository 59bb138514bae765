"""`docker volume create`: create a volume."""

from __future__ import annotations

from simulator.cli import checks
from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.errors import CommandError
from simulator.cli.keyvalues import in_order, pairs
from simulator.cli.options import Parsed
from simulator.clock import Steps

COMMAND = Command(
    usage="[OPTIONS] [VOLUME]",
    options=(
        Option("driver", "string", "Specify volume driver name", short="d", default="local"),
        Option("label", "list", "Set metadata for a volume", check=checks.label),
        Option("opt", "map", "Set driver specific options", short="o", default="map[]"),
        Option("name", "string", "Specify volume name", hidden=True),
    ),
    most=1,
)


def run(client: Client, options: Parsed) -> Steps:
    if options["name"] and options.arguments:
        raise CommandError("conflicting options: either specify --name or provide positional arg, not both")
    name = options.arguments[0] if options.arguments else options["name"]
    created = client.engine.volume_create(
        {
            "Driver": options["driver"],
            "DriverOpts": in_order(options["opt"]),
            "Labels": pairs(options["label"]),
            "Name": name,
        }
    )
    client.print(created["Name"])
    yield from ()
