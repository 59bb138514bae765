"""Images, and the registry that they are pulled from.

An image is what a Dockerfile comes to: a disk, the configuration its containers begin with, and where its layers are
from. The registry answers as Docker Hub does; whether it can be reached is a matter of the lab.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from simulator.engine.errors import NotFound, System
from simulator.engine.fields import CONFIG, Document, filled
from simulator.engine.reference import Reference, reference_from_text
from simulator.kernel.disk import Disk

HUB = "registry-1.docker.io"


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer as a registry offers it. A digest that is empty is drawn by chance when it is pulled."""

    size: int  # bytes, compressed
    digest: str = ""  # hex, without "sha256:"


@dataclass(slots=True)
class Image:
    """An image. What chance decides on a real host (ids) is filled in when an engine gets it."""

    name: str  # the reference it is known by: "alpine:latest"
    disk: Disk
    config: Document
    size: int  # bytes, unpacked
    layers: tuple[Layer, ...] = ()
    digest: str = ""  # of its manifest, "sha256:..."
    created: int | None = None  # ns since the epoch; None: when the engine got it
    container_config: Document = field(default_factory=lambda: filled({}, CONFIG))
    author: str = ""
    comment: str = ""
    docker_version: str = ""
    created_by: tuple[str, ...] = ()  # the steps of its history, oldest first
    id: str = ""  # "sha256:..."
    diff_ids: list[str] = field(default_factory=list)
    graph_id: str = ""
    tagged: int | None = None  # when it last got a tag, ns since the epoch

    @property
    def short_id(self) -> str:
        return self.id.removeprefix("sha256:")[:12]


def image_config(**given: Any) -> Document:
    """A configuration as images have it: the fields given, zero otherwise."""
    return filled(given, CONFIG)


class Registry:
    """Docker Hub, as far as a lab has it."""

    def __init__(self, images: Iterable[Image] = (), *, online: bool = True, preloaded: Iterable[str] = ()) -> None:
        """`preloaded` names the images that an engine has from its start, as after an earlier pull."""
        self.online = online
        self._images: dict[str, Image] = {}
        for image in images:
            self.add(image)
        self.preloaded = [self.find(reference_from_text(name).tagged()) for name in preloaded]

    def add(self, image: Image) -> None:
        self._images[str(reference_from_text(image.name).tagged())] = image

    def find(self, reference: Reference) -> Image:
        """The image that a reference names. Raises NotFound in the words of the hub."""
        wanted = str(reference)
        for name, image in self._images.items():
            known = reference_from_text(name)
            if known.name == reference.name and (wanted == name or reference.digest == image.digest != ""):
                return image
        if any(reference_from_text(name).name == reference.name for name in self._images):
            raise NotFound(f"manifest for {reference} not found: manifest unknown: manifest unknown")
        raise NotFound(
            f"pull access denied for {reference.familiar_name}, repository does not exist or may require "
            "'docker login': denied: requested access to the resource is denied"
        )

    def connect(self, nameserver: str) -> None:
        """Raises System if the registry cannot be reached: nobody knows its name."""
        if not self.online:
            raise System(f'Get "https://{HUB}/v2/": dial tcp: lookup {HUB} on {nameserver}:53: no such host')

    def search(self, term: str, limit: int = 25) -> list[Document]:
        """What `docker search` lists."""
        names = sorted({reference_from_text(name).familiar_name for name in self._images})
        return [
            {"star_count": 0, "is_official": "/" not in name, "name": name, "is_automated": False, "description": ""}
            for name in names
            if term in name
        ][: limit or 25]
