"""`docker inspect`: return low-level information on Docker objects."""

from __future__ import annotations

from simulator.cli.command import Command, Option

COMMAND = Command(
    usage="[OPTIONS] NAME|ID [NAME|ID...]",
    options=(
        Option("format", "string", "Format the output using the given Go template", short="f"),
        Option("size", "bool", "Display total file sizes if the type is container", short="s"),
        Option("type", "string", "Return JSON for specified type"),
    ),
    least=1,
    most=None,
)
