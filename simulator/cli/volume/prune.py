"""`docker volume prune`: remove all unused local volumes."""

from __future__ import annotations

from simulator.cli.command import Command, Option

COMMAND = Command(
    usage="[OPTIONS]",
    options=(
        Option("filter", "filter", "Provide filter values (e.g. 'label=<label>')"),
        Option("force", "bool", "Do not prompt for confirmation", short="f"),
    ),
)
