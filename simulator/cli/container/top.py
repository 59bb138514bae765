"""`docker container top`: display the running processes of a container."""

from __future__ import annotations

from simulator.cli.command import Command

COMMAND = Command(
    usage="CONTAINER [ps OPTIONS]",
    least=1,
    most=None,
    interspersed=False,
)
