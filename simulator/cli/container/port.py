"""`docker container port`: list port mappings or a specific mapping for the container."""

from __future__ import annotations

from simulator.cli.client import Client
from simulator.cli.command import Command
from simulator.cli.errors import CommandError, lookup
from simulator.cli.options import Parsed
from simulator.clock import Steps
from simulator.golang.nat import port_from_text

COMMAND = Command(
    usage="CONTAINER [PRIVATE_PORT[/PROTO]]",
    least=1,
    most=2,
)


def run(client: Client, options: Parsed) -> Steps:
    name, *asked = options.arguments
    with lookup("container", name):
        ports = client.engine.container_inspect(name)["NetworkSettings"]["Ports"]
    if asked and asked[0]:
        client.print(_bound(ports, asked[0], name), end="")
        return
    for port, bindings in ports.items():
        for binding in bindings or []:
            client.print(f"{port} -> {binding['HostIp']}:{binding['HostPort']}")
    yield from ()


def _bound(ports: dict[str, list[dict[str, str]] | None], asked: str, name: str) -> str:
    """Where one port of the container is published."""
    number, slash, protocol = asked.partition("/")
    if not protocol:
        number, protocol = (asked if slash else number), "tcp"
    try:
        port = port_from_text(protocol, number)
    except ValueError as error:
        raise CommandError(str(error)) from None
    bindings = ports.get(port)
    if bindings is None:
        raise CommandError(f"Error: No public port '{number}/{protocol}' published for {name}")
    return "".join(f"{binding['HostIp']}:{binding['HostPort']}\n" for binding in bindings)
