"""`docker container commit`: create a new image from a container's changes."""

from __future__ import annotations

from simulator.cli.command import Command, Option

COMMAND = Command(
    usage="[OPTIONS] CONTAINER [REPOSITORY[:TAG]]",
    options=(
        Option("author", "string", 'Author (e.g., "John Hannibal Smith <hannibal@a-team.com>")', short="a"),
        Option("change", "list", "Apply Dockerfile instruction to the created image", short="c"),
        Option("message", "string", "Commit message", short="m"),
        Option("pause", "bool", "Pause container during commit", short="p", default="true"),
    ),
    least=1,
    most=2,
    interspersed=False,
)
