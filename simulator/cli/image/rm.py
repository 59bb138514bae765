"""`docker image rm`: remove one or more images."""

from __future__ import annotations

from simulator.cli.command import Command, Option

COMMAND = Command(
    usage="[OPTIONS] IMAGE [IMAGE...]",
    options=(
        Option("force", "bool", "Force removal of the image", short="f"),
        Option("no-prune", "bool", "Do not delete untagged parents"),
    ),
    least=1,
    most=None,
)
