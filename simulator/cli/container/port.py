"""`docker container port`: list port mappings or a specific mapping for the container."""

from __future__ import annotations

from simulator.cli.command import Command

COMMAND = Command(
    usage="CONTAINER [PRIVATE_PORT[/PROTO]]",
    least=1,
    most=2,
)
