"""`docker image inspect`: display detailed information on one or more images."""

from __future__ import annotations

from simulator.cli.command import Command, Option

COMMAND = Command(
    usage="[OPTIONS] IMAGE [IMAGE...]",
    options=(Option("format", "string", "Format the output using the given Go template", short="f"),),
    least=1,
    most=None,
)
