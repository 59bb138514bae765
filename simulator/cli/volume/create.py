"""`docker volume create`: create a volume."""

from __future__ import annotations

from simulator.cli.command import Command, Option

COMMAND = Command(
    usage="[OPTIONS] [VOLUME]",
    options=(
        Option("driver", "string", "Specify volume driver name", short="d", default="local"),
        Option("label", "list", "Set metadata for a volume"),
        Option("opt", "map", "Set driver specific options", short="o", default="map[]"),
    ),
    most=1,
)
