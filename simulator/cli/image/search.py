"""`docker search`: search the Docker Hub for images."""

from __future__ import annotations

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.listing import listing
from simulator.cli.options import Parsed
from simulator.cli.rows.search import NOUN, SearchRow, default_format
from simulator.clock import Steps

COMMAND = Command(
    usage="[OPTIONS] TERM",
    options=(
        Option("filter", "filter", "Filter output based on conditions provided", short="f"),
        Option("format", "string", "Pretty-print search using a Go template"),
        Option("limit", "int", "Max number of search results", default="25"),
        Option("no-trunc", "bool", "Don't truncate output"),
    ),
    least=1,
    most=1,
)


def run(client: Client, options: Parsed) -> Steps:
    found = client.engine.image_search(options.arguments[0], limit=options["limit"])
    found = sorted(found, key=lambda result: -int(result["star_count"]))
    rows = [SearchRow(result, not options["no-trunc"]) for result in found]
    client.print(listing(NOUN, rows, default_format(options["format"]), minimum=client.version.table_width), end="")
    yield from ()
