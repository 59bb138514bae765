"""`docker network connect`: connect a container to a network."""

from __future__ import annotations

from simulator.cli.command import Command, Option

COMMAND = Command(
    usage="[OPTIONS] NETWORK CONTAINER",
    options=(
        Option("alias", "strings", "Add network-scoped alias for the container"),
        Option("driver-opt", "strings", "driver options for the network"),
        Option("ip", "string", "IPv4 address (e.g., 172.30.100.104)"),
        Option("ip6", "string", "IPv6 address (e.g., 2001:db8::33)"),
        Option("link", "list", "Add link to another container"),
        Option("link-local-ip", "strings", "Add a link-local address for the container"),
    ),
    least=2,
    most=2,
)
