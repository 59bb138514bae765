"""`docker container stats`: display a live stream of container(s) resource usage statistics."""

from __future__ import annotations

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.errors import CommandError, text_of
from simulator.cli.listing import listing
from simulator.cli.options import Parsed
from simulator.cli.rows.stats import NOUN, StatsRow, default_format
from simulator.clock import MS, Steps
from simulator.engine.errors import EngineError

COMMAND = Command(
    usage="[OPTIONS] [CONTAINER...]",
    options=(
        Option("all", "bool", "Show all containers (default shows just running)", short="a"),
        Option("format", "string", "Pretty-print images using a Go template"),
        Option("no-stream", "bool", "Disable streaming stats and only pull the first result"),
        Option("no-trunc", "bool", "Do not truncate output"),
    ),
    most=None,
)


CLEAR_SCREEN = "\x1b[2J\x1b[H"
INTERVAL = 500 * MS


def run(client: Client, options: Parsed) -> Steps:
    while True:
        rows = yield from _rows(client, options)
        yield client.process.sleep(INTERVAL)
        if not options["no-stream"]:
            client.print(CLEAR_SCREEN, end="")
        form = default_format(options["format"])
        client.print(listing(NOUN, rows, form, minimum=client.version.table_width), end="")
        if options["no-stream"]:
            return


def _rows(client: Client, options: Parsed) -> Steps:
    """A reading of each container: those named, or all that run. Raises CommandError for those not there."""
    names = options.arguments
    if not names:
        names = [found["Id"][:12] for found in client.engine.container_list(all=options["all"])]
    rows: list[StatsRow] = []
    wrong: list[str] = []
    for name in names:
        try:
            reading = client.engine.container_stats(name, stream=False, one_shot=True)
            assert isinstance(reading, dict)
            rows.append(StatsRow(name, reading, not options["no-trunc"]))
        except EngineError as error:
            wrong.append(text_of(error))
    if wrong:
        raise CommandError("\n".join(wrong))
    yield from ()
    return rows
