"""`docker container rm`: remove one or more containers."""

from __future__ import annotations

from simulator.cli.command import Command, Option

COMMAND = Command(
    usage="[OPTIONS] CONTAINER [CONTAINER...]",
    options=(
        Option("force", "bool", "Force the removal of a running container (uses SIGKILL)", short="f"),
        Option("link", "bool", "Remove the specified link", short="l"),
        Option("volumes", "bool", "Remove anonymous volumes associated with the container", short="v"),
    ),
    least=1,
    most=None,
)
