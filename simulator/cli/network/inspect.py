"""`docker network inspect`: display detailed information on one or more networks."""

from __future__ import annotations

from simulator.cli.command import Command, Option

COMMAND = Command(
    usage="[OPTIONS] NETWORK [NETWORK...]",
    options=(
        Option("format", "string", "Format the output using the given Go template", short="f"),
        Option("verbose", "bool", "Verbose output for diagnostics", short="v"),
    ),
    least=1,
    most=None,
)
