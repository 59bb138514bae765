"""`docker image save`: save one or more images to a tar archive (streamed to STDOUT by default)."""

from __future__ import annotations

from simulator.cli.command import Command, Option

COMMAND = Command(
    usage="[OPTIONS] IMAGE [IMAGE...]",
    options=(Option("output", "string", "Write to a file, instead of STDOUT", short="o"),),
    least=1,
    most=None,
)
