"""`docker image import`: import the contents from a tarball to create a filesystem image."""

from __future__ import annotations

from simulator.cli.command import Command, Option

COMMAND = Command(
    usage="[OPTIONS] file|URL|- [REPOSITORY[:TAG]]",
    options=(
        Option("change", "list", "Apply Dockerfile instruction to the created image", short="c"),
        Option("message", "string", "Set commit message for imported image", short="m"),
        Option("platform", "string", "Set platform if server is multi-platform capable"),
    ),
    least=1,
    most=None,
)
