"""`docker system info`: display system-wide information."""

from __future__ import annotations

from simulator.cli.command import Command, Option

COMMAND = Command(
    usage="[OPTIONS]",
    options=(Option("format", "string", "Format the output using the given Go template", short="f"),),
)
