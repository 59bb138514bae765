"""`docker swarm`: help alone, docklab does not simulate it."""

from __future__ import annotations

from simulator.cli.command import Command, Option

CA = Command(
    usage="[OPTIONS]",
    options=(
        Option("ca-cert", "pem-file", "Path to the PEM-formatted root CA certificate to use for the new cluster"),
        Option("ca-key", "pem-file", "Path to the PEM-formatted root CA key to use for the new cluster"),
        Option(
            "cert-expiry", "duration", "Validity period for node certificates (ns|us|ms|s|m|h)", default="2160h0m0s"
        ),
        Option("detach", "bool", "Exit immediately instead of waiting for the root rotation to converge", short="d"),
        Option("external-ca", "external-ca", "Specifications of one or more certificate signing endpoints"),
        Option("quiet", "bool", "Suppress progress output", short="q"),
        Option(
            "rotate", "bool", "Rotate the swarm CA - if no certificate or key are provided, new ones will be generated"
        ),
    ),
)

INIT = Command(
    usage="[OPTIONS]",
    options=(
        Option("advertise-addr", "string", "Advertised address (format: <ip|interface>[:port])"),
        Option("autolock", "bool", "Enable manager autolocking (requiring an unlock key to start a stopped manager)"),
        Option("availability", "string", 'Availability of the node ("active"|"pause"|"drain")', default="active"),
        Option(
            "cert-expiry", "duration", "Validity period for node certificates (ns|us|ms|s|m|h)", default="2160h0m0s"
        ),
        Option(
            "data-path-addr", "string", "Address or interface to use for data path traffic (format: <ip|interface>)"
        ),
        Option(
            "data-path-port",
            "uint32",
            "Port number to use for data path traffic (1024 - 49151). "
            "If no value is set or is set to 0, the default port (4789) is used.",
        ),
        Option("default-addr-pool", "ipNetSlice", "default address pool in CIDR format", default="[]"),
        Option("default-addr-pool-mask-length", "uint32", "default address pool subnet mask length", default="24"),
        Option("dispatcher-heartbeat", "duration", "Dispatcher heartbeat period (ns|us|ms|s|m|h)", default="5s"),
        Option("external-ca", "external-ca", "Specifications of one or more certificate signing endpoints"),
        Option("force-new-cluster", "bool", "Force create a new cluster from current state"),
        Option("listen-addr", "node-addr", "Listen address (format: <ip|interface>[:port])", default="0.0.0.0:2377"),
        Option("max-snapshots", "uint", "Number of additional Raft snapshots to retain"),
        Option("snapshot-interval", "uint", "Number of log entries between Raft snapshots", default="10000"),
        Option("task-history-limit", "int", "Task history retention limit", default="5"),
    ),
)

JOIN = Command(
    usage="[OPTIONS] HOST:PORT",
    options=(
        Option("advertise-addr", "string", "Advertised address (format: <ip|interface>[:port])"),
        Option("availability", "string", 'Availability of the node ("active"|"pause"|"drain")', default="active"),
        Option(
            "data-path-addr", "string", "Address or interface to use for data path traffic (format: <ip|interface>)"
        ),
        Option("listen-addr", "node-addr", "Listen address (format: <ip|interface>[:port])", default="0.0.0.0:2377"),
        Option("token", "string", "Token for entry into the swarm"),
    ),
    least=1,
    most=1,
)

JOIN_TOKEN = Command(
    usage="[OPTIONS] (worker|manager)",
    options=(
        Option("quiet", "bool", "Only display token", short="q"),
        Option("rotate", "bool", "Rotate join token"),
    ),
    least=1,
    most=1,
)

LEAVE = Command(
    usage="[OPTIONS]",
    options=(Option("force", "bool", "Force this node to leave the swarm, ignoring warnings", short="f"),),
)

UNLOCK = Command()

UNLOCK_KEY = Command(
    usage="[OPTIONS]",
    options=(
        Option("quiet", "bool", "Only display token", short="q"),
        Option("rotate", "bool", "Rotate unlock key"),
    ),
)

UPDATE = Command(
    usage="[OPTIONS]",
    options=(
        Option("autolock", "bool", "Change manager autolocking setting (true|false)"),
        Option(
            "cert-expiry", "duration", "Validity period for node certificates (ns|us|ms|s|m|h)", default="2160h0m0s"
        ),
        Option("dispatcher-heartbeat", "duration", "Dispatcher heartbeat period (ns|us|ms|s|m|h)", default="5s"),
        Option("external-ca", "external-ca", "Specifications of one or more certificate signing endpoints"),
        Option("max-snapshots", "uint", "Number of additional Raft snapshots to retain"),
        Option("snapshot-interval", "uint", "Number of log entries between Raft snapshots", default="10000"),
        Option("task-history-limit", "int", "Task history retention limit", default="5"),
    ),
)
