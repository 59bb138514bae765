"""`docker image rm`: remove one or more images."""

from __future__ import annotations

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.errors import CommandError, NoSuchObject, lookup, text_of
from simulator.cli.options import Parsed
from simulator.clock import Steps
from simulator.engine.errors import EngineError

COMMAND = Command(
    usage="[OPTIONS] IMAGE [IMAGE...]",
    options=(
        Option("force", "bool", "Force removal of the image", short="f"),
        Option("no-prune", "bool", "Do not delete untagged parents"),
    ),
    least=1,
    most=None,
)


def run(client: Client, options: Parsed) -> Steps:
    wrong: list[str] = []
    only_missing = True
    for name in options.arguments:
        try:
            with lookup("image", name):
                deleted = client.engine.image_remove(name, force=options["force"], noprune=options["no-prune"])
            for item in deleted:
                client.print(f"Deleted: {item['Deleted']}" if item.get("Deleted") else f"Untagged: {item['Untagged']}")
        except (CommandError, EngineError) as error:
            only_missing = only_missing and isinstance(error, NoSuchObject)
            wrong.append(text_of(error))
    if wrong and not (options["force"] and only_missing):
        raise CommandError("\n".join(wrong))
    if wrong:
        client.error("\n".join(wrong))
    yield from ()
