"""`docker image pull`: pull an image or a repository from a registry."""

from __future__ import annotations

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.errors import CommandError
from simulator.cli.image.progress import pull
from simulator.cli.options import Parsed
from simulator.clock import Steps
from simulator.golang.reference import LATEST, Reference, reference_from_text
from simulator.kernel.files import MemoryFile

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


def run(client: Client, options: Parsed) -> Steps:
    reference = _reference(client, options)
    quiet = options.get("quiet", False)
    file = MemoryFile(client.clock) if quiet else client.process.stdout
    yield from pull(client, reference, file)
    if client.edition.names_pulled:
        client.print(reference.full)


def _reference(client: Client, options: Parsed) -> Reference:
    """What to pull. Raises CommandError."""
    try:
        reference = reference_from_text(options.arguments[0])
    except ValueError as error:
        raise CommandError(str(error)) from None
    named = reference.tag or reference.digest
    if options["all-tags"] and named:
        raise CommandError("tag can't be used with --all-tags/-a")
    if options["all-tags"]:
        raise CommandError(f"docklab does not simulate '{options.line} --all-tags'.")
    if not named and not options.get("quiet", False):
        client.print(f"Using default tag: {LATEST}")
    return reference.with_latest()
