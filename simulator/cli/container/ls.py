"""`docker container ls`: list containers."""

from __future__ import annotations

from msgspec.structs import replace

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.listing import TABLE, listing
from simulator.cli.options import Parsed
from simulator.cli.rows.container import NOTHING, NOUN, ContainerRow, default_format
from simulator.clock import Steps

COMMAND = Command(
    usage="[OPTIONS]",
    options=(
        Option("all", "bool", "Show all containers (default shows just running)", short="a"),
        Option("filter", "filter", "Filter output based on conditions provided", short="f"),
        Option("format", "string", "Pretty-print containers using a Go template"),
        Option("last", "int", "Show n last created containers (includes all states)", short="n", default="-1"),
        Option("latest", "bool", "Show the latest created container (includes all states)", short="l"),
        Option("no-trunc", "bool", "Don't truncate output"),
        Option("quiet", "bool", "Only display container IDs", short="q"),
        Option("size", "bool", "Display total file sizes", short="s"),
    ),
)


def run(client: Client, options: Parsed) -> Steps:
    form = options["format"]
    size = options["size"] or (bool(form) and _names_size(client, form))
    last = 1 if options["latest"] and options["last"] == -1 else options["last"]
    containers = client.engine.container_list(
        all=options["all"], limit=max(last, 0), size=size, filters=options["filter"]
    )
    rows = [ContainerRow(container, not options["no-trunc"], client.clock) for container in containers]
    form = default_format(form or TABLE, quiet=options["quiet"], size=size)
    client.print(listing(NOUN, rows, form, minimum=client.version.table_width), end="")
    yield from ()


def _names_size(client: Client, form: str) -> bool:
    """Whether a template wants the size, which the engine works out only when asked. Raises CommandError."""
    from simulator.cli.gotemplate.values import Value
    from simulator.cli.templates import object_type, read, run

    template = read(form, "failed to parse template")
    wanted: list[str] = []

    def size(row: ContainerRow) -> str:
        wanted.append("Size")
        return NOUN.columns["Size"][1](row)

    probe = replace(NOUN, columns={**NOUN.columns, "Size": ("SIZE", size)})
    run(template, Value(object_type(probe), ContainerRow(NOTHING, True, client.clock)), "failed to execute template")
    return bool(wanted)
