"""`docker service`: help alone, docklab does not simulate it."""

from __future__ import annotations

from simulator.cli.command import Command, Option

INSPECT = Command(
    usage="[OPTIONS] SERVICE [SERVICE...]",
    options=(
        Option("format", "string", "Format the output using the given Go template", short="f"),
        Option("pretty", "bool", "Print the information in a human friendly format"),
    ),
    least=1,
    most=None,
)

LOGS = Command(
    usage="[OPTIONS] SERVICE|TASK",
    options=(
        Option("details", "bool", "Show extra details provided to logs"),
        Option("follow", "bool", "Follow log output", short="f"),
        Option("no-resolve", "bool", "Do not map IDs to Names in output"),
        Option("no-task-ids", "bool", "Do not include task IDs in output"),
        Option("no-trunc", "bool", "Do not truncate output"),
        Option("raw", "bool", "Do not neatly format logs"),
        Option(
            "since",
            "string",
            "Show logs since timestamp (e.g. 2013-01-02T13:23:37Z) or relative (e.g. 42m for 42 minutes)",
        ),
        Option("tail", "string", "Number of lines to show from the end of the logs", short="n", default="all"),
        Option("timestamps", "bool", "Show timestamps", short="t"),
    ),
    least=1,
    most=1,
)

LS = Command(
    usage="[OPTIONS]",
    options=(
        Option("filter", "filter", "Filter output based on conditions provided", short="f"),
        Option("format", "string", "Pretty-print services using a Go template"),
        Option("quiet", "bool", "Only display IDs", short="q"),
    ),
)

PS = Command(
    usage="[OPTIONS] SERVICE [SERVICE...]",
    options=(
        Option("filter", "filter", "Filter output based on conditions provided", short="f"),
        Option("format", "string", "Pretty-print tasks using a Go template"),
        Option("no-resolve", "bool", "Do not map IDs to Names"),
        Option("no-trunc", "bool", "Do not truncate output"),
        Option("quiet", "bool", "Only display task IDs", short="q"),
    ),
    least=1,
    most=None,
)

RM = Command(
    usage="SERVICE [SERVICE...]",
    least=1,
    most=None,
)

ROLLBACK = Command(
    usage="[OPTIONS] SERVICE",
    options=(
        Option("detach", "bool", "Exit immediately instead of waiting for the service to converge", short="d"),
        Option("quiet", "bool", "Suppress progress output", short="q"),
    ),
    least=1,
    most=1,
)

SCALE = Command(
    usage="SERVICE=REPLICAS [SERVICE=REPLICAS...]",
    options=(Option("detach", "bool", "Exit immediately instead of waiting for the service to converge", short="d"),),
    least=1,
    most=None,
)
