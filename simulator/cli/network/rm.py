"""`docker network rm`: remove one or more networks."""

from __future__ import annotations

from simulator.cli.command import Command

COMMAND = Command(
    usage="NETWORK [NETWORK...]",
    least=1,
    most=None,
)
