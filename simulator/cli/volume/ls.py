"""`docker volume ls`: list volumes."""

from __future__ import annotations

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.listing import TABLE, listing, natural_key
from simulator.cli.options import Parsed
from simulator.cli.rows.volume import NOUN, default_format
from simulator.clock import Steps

COMMAND = Command(
    usage="[OPTIONS]",
    options=(
        Option("filter", "filter", "Provide filter values (e.g. 'dangling=true')", short="f"),
        Option("format", "string", "Pretty-print volumes using a Go template"),
        Option("quiet", "bool", "Only display volume names", short="q"),
    ),
)


def run(client: Client, options: Parsed) -> Steps:
    volumes = client.engine.volume_list(filters=options["filter"])["Volumes"] or []
    rows = sorted(volumes, key=lambda volume: natural_key(volume["Name"]))
    form = default_format(options["format"] or TABLE, quiet=options["quiet"])
    client.print(listing(NOUN, rows, form, minimum=client.version.table_width), end="")
    yield from ()
