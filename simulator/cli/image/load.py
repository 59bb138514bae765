"""`docker image load`: load an image from a tar archive or STDIN."""

from __future__ import annotations

from simulator.cli.command import Command, Option

COMMAND = Command(
    usage="[OPTIONS]",
    options=(
        Option("input", "string", "Read from tar archive file, instead of STDIN", short="i"),
        Option("quiet", "bool", "Suppress the load output", short="q"),
    ),
)
