"""`docker system prune`: remove unused data."""

from __future__ import annotations

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.container.prune import prune as prune_containers
from simulator.cli.errors import CommandError
from simulator.cli.image.prune import prune as prune_images
from simulator.cli.listing import natural_key
from simulator.cli.network.prune import prune as prune_networks
from simulator.cli.options import Parsed
from simulator.cli.prompt import confirmed
from simulator.cli.pruning import FORCE
from simulator.cli.units import human_size
from simulator.cli.volume.prune import prune as prune_volumes
from simulator.clock import Steps

COMMAND = Command(
    usage="[OPTIONS]",
    options=(
        Option("all", "bool", "Remove all unused images not just dangling ones", short="a"),
        Option("filter", "filter", "Provide filter values (e.g. 'label=<key>=<value>')"),
        FORCE,
        Option("volumes", "bool", "Prune volumes"),
    ),
)


SHOWN_FILTERS = ("label", "label!", "until")


def run(client: Client, options: Parsed) -> Steps:
    filters = options["filter"]
    if options["volumes"] and "until" in filters:
        raise CommandError('ERROR: The "until" filter is not supported with "--volumes"')
    if not options["force"] and not (yield from confirmed(client, _question(options))):
        return
    done = [prune_containers(client, filters), (0, prune_networks(client, filters))]
    if options["volumes"]:
        done.append(prune_volumes(client, filters))
    done.append(prune_images(client, filters, unused=options["all"]))
    client.engine.build_prune()
    for _, output in done:
        if output:
            client.print(output)
    client.print(f"Total reclaimed space: {human_size(sum(space for space, _ in done))}")


def _question(options: Parsed) -> str:
    kept = "without at least one container associated to them"
    removed = [
        "all stopped containers",
        "all networks not used by at least one container",
        *(["all volumes not used by at least one container"] if options["volumes"] else []),
        f"all images {kept}" if options["all"] else "all dangling images",
        "all build cache" if options["all"] else "all dangling build cache",
    ]
    filters = [f"{name}={value}" for name in SHOWN_FILTERS for value in options["filter"].get(name, [])]
    lines = ["WARNING! This will remove:", *(f"  - {item}" for item in removed), ""]
    if filters:
        lines.append("  Items to be pruned will be filtered with:")
        lines += [*(f"  - {item}" for item in sorted(filters, key=natural_key)), ""]
    return "\n".join([*lines, "Are you sure you want to continue?"])
