"""`docker container exec`: run a command in a running container."""

from __future__ import annotations

from simulator.cli.command import Command, Option

COMMAND = Command(
    usage="[OPTIONS] CONTAINER COMMAND [ARG...]",
    options=(
        Option("detach", "bool", "Detached mode: run command in the background", short="d"),
        Option("detach-keys", "string", "Override the key sequence for detaching a container"),
        Option("env", "list", "Set environment variables", short="e"),
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
