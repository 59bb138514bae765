"""`docker volume ls`: list volumes."""

from __future__ import annotations

from simulator.cli.command import Command, Option

COMMAND = Command(
    usage="[OPTIONS]",
    options=(
        Option("filter", "filter", "Provide filter values (e.g. 'dangling=true')", short="f"),
        Option("format", "string", "Pretty-print volumes using a Go template"),
        Option("quiet", "bool", "Only display volume names", short="q"),
    ),
)
