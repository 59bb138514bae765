"""`docker image history`: show the history of an image."""

from __future__ import annotations

from simulator.cli.command import Command, Option

COMMAND = Command(
    usage="[OPTIONS] IMAGE",
    options=(
        Option("format", "string", "Pretty-print images using a Go template"),
        Option("human", "bool", "Print sizes and dates in human readable format", short="H", default="true"),
        Option("no-trunc", "bool", "Don't truncate output"),
        Option("quiet", "bool", "Only show image IDs", short="q"),
    ),
    least=1,
    most=1,
)
