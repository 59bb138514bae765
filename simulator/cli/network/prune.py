"""`docker network prune`: remove all unused networks."""

from __future__ import annotations

from simulator.cli.command import Command, Option

COMMAND = Command(
    usage="[OPTIONS]",
    options=(
        Option("filter", "filter", "Provide filter values (e.g. 'until=<timestamp>')"),
        Option("force", "bool", "Do not prompt for confirmation", short="f"),
    ),
)
