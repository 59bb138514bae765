"""`docker system events`: get real time events from the server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.errors import CommandError
from simulator.cli.options import Parsed
from simulator.clock import US, Steps
from simulator.golang.timestamps import timestamp_from_text

COMMAND = Command(
    usage="[OPTIONS]",
    options=(
        Option("filter", "filter", "Filter output based on conditions provided", short="f"),
        Option("format", "string", "Format the output using the given Go template"),
        Option("since", "string", "Show all events created since timestamp"),
        Option("until", "string", "Stream events until this timestamp"),
    ),
)


Show = Callable[[dict[str, Any]], str]

WRONG_TEMPLATE = 64
_WRONG = "Error parsing format"


def run(client: Client, options: Parsed) -> Steps:
    show: Show = _templated(client, options["format"]) if options["format"] else lambda event: _line(client, event)
    feed = client.engine.events(
        filters=options["filter"], since=_moment(client, options["since"]), until=_moment(client, options["until"])
    )
    try:
        while (event := (yield feed.read())) is not None:
            client.print(show(event))
            yield client.process.stdout.drain()
    finally:
        feed.close()


def _moment(client: Client, text: str) -> str:
    try:
        return timestamp_from_text(text, client.clock) if text else ""
    except ValueError as error:
        raise CommandError(str(error)) from None


def _line(client: Client, event: dict[str, Any]) -> str:
    attributes = ", ".join(f"{name}={value}" for name, value in sorted(event["Actor"]["Attributes"].items()))
    shown = f" ({attributes})" if attributes else ""
    return f"{_time(client, event['timeNano'])} {event['Type']} {event['Action']} {event['Actor']['ID']}{shown}"


def _time(client: Client, wall: int) -> str:
    """RFC 3339 with all nine digits of the fraction."""
    moment = client.clock.at(wall)
    zone = f"{moment:%z}"
    offset = "Z" if zone == "+0000" else f"{zone[:3]}:{zone[3:]}"
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{wall % (1_000_000 * US):09d}{offset}"


def _templated(client: Client, text: str) -> Show:
    from simulator.cli import templates
    from simulator.cli.schema.events import EVENT
    from simulator.cli.schema.reader import Schema

    schema = Schema(EVENT)
    try:
        template = templates.read(text, _WRONG)
        templates.run(template, schema.typed({}, pointer=True), _WRONG)
    except CommandError as error:
        raise CommandError(error.text, WRONG_TEMPLATE) from None
    return lambda event: templates.run(template, schema.typed(event), _WRONG)
