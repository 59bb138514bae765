"""`docker image pull`: pull an image or a repository from a registry."""

from __future__ import annotations

from simulator.cli.command import Command, Option

COMMAND = Command(
    usage="[OPTIONS] NAME[:TAG|@DIGEST]",
    options=(
        Option("all-tags", "bool", "Download all tagged images in the repository", short="a"),
        Option("disable-content-trust", "bool", "Skip image verification", default="true"),
        Option("platform", "string", "Set platform if server is multi-platform capable"),
        Option("quiet", "bool", "Suppress verbose output", short="q"),
    ),
    least=1,
    most=1,
)
