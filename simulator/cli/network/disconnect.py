"""`docker network disconnect`: disconnect a container from a network."""

from __future__ import annotations

from simulator.cli.command import Command, Option

COMMAND = Command(
    usage="[OPTIONS] NETWORK CONTAINER",
    options=(Option("force", "bool", "Force the container to disconnect from a network", short="f"),),
    least=2,
    most=2,
)
