"""`docker container logs`: fetch the logs of a container."""

from __future__ import annotations

from simulator.cli.command import Command, Option

COMMAND = Command(
    usage="[OPTIONS] CONTAINER",
    options=(
        Option("details", "bool", "Show extra details provided to logs"),
        Option("follow", "bool", "Follow log output", short="f"),
        Option(
            "since",
            "string",
            "Show logs since timestamp (e.g. 2013-01-02T13:23:37Z) or relative (e.g. 42m for 42 minutes)",
        ),
        Option("tail", "string", "Number of lines to show from the end of the logs", short="n", default="all"),
        Option("timestamps", "bool", "Show timestamps", short="t"),
        Option(
            "until",
            "string",
            "Show logs before a timestamp (e.g. 2013-01-02T13:23:37Z) or relative (e.g. 42m for 42 minutes)",
        ),
    ),
    least=1,
    most=1,
)
