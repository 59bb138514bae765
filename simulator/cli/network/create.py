"""`docker network create`: create a network."""

from __future__ import annotations

from simulator.cli.command import Command, Option

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
        Option("label", "list", "Set metadata on a network"),
        Option("opt", "map", "Set driver specific options", short="o", default="map[]"),
        Option("scope", "string", "Control the network's scope"),
        Option("subnet", "strings", "Subnet in CIDR format that represents a network segment"),
    ),
    least=1,
    most=1,
)
