"""`docker container inspect`: display detailed information on one or more containers."""

from __future__ import annotations

from simulator.cli.command import Command, Option

COMMAND = Command(
    usage="[OPTIONS] CONTAINER [CONTAINER...]",
    options=(
        Option("format", "string", "Format the output using the given Go template", short="f"),
        Option("size", "bool", "Display total file sizes", short="s"),
    ),
    least=1,
    most=None,
)
