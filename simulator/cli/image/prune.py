"""`docker image prune`: remove unused images."""

from __future__ import annotations

from functools import partial

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.options import Parsed
from simulator.cli.pruning import FORCE, Filters, run_prune
from simulator.clock import Steps

COMMAND = Command(
    usage="[OPTIONS]",
    options=(
        Option("all", "bool", "Remove all unused images, not just dangling ones", short="a"),
        Option("filter", "filter", "Provide filter values (e.g. 'until=<timestamp>')"),
        FORCE,
    ),
)


DANGLING = """\
WARNING! This will remove all dangling images.
Are you sure you want to continue?"""
UNUSED = """\
WARNING! This will remove all images without at least one container associated to them.
Are you sure you want to continue?"""


def run(client: Client, options: Parsed) -> Steps:
    warning = UNUSED if options["all"] else DANGLING
    return (yield from run_prune(client, options, warning, partial(prune, unused=options["all"])))


def prune(client: Client, filters: Filters, *, unused: bool) -> tuple[int, str]:
    """Removes images: the bytes that are free again and what is told."""
    dangling = "false" if unused else "true"
    report = client.engine.images_prune(filters={**filters, "dangling": [dangling]})
    if not report["ImagesDeleted"]:
        return 0, ""
    lines = [
        f"untagged: {item['Untagged']}" if item.get("Untagged") else f"deleted: {item['Deleted']}"
        for item in report["ImagesDeleted"]
    ]
    return report["SpaceReclaimed"], "\n".join(["Deleted Images:", *lines, ""])
