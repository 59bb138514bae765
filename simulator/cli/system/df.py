"""`docker system df`: show docker disk usage."""

from __future__ import annotations

from typing import Any

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.errors import CommandError
from simulator.cli.listing import RAW, TABLE, listing
from simulator.cli.options import Parsed
from simulator.cli.rows import container, disk_usage, image, volume
from simulator.cli.table import aligned
from simulator.cli.units import human_size
from simulator.clock import Steps
from simulator.golang.reference import reference_from_text

COMMAND = Command(
    usage="[OPTIONS]",
    options=(
        Option("format", "string", "Pretty-print images using a Go template"),
        Option("verbose", "bool", "Show detailed information on space usage", short="v"),
    ),
)


def run(client: Client, options: Parsed) -> Steps:
    form = options["format"] or TABLE
    if options["verbose"] and form != TABLE:
        raise CommandError(f"docklab does not simulate '{options.line} --verbose --format'.")
    usage = client.engine.system_df()
    if options["verbose"]:
        client.print(_details(client, usage), end="")
        return
    form = {TABLE: disk_usage.TABLE_FORMAT, RAW: disk_usage.RAW_FORMAT}.get(form, form)
    rows = disk_usage.rows_of(usage)
    client.print(listing(disk_usage.NOUN, rows, form, minimum=client.version.table_width), end="")
    yield from ()


def _details(client: Client, usage: dict[str, Any]) -> str:
    width, clock = client.version.table_width, client.clock
    images = [_image_row(client, document) for document in usage["Images"] or []]
    containers = [
        container.ContainerRow({**document, "SizeRootFs": 0}, True, clock) for document in usage["Containers"] or []
    ]
    cache = sum(record["Size"] for record in usage.get("BuildCache") or [] if not record["Shared"])
    return "\n".join(
        (
            "Images space usage:\n",
            listing(image.NOUN, images, disk_usage.IMAGES, minimum=width),
            "Containers space usage:\n",
            listing(container.NOUN, containers, disk_usage.CONTAINERS, minimum=width),
            "Local Volumes space usage:\n",
            listing(volume.NOUN, usage["Volumes"] or [], disk_usage.VOLUMES, minimum=width),
            f"Build cache usage: {human_size(cache)}\n",
            aligned(disk_usage.CACHE_HEADING, minimum=width),
        )
    )


def _image_row(client: Client, document: dict[str, Any]) -> image.ImageRow:
    """An image by its first name."""
    if not document["RepoTags"] or image.is_dangling(document):
        return image.ImageRow(document, True, client.clock)
    reference = reference_from_text(document["RepoTags"][0])
    return image.ImageRow(document, True, client.clock, reference.familiar_name, reference.tag)
