"""`docker container diff`: inspect changes to files or directories on a container's filesystem."""

from __future__ import annotations

from simulator.cli.command import Command

COMMAND = Command(
    usage="CONTAINER",
    least=1,
    most=1,
)
