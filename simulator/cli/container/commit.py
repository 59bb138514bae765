"""`docker container commit`: create a new image from a container's changes."""

from __future__ import annotations

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.errors import CommandError
from simulator.cli.options import Parsed
from simulator.clock import Steps
from simulator.golang.reference import LATEST, reference_from_text

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


def run(client: Client, options: Parsed) -> Steps:
    name, *repository = options.arguments
    repo, tag = _reference(repository[0]) if repository and repository[0] else ("", "")
    made = client.engine.container_commit(
        name,
        repo=repo,
        tag=tag,
        comment=options["message"],
        author=options["author"],
        pause=options["pause"],
        changes=options["change"],
    )
    client.print(made["Id"])
    yield from ()


def _reference(text: str) -> tuple[str, str]:
    """Repository and tag. Raises CommandError."""
    try:
        reference = reference_from_text(text)
    except ValueError as failure:
        raise CommandError(str(failure)) from None
    if reference.digest:
        raise CommandError("refusing to create a tag with a digest reference")
    return reference.familiar_name, reference.tag or LATEST
