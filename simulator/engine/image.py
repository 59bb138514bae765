"""Images, and the registry that they are pulled from.

An image is what a Dockerfile comes to: layers, the configuration its containers begin with, how it was made. The
registry answers as Docker Hub does; whether it can be reached is a matter of the lab.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from simulator.engine.errors import NotFound, System
from simulator.engine.fields import CONFIG, Document, filled
from simulator.engine.image_json import History, image_json
from simulator.engine.layer import RootFs
from simulator.engine.reference import Reference, reference_from_text

HUB = "registry-1.docker.io"


class Blob(Struct, frozen=True):
    """One layer as a registry offers it. A digest that is empty is drawn by chance when it is pulled."""

    size: int  # bytes, compressed
    digest: str = ""  # hex, without "sha256:"


class Image(Struct, eq=False):
    """An image. Its id is the digest of its configuration file, as everywhere; both are made when first asked for."""

    name: str  # the reference it is known by: "alpine:latest"
    rootfs: RootFs
    config: Document
    blobs: tuple[Blob, ...] = ()
    digest: str = ""  # of its manifest, "sha256:..."
    created: int | None = None  # ns since the epoch; None: when the engine got it
    container: str = ""  # the one that it was committed from
    container_config: Document = field(default_factory=lambda: filled({}, CONFIG))
    author: str = ""
    comment: str = ""
    docker_version: str = ""
    history: tuple[History, ...] = ()  # oldest first
    architecture: str = "amd64"
    parent: str = ""  # the id of the image that it was made from here
    json: bytes = b""  # its configuration file
    tagged: int | None = None  # when it last got a tag, ns since the epoch
    _id: str = ""

    @property
    def id(self) -> str:
        if not self._id:
            self.json = self.json or image_json(self)
            self._id = f"sha256:{hashlib.sha256(self.json).hexdigest()}"
        return self._id

    @property
    def short_id(self) -> str:
        return self.id.removeprefix("sha256:")[:12]

    @property
    def size(self) -> int:
        """Bytes of all layers, unpacked."""
        return self.rootfs.size


def image_config(**given: Any) -> Document:
    """A configuration as images have it: the fields given, zero otherwise."""
    return filled(given, CONFIG)


class Registry:
    """Docker Hub, as far as a lab has it."""

    def __init__(self, images: Iterable[Image] = (), *, online: bool = True, preloaded: Iterable[str] = ()) -> None:
        """`preloaded` names the images that an engine has from its start, as after an earlier pull."""
        self.online = online
        self._images: dict[str, Image] = {}
        self._offers: dict[str, Callable[[], Image]] = {}
        for image in images:
            self.add(image)
        self.preloaded = [self.find(reference_from_text(name).with_latest()) for name in preloaded]

    def add(self, image: Image) -> None:
        """Takes a copy: what a pull finds out of an image is this registry's."""
        image = replace(image)
        self._images[str(reference_from_text(image.name).with_latest())] = image

    def offer(self, name: str, make: Callable[[], Image]) -> None:
        """Has an image under this reference, too, made when somebody asks for it."""
        self._offers[name] = make

    def find(self, reference: Reference) -> Image:
        """The image that a reference names. Raises NotFound in the words of the hub."""
        wanted = str(reference)
        if wanted in self._offers:
            self._images[wanted] = self._offers.pop(wanted)()
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
