"""`docker network connect`: connect a container to a network."""

from __future__ import annotations

from typing import Any

from simulator.cli import checks
from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.container.attachment import endpoint_settings
from simulator.cli.errors import CommandError
from simulator.cli.options import Parsed
from simulator.clock import Steps

COMMAND = Command(
    usage="[OPTIONS] NETWORK CONTAINER",
    options=(
        Option("alias", "strings", "Add network-scoped alias for the container"),
        Option("driver-opt", "strings", "driver options for the network"),
        Option("ip", "string", "IPv4 address (e.g., 172.30.100.104)"),
        Option("ip6", "string", "IPv6 address (e.g., 2001:db8::33)"),
        Option("link", "list", "Add link to another container", check=checks.link),
        Option("link-local-ip", "strings", "Add a link-local address for the container"),
    ),
    least=2,
    most=2,
)


def run(client: Client, options: Parsed) -> Steps:
    network, container = options.arguments
    config = _endpoint(options)
    client.engine.network_connect(network, {"Container": container, "EndpointConfig": config})
    yield from ()


def _endpoint(options: Parsed) -> dict[str, Any]:
    """The EndpointSettings of the request."""
    ipam = {"IPv4Address": options["ip"], "IPv6Address": options["ip6"], "LinkLocalIPs": options["link-local-ip"]}
    return endpoint_settings(
        ipam={name: value for name, value in ipam.items() if value},
        links=options["link"] or None,
        aliases=options["alias"],
        driver_options=_driver_options(options.get("driver-opt", [])),
    )


def _driver_options(pairs: list[str]) -> dict[str, str]:
    options: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise CommandError("invalid key/value pair format in driver options")
        options[name.strip()] = value.strip()
    return options
