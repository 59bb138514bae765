"""`docker stack`: help alone, docklab does not simulate it."""

from __future__ import annotations

from simulator.cli.command import Command, Option

DEPLOY = Command(
    usage="[OPTIONS] STACK",
    options=(
        Option("compose-file", "strings", 'Path to a Compose file, or "-" to read from stdin', short="c"),
        Option("orchestrator", "string", "Orchestrator to use (swarm|kubernetes|all)"),
        Option("prune", "bool", "Prune services that are no longer referenced"),
        Option(
            "resolve-image",
            "string",
            'Query the registry to resolve image digest and supported platforms ("always"|"changed"|"never")',
            default="always",
        ),
        Option("with-registry-auth", "bool", "Send registry authentication details to Swarm agents"),
    ),
    least=1,
    most=1,
)

LS = Command(
    usage="[OPTIONS]",
    options=(
        Option("format", "string", "Pretty-print stacks using a Go template"),
        Option("orchestrator", "string", "Orchestrator to use (swarm|kubernetes|all)"),
    ),
)

PS = Command(
    usage="[OPTIONS] STACK",
    options=(
        Option("filter", "filter", "Filter output based on conditions provided", short="f"),
        Option("format", "string", "Pretty-print tasks using a Go template"),
        Option("no-resolve", "bool", "Do not map IDs to Names"),
        Option("no-trunc", "bool", "Do not truncate output"),
        Option("orchestrator", "string", "Orchestrator to use (swarm|kubernetes|all)"),
        Option("quiet", "bool", "Only display task IDs", short="q"),
    ),
    least=1,
    most=1,
)

RM = Command(
    usage="[OPTIONS] STACK [STACK...]",
    options=(Option("orchestrator", "string", "Orchestrator to use (swarm|kubernetes|all)"),),
    least=1,
    most=None,
)

SERVICES = Command(
    usage="[OPTIONS] STACK",
    options=(
        Option("filter", "filter", "Filter output based on conditions provided", short="f"),
        Option("format", "string", "Pretty-print services using a Go template"),
        Option("orchestrator", "string", "Orchestrator to use (swarm|kubernetes|all)"),
        Option("quiet", "bool", "Only display IDs", short="q"),
    ),
    least=1,
    most=1,
)
