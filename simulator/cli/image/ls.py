"""`docker image ls`: list images."""

from __future__ import annotations

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.listing import TABLE, listing
from simulator.cli.options import Parsed
from simulator.cli.rows.image import NOUN, default_format, rows_of
from simulator.clock import Steps

COMMAND = Command(
    usage="[OPTIONS] [REPOSITORY[:TAG]]",
    options=(
        Option("all", "bool", "Show all images (default hides intermediate images)", short="a"),
        Option("digests", "bool", "Show digests"),
        Option("filter", "filter", "Filter output based on conditions provided", short="f"),
        Option("format", "string", "Pretty-print images using a Go template"),
        Option("no-trunc", "bool", "Don't truncate output"),
        Option("quiet", "bool", "Only show image IDs", short="q"),
    ),
    most=1,
)


def run(client: Client, options: Parsed) -> Steps:
    filters = dict(options["filter"])
    if options.arguments:
        filters["reference"] = [*filters.get("reference", []), *options.arguments]
    images = client.engine.image_list(all=options["all"], filters=filters)
    digests = options["digests"]
    form = default_format(options["format"] or TABLE, quiet=options["quiet"], digests=digests)
    wanted = digests or "{{.Digest}}" in form
    rows = rows_of(images, client.clock, short=not options["no-trunc"], digests=digests, wanted=wanted)
    client.print(listing(NOUN, rows, form, minimum=client.version.table_width), end="")
    yield from ()
