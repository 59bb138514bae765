"""What the prune commands do alike: they ask, remove, and tell what was reclaimed (docker/cli, cli/command/*/prune.go)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from simulator.cli.command import Option
from simulator.cli.options import Parsed
from simulator.cli.prompt import confirmed
from simulator.cli.units import human_size
from simulator.clock import Steps

if TYPE_CHECKING:
    from simulator.cli.client import Client

Filters = dict[str, list[str]]
Prune = Callable[["Client", Filters], tuple[int, str]]  # gives the bytes that are free again, and what is told

FORCE = Option("force", "bool", "Do not prompt for confirmation", short="f")


def run_prune(client: Client, options: Parsed, warning: str, prune: Prune) -> Steps:
    """Removes if the user says yes; what was reclaimed is told in any case."""
    space, output = 0, ""
    if options["force"] or (yield from confirmed(client, warning)):
        space, output = prune(client, options["filter"])
    client.print((f"{output}\n" if output else "") + f"Total reclaimed space: {human_size(space)}")
