"""`docker image tag`: create a tag TARGET_IMAGE that refers to SOURCE_IMAGE."""

from __future__ import annotations

from simulator.cli.command import Command

COMMAND = Command(
    usage="SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]",
    least=2,
    most=2,
    interspersed=False,
)
