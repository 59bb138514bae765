"""`docker volume inspect`: display detailed information on one or more volumes."""

from __future__ import annotations

from simulator.cli.command import Command, Option

COMMAND = Command(
    usage="[OPTIONS] VOLUME [VOLUME...]",
    options=(Option("format", "string", "Format the output using the given Go template", short="f"),),
    least=1,
    most=None,
)
