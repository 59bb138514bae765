"""`docker container export`: export a container's filesystem as a tar archive."""

from __future__ import annotations

from simulator.cli.command import Command, Option

COMMAND = Command(
    usage="[OPTIONS] CONTAINER",
    options=(Option("output", "string", "Write to a file, instead of STDOUT", short="o"),),
    least=1,
    most=1,
)
