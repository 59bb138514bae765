"""`docker version`: show the Docker version information."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.errors import CommandError
from simulator.cli.options import Parsed
from simulator.cli.table import aligned
from simulator.clock import Steps
from simulator.engine.errors import EngineError

COMMAND = Command(
    usage="[OPTIONS]",
    options=(
        Option("format", "string", "Format the output using the given Go template", short="f"),
        Option("kubeconfig", "string", "Kubernetes config file"),
    ),
)


Document = dict[str, Any]

WIDTH = 20  # the least of the first column
WRONG_TEMPLATE = 64
_WRONG = "template parsing error"


def run(client: Client, options: Parsed) -> Steps:
    template = _read(options["format"]) if options["format"] else None
    own = _client(client)
    failure: CommandError | EngineError | None = None
    server: Document | None = None
    try:
        server = _server(client.engine.version())
    except (CommandError, EngineError) as error:
        failure = error
    if template:
        _show(client, template, {"Client": own, "Server": server})
    else:
        text = "\n".join(_client_lines(client, own) + (_server_lines(server) if server else []))
        client.print(aligned(text, minimum=WIDTH, padding=1))
    if failure:
        raise failure
    yield from ()


def _client(client: Client) -> Document:
    version = client.version
    return {
        "Platform": {"Name": ""},
        "Version": version.engine,
        "ApiVersion": client.api,
        "DefaultAPIVersion": version.api,
        "GitCommit": version.git_commit,
        "GoVersion": version.go,
        "Os": "linux",
        "Arch": "amd64",
        "BuildTime": version.built,
        "Context": "default",
        "Experimental": client.edition.has_contexts,
    }


def _server(document: Document) -> Document:
    """The engine's document with the moment it was built as the client shows it."""
    components = [dict(component, Details=dict(component["Details"] or {})) for component in document["Components"]]
    for component in components:
        if component["Name"] == "Engine" and "BuildTime" in component["Details"]:
            component["Details"]["BuildTime"] = _date(component["Details"]["BuildTime"])
    return {**document, "Components": components}


def _date(text: str) -> str:
    """A moment of the API's as time.ANSIC has it: `Thu May  7 21:09:36 2026`."""
    try:
        moment = datetime.fromisoformat(text[:19])
    except ValueError:
        return text
    return f"{moment:%a %b} {moment.day:>2} {moment:%H:%M:%S %Y}"


def _client_lines(client: Client, own: Document) -> list[str]:
    default = own["DefaultAPIVersion"]
    downgraded = f" (downgraded from {default})" if own["ApiVersion"] != default else ""
    lines = [
        "Client:",
        f" Version:\t{own['Version']}",
        f" API version:\t{own['ApiVersion']}{downgraded}",
        f" Go version:\t{own['GoVersion']}",
        f" Git commit:\t{own['GitCommit']}",
        f" Built:\t{own['BuildTime']}",
        f" OS/Arch:\t{own['Os']}/{own['Arch']}",
    ]
    if client.edition.has_contexts:
        lines.append(f" Context:\t{own['Context']}")
    return [*lines, f" Experimental:\t{_boolean(own['Experimental'])}"]


def _server_lines(server: Document) -> list[str]:
    platform = server.get("Platform", {}).get("Name", "")
    lines = ["", f"Server: {platform}".rstrip()]
    for component in server["Components"]:
        lines.append(f" {component['Name']}:")
        lines.append(f"  Version:\t{component['Version']}")
        if component["Name"] == "Engine":
            lines += _engine_lines(component["Details"])
        else:
            lines += [f"  {name}:\t{component['Details'][name]}" for name in sorted(component["Details"])]
    return lines


def _engine_lines(details: dict[str, str]) -> list[str]:
    return [
        f"  API version:\t{details['ApiVersion']} (minimum version {details['MinAPIVersion']})",
        f"  Go version:\t{details['GoVersion']}",
        f"  Git commit:\t{details['GitCommit']}",
        f"  Built:\t{details['BuildTime']}",
        f"  OS/Arch:\t{details['Os']}/{details['Arch']}",
        f"  Experimental:\t{details['Experimental']}",
    ]


def _boolean(value: bool) -> str:
    return "true" if value else "false"


def _read(text: str) -> Any:
    from simulator.cli.gotemplate import SyntaxFailure, parse

    try:
        return parse(text, "version")
    except SyntaxFailure as failure:
        raise CommandError(f"{_WRONG}: {failure}", WRONG_TEMPLATE) from None


def _show(client: Client, template: Any, document: Document) -> None:
    from simulator.cli.gotemplate import ExecutionError
    from simulator.cli.schema.info import VERSION_INFO
    from simulator.cli.schema.reader import Schema

    try:
        text = template.execute(Schema(VERSION_INFO).typed(document))
    except ExecutionError as failure:
        client.print(failure.output)
        raise CommandError(str(failure)) from None
    client.print(aligned(text, minimum=WIDTH, padding=1))
