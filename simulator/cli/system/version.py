"""`docker version`: show the Docker version information."""

from __future__ import annotations

from simulator.cli.command import Command, Option

COMMAND = Command(
    usage="[OPTIONS]",
    options=(
        Option("format", "string", "Format the output using the given Go template", short="f"),
        Option("kubeconfig", "string", "Kubernetes config file"),
    ),
)
