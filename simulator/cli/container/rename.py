"""`docker container rename`: rename a container."""

from __future__ import annotations

from simulator.cli.command import Command

COMMAND = Command(
    usage="CONTAINER NEW_NAME",
    least=2,
    most=2,
)
