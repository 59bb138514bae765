"""`docker image prune`: remove unused images."""

from __future__ import annotations

from simulator.cli.command import Command, Option

COMMAND = Command(
    usage="[OPTIONS]",
    options=(
        Option("all", "bool", "Remove all unused images, not just dangling ones", short="a"),
        Option("filter", "filter", "Provide filter values (e.g. 'until=<timestamp>')"),
        Option("force", "bool", "Do not prompt for confirmation", short="f"),
    ),
)
