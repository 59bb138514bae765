"""`docker container logs`: fetch the logs of a container."""

from __future__ import annotations

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.errors import CommandError, lookup
from simulator.cli.options import Parsed
from simulator.cli.streams import show
from simulator.clock import Steps
from simulator.golang.timestamps import timestamp_from_text

COMMAND = Command(
    usage="[OPTIONS] CONTAINER",
    options=(
        Option("details", "bool", "Show extra details provided to logs"),
        Option("follow", "bool", "Follow log output", short="f"),
        Option(
            "since",
            "string",
            "Show logs since timestamp (e.g. 2013-01-02T13:23:37Z) or relative (e.g. 42m for 42 minutes)",
        ),
        Option("tail", "string", "Number of lines to show from the end of the logs", short="n", default="all"),
        Option("timestamps", "bool", "Show timestamps", short="t"),
        Option(
            "until",
            "string",
            "Show logs before a timestamp (e.g. 2013-01-02T13:23:37Z) or relative (e.g. 42m for 42 minutes)",
        ),
    ),
    least=1,
    most=1,
)


def run(client: Client, options: Parsed) -> Steps:
    with lookup("container", options.arguments[0]):
        container = client.engine.container_inspect(options.arguments[0])["Id"]
    stream = client.engine.container_logs(
        container,
        stdout=True,
        stderr=True,
        since=_moment(client, options, "since"),
        until=_moment(client, options, "until"),
        timestamps=options["timestamps"],
        details=options["details"],
        tail=options["tail"],
        follow=options["follow"],
    )
    try:
        yield from show(client, stream)
    finally:
        stream.close()


def _moment(client: Client, options: Parsed, name: str) -> str:
    if not options[name]:
        return ""
    try:
        return timestamp_from_text(options[name], client.clock)
    except ValueError as error:
        raise CommandError(f'invalid value for "{name}": {error}') from None
