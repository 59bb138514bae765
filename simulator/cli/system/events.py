"""`docker system events`: get real time events from the server."""

from __future__ import annotations

from simulator.cli.command import Command, Option

COMMAND = Command(
    usage="[OPTIONS]",
    options=(
        Option("filter", "filter", "Filter output based on conditions provided", short="f"),
        Option("format", "string", "Format the output using the given Go template"),
        Option("since", "string", "Show all events created since timestamp"),
        Option("until", "string", "Stream events until this timestamp"),
    ),
)
