"""`docker container wait`: block until one or more containers stop, then print their exit codes."""

from __future__ import annotations

from simulator.cli.command import Command

COMMAND = Command(
    usage="CONTAINER [CONTAINER...]",
    least=1,
    most=None,
)
