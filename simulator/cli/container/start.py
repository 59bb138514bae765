"""`docker container start`: start one or more stopped containers."""

from __future__ import annotations

from simulator.cli.command import Command, Option

COMMAND = Command(
    usage="[OPTIONS] CONTAINER [CONTAINER...]",
    options=(
        Option("attach", "bool", "Attach STDOUT/STDERR and forward signals", short="a"),
        Option("detach-keys", "string", "Override the key sequence for detaching a container"),
        Option("interactive", "bool", "Attach container's STDIN", short="i"),
    ),
    least=1,
    most=None,
)
