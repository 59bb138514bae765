"""`docker network ls`: list networks."""

from __future__ import annotations

from simulator.cli.command import Command, Option

COMMAND = Command(
    usage="[OPTIONS]",
    options=(
        Option("filter", "filter", "Provide filter values (e.g. 'driver=bridge')", short="f"),
        Option("format", "string", "Pretty-print networks using a Go template"),
        Option("no-trunc", "bool", "Do not truncate the output"),
        Option("quiet", "bool", "Only display network IDs", short="q"),
    ),
)
