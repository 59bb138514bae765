"""`docker config`: help alone, docklab does not simulate it."""

from __future__ import annotations

from simulator.cli.command import Command, Option

CREATE = Command(
    usage="[OPTIONS] CONFIG file|-",
    options=(
        Option("label", "list", "Config labels", short="l"),
        Option("template-driver", "string", "Template driver"),
    ),
    least=2,
    most=2,
)

INSPECT = Command(
    usage="[OPTIONS] CONFIG [CONFIG...]",
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
        Option("format", "string", "Pretty-print configs using a Go template"),
        Option("quiet", "bool", "Only display IDs", short="q"),
    ),
)

RM = Command(
    usage="CONFIG [CONFIG...]",
    least=1,
    most=None,
)
