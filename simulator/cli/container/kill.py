"""`docker container kill`: kill one or more running containers."""

from __future__ import annotations

from simulator.cli.command import Command, Option

COMMAND = Command(
    usage="[OPTIONS] CONTAINER [CONTAINER...]",
    options=(Option("signal", "string", "Signal to send to the container", short="s", default="KILL"),),
    least=1,
    most=None,
)
