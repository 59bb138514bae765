"""`docker volume prune`: remove all unused local volumes."""

from __future__ import annotations

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.options import Parsed
from simulator.cli.prompt import confirmed
from simulator.cli.several import ids_text
from simulator.cli.units import human_size
from simulator.clock import Steps

COMMAND = Command(
    usage="[OPTIONS]",
    options=(
        Option("filter", "filter", "Provide filter values (e.g. 'label=<label>')"),
        Option("force", "bool", "Do not prompt for confirmation", short="f"),
    ),
)


WARNING = """\
WARNING! This will remove all local volumes not used by at least one container.
Are you sure you want to continue?"""


def run(client: Client, options: Parsed) -> Steps:
    space, output = 0, ""
    if options["force"] or (yield from confirmed(client, WARNING)):
        space, output = prune(client, options["filter"])
    client.print((f"{output}\n" if output else "") + f"Total reclaimed space: {human_size(space)}")


def prune(client: Client, filters: dict[str, list[str]]) -> tuple[int, str]:
    """Removes volumes that nobody uses: the bytes that are free again and what is told."""
    report = client.engine.volumes_prune(filters=filters)
    return report["SpaceReclaimed"], ids_text("Deleted Volumes:", report["VolumesDeleted"])
