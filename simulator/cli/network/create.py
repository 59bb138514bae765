"""`docker network create`: create a network."""

from __future__ import annotations

from typing import Any

from simulator.cli import checks
from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.keyvalues import in_order, pairs
from simulator.cli.network.ipam import ipam_config
from simulator.cli.options import Parsed
from simulator.clock import Steps

COMMAND = Command(
    usage="[OPTIONS] NETWORK",
    options=(
        Option("attachable", "bool", "Enable manual container attachment"),
        Option("aux-address", "map", "Auxiliary IPv4 or IPv6 addresses used by Network driver", default="map[]"),
        Option("config-from", "string", "The network from which to copy the configuration"),
        Option("config-only", "bool", "Create a configuration only network"),
        Option("driver", "string", "Driver to manage the Network", short="d", default="bridge"),
        Option("gateway", "strings", "IPv4 or IPv6 Gateway for the master subnet"),
        Option("ingress", "bool", "Create swarm routing-mesh network"),
        Option("internal", "bool", "Restrict external access to the network"),
        Option("ip-range", "strings", "Allocate container ip from a sub-range"),
        Option("ipam-driver", "string", "IP Address Management Driver", default="default"),
        Option("ipam-opt", "map", "Set IPAM driver specific options", default="map[]"),
        Option("ipv6", "bool", "Enable IPv6 networking"),
        Option("label", "list", "Set metadata on a network", check=checks.label),
        Option("opt", "map", "Set driver specific options", short="o", default="map[]"),
        Option("scope", "string", "Control the network's scope"),
        Option("subnet", "strings", "Subnet in CIDR format that represents a network segment"),
    ),
    least=1,
    most=1,
)


def run(client: Client, options: Parsed) -> Steps:
    created = client.engine.network_create(_document(options, options.arguments[0]))
    client.print(created["Id"])
    yield from ()


def _document(options: Parsed, name: str) -> dict[str, Any]:
    """The NetworkCreateRequest."""
    config = ipam_config(
        options["subnet"], options["ip-range"], options["gateway"], auxiliary=in_order(options["aux-address"])
    )
    source = options["config-from"]
    return {
        "CheckDuplicate": True,
        "Driver": options["driver"],
        "Scope": options["scope"],
        "EnableIPv6": options["ipv6"],
        "IPAM": {"Driver": options["ipam-driver"], "Options": in_order(options["ipam-opt"]), "Config": config},
        "Internal": options["internal"],
        "Attachable": options["attachable"],
        "Ingress": options["ingress"],
        "ConfigOnly": options["config-only"],
        "ConfigFrom": {"Network": source} if source else None,
        "Options": in_order(options["opt"]),
        "Labels": pairs(options["label"]),
        "Name": name,
    }
