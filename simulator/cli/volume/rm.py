"""`docker volume rm`: remove one or more volumes."""

from __future__ import annotations

from simulator.cli.command import Command, Option

COMMAND = Command(
    usage="[OPTIONS] VOLUME [VOLUME...]",
    options=(Option("force", "bool", "Force the removal of one or more volumes", short="f"),),
    least=1,
    most=None,
    long="Remove one or more volumes. You cannot remove a volume that is in use by a container.",
    example="\n$ docker volume rm hello\nhello\n",
)
