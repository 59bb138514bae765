"""`docker node`: help alone, docklab does not simulate it."""

from __future__ import annotations

from simulator.cli.command import Command, Option

DEMOTE = Command(
    usage="NODE [NODE...]",
    least=1,
    most=None,
)

INSPECT = Command(
    usage="[OPTIONS] self|NODE [NODE...]",
    options=(
        Option("format", "string", "Format the output using the given Go template", short="f"),
        Option("pretty", "bool", "Print the information in a human friendly format"),
    ),
    least=1,
    most=None,
)

LS = Command(
    usage="[OPTIONS]",
    options=(
        Option("filter", "filter", "Filter output based on conditions provided", short="f"),
        Option("format", "string", "Pretty-print nodes using a Go template"),
        Option("quiet", "bool", "Only display IDs", short="q"),
    ),
)

PROMOTE = Command(
    usage="NODE [NODE...]",
    least=1,
    most=None,
)

PS = Command(
    usage="[OPTIONS] [NODE...]",
    options=(
        Option("filter", "filter", "Filter output based on conditions provided", short="f"),
        Option("format", "string", "Pretty-print tasks using a Go template"),
        Option("no-resolve", "bool", "Do not map IDs to Names"),
        Option("no-trunc", "bool", "Do not truncate output"),
        Option("quiet", "bool", "Only display task IDs", short="q"),
    ),
    most=None,
)

RM = Command(
    usage="[OPTIONS] NODE [NODE...]",
    options=(Option("force", "bool", "Force remove a node from the swarm", short="f"),),
    least=1,
    most=None,
)

UPDATE = Command(
    usage="[OPTIONS] NODE",
    options=(
        Option("availability", "string", 'Availability of the node ("active"|"pause"|"drain")'),
        Option("label-add", "list", "Add or update a node label (key=value)"),
        Option("label-rm", "list", "Remove a node label if exists"),
        Option("role", "string", 'Role of the node ("worker"|"manager")'),
    ),
    least=1,
    most=1,
)
