"""`docker network prune`: remove all unused networks."""

from __future__ import annotations

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.options import Parsed
from simulator.cli.prompt import confirmed
from simulator.cli.pruning import FORCE, Filters
from simulator.cli.several import ids_text
from simulator.clock import Steps

COMMAND = Command(
    usage="[OPTIONS]",
    options=(
        Option("filter", "filter", "Provide filter values (e.g. 'until=<timestamp>')"),
        FORCE,
    ),
)


WARNING = """\
WARNING! This will remove all custom networks not used by at least one container.
Are you sure you want to continue?"""


def run(client: Client, options: Parsed) -> Steps:
    if not options["force"] and not (yield from confirmed(client, WARNING)):
        return
    deleted = prune(client, options["filter"])
    if deleted:
        client.print(deleted)


def prune(client: Client, filters: Filters) -> str:
    """What was removed, as it is printed."""
    return ids_text("Deleted Networks:", client.engine.networks_prune(filters=filters)["NetworksDeleted"])
