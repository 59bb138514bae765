"""`docker container ls`: list containers."""

from __future__ import annotations

from simulator.cli.command import Command, Option

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
