"""The options of `docker` itself, before the command. See docker/cli's flags.CommonOptions.

Accepted and without effect: --debug, --config.
"""

from __future__ import annotations

from simulator.cli.command import Command, Option
from simulator.cli.editions import Edition
from simulator.cli.errors import CommandError

LOG_LEVELS = ("panic", "fatal", "error", "warn", "warning", "info", "debug", "trace")
_CONTEXT = (
    "Name of the context to use to connect to the daemon (overrides DOCKER_HOST env var and default context set "
    'with "docker context use")'
)


def root_command(edition: Edition, home: str = "/root") -> Command:
    """The table of docker's own options; their defaults are below the user's home."""
    folder = f"{home}/.docker"
    level = 'Set the logging level ("debug"|"info"|"warn"|"error"|"fatal")'
    options = (
        Option("config", "string", "Location of client config files", default=folder),
        Option("context", "string", _CONTEXT, short="c"),
        Option("debug", "bool", "Enable debug mode", short="D"),
        Option("host", "list", "Daemon socket(s) to connect to", short="H"),
        Option("log-level", "string", level, short="l", default="info"),
        Option("tls", "bool", "Use TLS; implied by --tlsverify"),
        Option("tlscacert", "string", "Trust certs signed only by this CA", default=f"{folder}/ca.pem"),
        Option("tlscert", "string", "Path to TLS certificate file", default=f"{folder}/cert.pem"),
        Option("tlskey", "string", "Path to TLS key file", default=f"{folder}/key.pem"),
        Option("tlsverify", "bool", "Use TLS and verify the remote"),
        Option("version", "bool", "Print version information and quit", short="v"),
    )
    kept = tuple(option for option in options if option.name not in edition.root_without)
    return Command(options=kept, interspersed=False, most=None)


def check_log_level(level: str) -> None:
    if level.lower() not in LOG_LEVELS:
        raise CommandError(f"Unable to parse logging level: {level}")
