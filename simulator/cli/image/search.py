"""`docker search`: search the Docker Hub for images."""

from __future__ import annotations

from simulator.cli.command import Command, Option

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
