"""`docker image tag`: create a tag TARGET_IMAGE that refers to SOURCE_IMAGE."""

from __future__ import annotations

from simulator.cli.client import Client
from simulator.cli.command import Command
from simulator.cli.errors import CommandError
from simulator.cli.options import Parsed
from simulator.clock import Steps
from simulator.golang.quote import quote
from simulator.golang.reference import Reference, reference_from_text

COMMAND = Command(
    usage="SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]",
    least=2,
    most=2,
    interspersed=False,
)


def run(client: Client, options: Parsed) -> Steps:
    source, target = options.arguments
    _reference(source)
    reference = _reference(target).with_latest()
    if reference.digest:
        raise CommandError("refusing to create a tag with a digest reference")
    client.engine.image_tag(source, reference.familiar_name, reference.tag)
    yield from ()


def _reference(text: str) -> Reference:
    try:
        return reference_from_text(text)
    except ValueError as error:
        raise CommandError(f"Error parsing reference: {quote(text)} is not a valid repository/tag: {error}") from None
