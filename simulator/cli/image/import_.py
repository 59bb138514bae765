"""`docker image import`: import the contents from a tarball to create a filesystem image."""

from __future__ import annotations

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.errors import CommandError
from simulator.cli.image.progress import follow
from simulator.cli.options import Parsed
from simulator.cli.output import taken
from simulator.clock import Steps
from simulator.golang.reference import reference_from_text
from simulator.userland.program import read_all

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


def run(client: Client, options: Parsed) -> Steps:
    source, *repository = options.arguments
    repo = repository[0] if repository else ""
    if repo:
        try:
            reference_from_text(repo)
        except ValueError as failure:
            raise CommandError(str(failure)) from None
    remote = source.startswith(("http://", "https://"))
    data = b""
    if source == "-":
        data = yield from read_all(client.stdin)
    elif not remote:
        data = taken(client, source)
    message, changes = options["message"], options["change"]
    feed = client.engine.image_import(data, source if remote else "-", repo=repo, message=message, changes=changes)
    yield from follow(client, feed, client.process.stdout)
