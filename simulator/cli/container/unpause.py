"""`docker container unpause`: unpause all processes within one or more containers."""

from __future__ import annotations

from simulator.cli.command import Command

COMMAND = Command(
    usage="CONTAINER [CONTAINER...]",
    least=1,
    most=None,
)
