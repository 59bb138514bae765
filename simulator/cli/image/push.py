"""`docker image push`: push an image or a repository to a registry."""

from __future__ import annotations

from simulator.cli.command import Command, Option

COMMAND = Command(
    usage="[OPTIONS] NAME[:TAG]",
    options=(
        Option("all-tags", "bool", "Push all tagged images in the repository", short="a"),
        Option("disable-content-trust", "bool", "Skip image signing", default="true"),
        Option("quiet", "bool", "Suppress verbose output", short="q"),
    ),
    least=1,
    most=1,
)
