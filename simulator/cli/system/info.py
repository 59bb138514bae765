"""`docker system info`: display system-wide information."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.errors import CommandError, text_of
from simulator.cli.options import Parsed
from simulator.cli.system.server_info import server_lines
from simulator.clock import Steps
from simulator.engine.errors import EngineError

COMMAND = Command(
    usage="[OPTIONS]",
    options=(Option("format", "string", "Format the output using the given Go template", short="f"),),
)


WRONG_TEMPLATE = 64


def run(client: Client, options: Parsed) -> Steps:
    errors: list[str] = []
    info: dict[str, Any] | None = None
    try:
        info = client.engine.info()
    except (CommandError, EngineError) as error:
        errors.append(text_of(error))
    if options["format"]:
        _show(client, options["format"], info, errors)
        return
    client.print("\n".join(_lines(client, info, errors)))
    for warning in (info or {}).get("Warnings") or []:
        client.error(warning)
    if errors:
        raise CommandError("errors pretty printing info" if client.edition.has_contexts else errors[0])
    yield from ()


def _lines(client: Client, info: dict[str, Any] | None, errors: list[str]) -> Iterator[str]:
    """Client and server; older clients tell about the server alone."""
    if not client.edition.has_contexts:
        for line in server_lines(info, old=True) if info else ():
            yield line.removeprefix(" ")
        return
    yield from ("Client:", " Context:    default", " Debug Mode: false", "", "Server:")
    if info:
        yield from server_lines(info)
    for error in errors:
        yield f"ERROR: {error}"


def _show(client: Client, text: str, info: dict[str, Any] | None, errors: list[str]) -> None:
    from simulator.cli.gotemplate import ExecutionError, SyntaxFailure, parse
    from simulator.cli.schema.info import CLIENT_INFO, INFO
    from simulator.cli.schema.reader import Schema

    try:
        template = parse(text)
    except SyntaxFailure as failure:
        raise CommandError(f"template parsing error: {failure}", WRONG_TEMPLATE) from None
    own = {"Debug": False, "Context": "default", "Plugins": [], "Warnings": None}
    document = {**(info or {}), "ServerErrors": errors or None, "ClientInfo": own}
    try:
        client.print(template.execute(Schema(CLIENT_INFO + INFO).typed(document)))
    except ExecutionError as failure:
        client.print(failure.output)
        raise CommandError(str(failure)) from None
