"""`docker container restart`: restart one or more containers."""

from __future__ import annotations

from simulator.cli.command import Command, Option

COMMAND = Command(
    usage="[OPTIONS] CONTAINER [CONTAINER...]",
    options=(Option("time", "int", "Seconds to wait for stop before killing the container", short="t", default="10"),),
    least=1,
    most=None,
)
