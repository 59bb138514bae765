"""`docker system df`: show docker disk usage."""

from __future__ import annotations

from simulator.cli.command import Command, Option

COMMAND = Command(
    usage="[OPTIONS]",
    options=(
        Option("format", "string", "Pretty-print images using a Go template"),
        Option("verbose", "bool", "Show detailed information on space usage", short="v"),
    ),
)
