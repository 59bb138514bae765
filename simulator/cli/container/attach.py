"""`docker container attach`: attach local standard input, output, and error streams to a running container."""

from __future__ import annotations

from typing import Any

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.errors import CommandError, lookup
from simulator.cli.options import Parsed
from simulator.cli.streams import DETACHED, check_terminal, fit_terminal, forward_signals, join
from simulator.clock import Steps

COMMAND = Command(
    usage="[OPTIONS] CONTAINER",
    options=(
        Option("detach-keys", "string", "Override the key sequence for detaching a container"),
        Option("no-stdin", "bool", "Do not attach STDIN"),
        Option("sig-proxy", "bool", "Proxy all received signals to the process", default="true"),
    ),
    least=1,
    most=1,
)


def run(client: Client, options: Parsed) -> Steps:
    name = options.arguments[0]
    container = _running(client, name)
    config = container["Config"]
    check_terminal(client, stdin=not options["no-stdin"], tty=config["Tty"])
    stdin = config["OpenStdin"] and not options["no-stdin"]
    if options["sig-proxy"] and not config["Tty"]:
        forward_signals(client, name)
    ended = client.engine.container_wait(name)
    stream = client.engine.container_attach(
        name, stdin=stdin, stdout=True, stderr=True, stream=True, detach_keys=options["detach-keys"]
    )
    if config["Tty"]:
        _redraw(client, name)
    yield from join(client, stream, stdin=stdin, tty=config["Tty"])
    if stream.detached:
        raise CommandError(DETACHED)
    result = yield ended
    if result.get("Error"):
        raise CommandError(result["Error"]["Message"])
    if result["StatusCode"]:
        raise CommandError("", result["StatusCode"])


def _running(client: Client, name: str) -> dict[str, Any]:
    """The container's document. Raises CommandError unless it runs."""
    with lookup("container", name):
        container: dict[str, Any] = client.engine.container_inspect(name)
    state = container["State"]
    if not state["Running"]:
        raise CommandError("You cannot attach to a stopped container, start it first")
    if state["Paused"]:
        raise CommandError("You cannot attach to a paused container, unpause it first")
    if state["Restarting"]:
        raise CommandError("You cannot attach to a restarting container, wait until it is running")
    return container


def _redraw(client: Client, name: str) -> None:
    """Changes the size of the container's terminal and back, so that a shell shows its prompt again."""
    terminal = client.terminal
    if terminal is not None:
        client.engine.container_resize(name, terminal.rows + 1, terminal.columns + 1)
        fit_terminal(client, lambda rows, columns: client.engine.container_resize(name, rows, columns))
