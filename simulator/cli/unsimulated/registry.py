"""`docker registry`: help alone, docklab does not simulate it."""

from __future__ import annotations

from simulator.cli.command import Command, Option

LOGIN = Command(
    usage="[OPTIONS] [SERVER]",
    options=(
        Option("password", "string", "Password", short="p"),
        Option("password-stdin", "bool", "Take the password from stdin"),
        Option("username", "string", "Username", short="u"),
    ),
    most=1,
    long="""\
Log in to a Docker registry.
If no server is specified, the default is defined by the daemon.""",
)

LOGOUT = Command(
    usage="[SERVER]",
    most=1,
    long="""\
Log out from a Docker registry.
If no server is specified, the default is defined by the daemon.""",
)
