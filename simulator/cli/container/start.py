"""`docker container start`: start one or more stopped containers."""

from __future__ import annotations

from typing import Any

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.errors import CommandError, lookup, text_of
from simulator.cli.options import Parsed
from simulator.cli.several import outcome
from simulator.cli.streams import fit_terminal, forward_signals, join
from simulator.clock import Event, Steps
from simulator.engine.errors import EngineError, NotModified

COMMAND = Command(
    usage="[OPTIONS] CONTAINER [CONTAINER...]",
    options=(
        Option("attach", "bool", "Attach STDOUT/STDERR and forward signals", short="a"),
        Option("detach-keys", "string", "Override the key sequence for detaching a container"),
        Option("interactive", "bool", "Attach container's STDIN", short="i"),
    ),
    least=1,
    most=None,
)


def run(client: Client, options: Parsed) -> Steps:
    if not (options["attach"] or options["interactive"]):
        yield from _start_all(client, options.arguments)
        return
    if len(options.arguments) > 1:
        raise CommandError("you cannot start and attach multiple containers at once")
    name = options.arguments[0]
    with lookup("container", name):
        container = client.engine.container_inspect(name)
    yield from _start_joined(client, options, container)


def _start_all(client: Client, names: list[str]) -> Steps:
    failed: list[str] = []
    for name in names:
        error = yield from outcome(_begun(client, name))
        if error is None:
            client.print(name)
        else:
            client.error(text_of(error))
            failed.append(name)
    if failed:
        raise CommandError(f"Error: failed to start containers: {', '.join(failed)}")


def _begun(client: Client, name: str) -> Event | EngineError | None:
    try:
        return client.engine.container_start(name)
    except NotModified:
        return None
    except EngineError as error:
        return error


def _start_joined(client: Client, options: Parsed, container: dict[str, Any]) -> Steps:
    """Starts one container and stays joined to it."""
    config, identifier = container["Config"], container["Id"]
    stdin = options["interactive"] and config["OpenStdin"]
    if not config["Tty"]:
        forward_signals(client, identifier)
    stream = client.engine.container_attach(
        identifier, stdin=stdin, stdout=True, stderr=True, stream=True, detach_keys=options["detach-keys"]
    )
    removed = container["HostConfig"]["AutoRemove"]
    ended = client.engine.container_wait(identifier, condition="removed" if removed else "next-exit")
    error = yield from outcome(_begun(client, identifier))
    if error is not None:
        raise error
    if config["Tty"]:
        fit_terminal(client, lambda rows, columns: client.engine.container_resize(identifier, rows, columns))
    yield from join(client, stream, stdin=stdin, tty=config["Tty"])
    if stream.detached:
        return
    result = yield ended
    if result["StatusCode"]:
        raise CommandError("", result["StatusCode"])
