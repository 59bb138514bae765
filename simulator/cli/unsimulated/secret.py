"""`docker secret`: help alone, docklab does not simulate it."""

from __future__ import annotations

from simulator.cli.command import Command, Option

CREATE = Command(
    usage="[OPTIONS] SECRET [file|-]",
    options=(
        Option("driver", "string", "Secret driver", short="d"),
        Option("label", "list", "Secret labels", short="l"),
        Option("template-driver", "string", "Template driver"),
    ),
    least=1,
    most=2,
)

INSPECT = Command(
    usage="[OPTIONS] SECRET [SECRET...]",
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
        Option("format", "string", "Pretty-print secrets using a Go template"),
        Option("quiet", "bool", "Only display IDs", short="q"),
    ),
)

RM = Command(
    usage="SECRET [SECRET...]",
    least=1,
    most=None,
)
