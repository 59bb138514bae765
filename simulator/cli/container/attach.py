"""`docker container attach`: attach local standard input, output, and error streams to a running container."""

from __future__ import annotations

from simulator.cli.command import Command, Option

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
