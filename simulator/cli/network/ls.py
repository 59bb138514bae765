"""`docker network ls`: list networks."""

from __future__ import annotations

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.listing import TABLE, listing, natural_key
from simulator.cli.options import Parsed
from simulator.cli.rows.network import NOUN, NetworkRow, default_format
from simulator.clock import Steps

COMMAND = Command(
    usage="[OPTIONS]",
    options=(
        Option("filter", "filter", "Provide filter values (e.g. 'driver=bridge')", short="f"),
        Option("format", "string", "Pretty-print networks using a Go template"),
        Option("no-trunc", "bool", "Do not truncate the output"),
        Option("quiet", "bool", "Only display network IDs", short="q"),
    ),
)


def run(client: Client, options: Parsed) -> Steps:
    networks = client.engine.network_list(filters=options["filter"])
    networks.sort(key=lambda network: natural_key(network["Name"]))
    rows = [NetworkRow(network, not options["no-trunc"], client.clock) for network in networks]
    form = default_format(options["format"] or TABLE, quiet=options["quiet"])
    client.print(listing(NOUN, rows, form, minimum=client.version.table_width), end="")
    yield from ()
