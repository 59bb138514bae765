"""`docker image history`: show the history of an image."""

from __future__ import annotations

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.listing import TABLE, listing
from simulator.cli.options import Parsed
from simulator.cli.rows.history import NOUN, HistoryRow, default_format
from simulator.clock import Steps

COMMAND = Command(
    usage="[OPTIONS] IMAGE",
    options=(
        Option("format", "string", "Pretty-print images using a Go template"),
        Option("human", "bool", "Print sizes and dates in human readable format", short="H", default="true"),
        Option("no-trunc", "bool", "Don't truncate output"),
        Option("quiet", "bool", "Only show image IDs", short="q"),
    ),
    least=1,
    most=1,
)


def run(client: Client, options: Parsed) -> Steps:
    layers = client.engine.image_history(options.arguments[0])
    short, human = not options["no-trunc"], options["human"]
    rows = [HistoryRow(layer, short, human, client.clock) for layer in layers]
    form = default_format(options["format"] or TABLE, quiet=options["quiet"], human=human)
    client.print(listing(NOUN, rows, form, minimum=client.version.table_width), end="")
    yield from ()
