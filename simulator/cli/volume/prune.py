"""`docker volume prune`: remove all unused local volumes."""

from __future__ import annotations

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.options import Parsed
from simulator.cli.pruning import FORCE, Filters, run_prune
from simulator.cli.several import ids_text
from simulator.clock import Steps

COMMAND = Command(
    usage="[OPTIONS]",
    options=(
        Option("filter", "filter", "Provide filter values (e.g. 'label=<label>')"),
        FORCE,
    ),
)


WARNING = """\
WARNING! This will remove all local volumes not used by at least one container.
Are you sure you want to continue?"""


def run(client: Client, options: Parsed) -> Steps:
    return (yield from run_prune(client, options, WARNING, prune))


def prune(client: Client, filters: Filters) -> tuple[int, str]:
    """Removes volumes that nobody uses: the bytes that are free again and what is told."""
    report = client.engine.volumes_prune(filters=filters)
    return report["SpaceReclaimed"], ids_text("Deleted Volumes:", report["VolumesDeleted"])
