"""`docker container exec`: run a command in a running container."""

from __future__ import annotations

from typing import Any

from simulator.cli import checks
from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.errors import CommandError, lookup
from simulator.cli.keyvalues import read_files
from simulator.cli.options import Parsed
from simulator.cli.streams import DETACHED, check_terminal, fit_terminal, join
from simulator.clock import Steps

COMMAND = Command(
    usage="[OPTIONS] CONTAINER COMMAND [ARG...]",
    options=(
        Option("detach", "bool", "Detached mode: run command in the background", short="d"),
        Option("detach-keys", "string", "Override the key sequence for detaching a container"),
        Option("env", "list", "Set environment variables", short="e", check=checks.environment),
        Option("env-file", "list", "Read in a file of environment variables"),
        Option("interactive", "bool", "Keep STDIN open even if not attached", short="i"),
        Option("privileged", "bool", "Give extended privileges to the command"),
        Option("tty", "bool", "Allocate a pseudo-TTY", short="t"),
        Option("user", "string", "Username or UID (format: <name|uid>[:<group|gid>])", short="u"),
        Option("workdir", "string", "Working directory inside the container", short="w"),
    ),
    least=2,
    most=None,
    interspersed=False,
)


def run(client: Client, options: Parsed) -> Steps:
    name = options.arguments[0]
    config = _document(client, options)
    with lookup("container", name):
        client.engine.container_inspect(name)
    if not config["Detach"]:
        check_terminal(client, stdin=config["AttachStdin"], tty=config["Tty"])
    command = client.engine.exec_create(name, config)["Id"]
    stream = yield client.engine.exec_start(command, detach=config["Detach"], tty=config["Tty"])
    if stream is None:
        return
    if config["Tty"]:
        fit_terminal(client, lambda rows, columns: client.engine.exec_resize(command, rows, columns))
    yield from join(client, stream, stdin=config["AttachStdin"], tty=config["Tty"])
    if stream.detached:
        raise CommandError(DETACHED)
    status = client.engine.exec_inspect(command)["ExitCode"]
    if status:
        raise CommandError("", status)


def _document(client: Client, options: Parsed) -> dict[str, Any]:
    """The ExecConfig of the request."""
    env = read_files(client.process, options.get("env-file", []), client.process.env) + options["env"]
    attached = not options["detach"]
    return {
        "User": options["user"],
        "Privileged": options["privileged"],
        "Tty": options["tty"],
        "AttachStdin": attached and options["interactive"],
        "AttachStderr": attached,
        "AttachStdout": attached,
        "Detach": options["detach"],
        "DetachKeys": options["detach-keys"],
        "Env": env or None,
        "WorkingDir": options["workdir"],
        "Cmd": options.arguments[1:],
    }
