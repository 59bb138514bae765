"""`docker run`: run a command in a new container."""

from __future__ import annotations

from typing import Any

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.container.create_options import CREATE_OPTIONS
from simulator.cli.container.creation import FAILED, asked, create, failure
from simulator.cli.errors import CommandError
from simulator.cli.options import Parsed
from simulator.cli.streams import check_terminal, fit_terminal, forward_signals, join
from simulator.clock import Event, Steps
from simulator.engine.errors import EngineError

COMMAND = Command(
    usage="[OPTIONS] IMAGE [COMMAND] [ARG...]",
    options=(
        *CREATE_OPTIONS,
        Option("detach", "bool", "Run container in background and print container ID", short="d"),
        Option("detach-keys", "string", "Override the key sequence for detaching a container"),
        Option("pull", "string", 'Pull image before running ("always"|"missing"|"never")', default="missing"),
        Option("sig-proxy", "bool", "Proxy received signals to the process", default="true"),
    ),
    least=1,
    most=None,
    interspersed=False,
)


def run(client: Client, options: Parsed) -> Steps:
    document = asked(client, options, command="run")
    if options["detach"] and options["attach"]:
        raise CommandError("Conflicting options: -a and -d")
    if options["detach"]:
        document.update(AttachStdin=False, AttachStdout=False, AttachStderr=False, StdinOnce=False)
    else:
        check_terminal(client, stdin=document["AttachStdin"], tty=document["Tty"])
    try:
        container = yield from create(client, options, document)
    except (CommandError, EngineError) as error:
        raise failure("run", error, with_help=True) from None
    if options["sig-proxy"]:
        forward_signals(client, container)
    yield from _start(client, options, document, container)


def _start(client: Client, options: Parsed, document: dict[str, Any], container: str) -> Steps:
    """Starts a container that is made, joined to it if it is not to run in the background, to its end."""
    stdin, output = document["AttachStdin"], document["AttachStdout"] or document["AttachStderr"]
    if not output:
        client.print(container)
    stream = None
    if stdin or output:
        stream = client.engine.container_attach(
            container,
            stdin=stdin,
            stdout=document["AttachStdout"],
            stderr=document["AttachStderr"],
            stream=True,
            detach_keys=options["detach-keys"],
        )
    ended = client.engine.container_wait(container, condition="removed" if options["rm"] else "next-exit")
    try:
        yield client.engine.container_start(container)
    except EngineError as error:
        yield from _gone(options, ended)
        raise failure("run", error, with_help=False) from None
    if stream is None:
        return
    if document["Tty"]:
        fit_terminal(client, lambda rows, columns: client.engine.container_resize(container, rows, columns))
    yield from join(client, stream, stdin=stdin, tty=document["Tty"], output=output)
    if output and not stream.detached:
        yield from _exit(ended)


def _gone(options: Parsed, ended: Event) -> Steps:
    """Waits for a container to be removed that did not start."""
    if options["rm"]:
        try:
            yield ended
        except EngineError:
            return


def _exit(ended: Event) -> Steps:
    """Ends with the container's exit status."""
    result = yield ended
    if result.get("Error"):
        raise CommandError(f"Error waiting for container: {result['Error']['Message']}", FAILED)
    if result["StatusCode"]:
        raise CommandError("", result["StatusCode"])
