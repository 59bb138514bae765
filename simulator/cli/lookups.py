"""Finds one object for `docker inspect`, with the client's own words when it is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.cli.errors import lookup
from simulator.cli.inspector import Found

if TYPE_CHECKING:
    from simulator.cli.client import Client


def container(client: Client, name: str, *, size: bool = False) -> Found:
    from simulator.cli.schema.container import CONTAINER

    with lookup("container", name):
        return Found(client.engine.container_inspect(name, size=size), CONTAINER)


def image(client: Client, name: str) -> Found:
    from simulator.cli.schema.image import IMAGE

    with lookup("image", name):
        return Found(client.engine.image_inspect(name), IMAGE)


def network(client: Client, name: str, *, verbose: bool = False) -> Found:
    from simulator.cli.schema.network import NETWORK

    with lookup("network", name):
        return Found(client.engine.network_inspect(name, verbose=verbose), NETWORK)


def volume(client: Client, name: str) -> Found:
    from simulator.cli.schema.volume import VOLUME

    with lookup("volume", name):
        return Found(client.engine.volume_inspect(name), VOLUME)
