"""`docker container stats`: display a live stream of container(s) resource usage statistics."""

from __future__ import annotations

from simulator.cli.command import Command, Option

COMMAND = Command(
    usage="[OPTIONS] [CONTAINER...]",
    options=(
        Option("all", "bool", "Show all containers (default shows just running)", short="a"),
        Option("format", "string", "Pretty-print images using a Go template"),
        Option("no-stream", "bool", "Disable streaming stats and only pull the first result"),
        Option("no-trunc", "bool", "Do not truncate output"),
    ),
    most=None,
)
