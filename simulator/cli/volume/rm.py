"""`docker volume rm`: remove one or more volumes."""

from __future__ import annotations

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.errors import CommandError, lookup, text_of
from simulator.cli.options import Parsed
from simulator.clock import Steps
from simulator.engine.errors import EngineError

COMMAND = Command(
    usage="[OPTIONS] VOLUME [VOLUME...]",
    options=(Option("force", "bool", "Force the removal of one or more volumes", short="f"),),
    least=1,
    most=None,
    long="Remove one or more volumes. You cannot remove a volume that is in use by a container.",
    example="\n$ docker volume rm hello\nhello\n",
)


def run(client: Client, options: Parsed) -> Steps:
    wrong: list[str] = []
    for name in options.arguments:
        try:
            with lookup("volume", name):
                client.engine.volume_remove(name, force=options["force"])
            client.print(name)
        except (CommandError, EngineError) as error:
            wrong.append(text_of(error))
    if wrong:
        raise CommandError("\n".join(wrong))
    yield from ()
