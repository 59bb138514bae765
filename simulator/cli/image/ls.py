"""`docker image ls`: list images."""

from __future__ import annotations

from simulator.cli.command import Command, Option

COMMAND = Command(
    usage="[OPTIONS] [REPOSITORY[:TAG]]",
    options=(
        Option("all", "bool", "Show all images (default hides intermediate images)", short="a"),
        Option("digests", "bool", "Show digests"),
        Option("filter", "filter", "Filter output based on conditions provided", short="f"),
        Option("format", "string", "Pretty-print images using a Go template"),
        Option("no-trunc", "bool", "Don't truncate output"),
        Option("quiet", "bool", "Only show image IDs", short="q"),
    ),
    most=1,
)
