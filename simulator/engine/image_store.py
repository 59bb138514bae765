"""The images that an engine has: by id, by tag, by digest. Mirrors moby's daemon/images and its reference store."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from simulator.clock import Clock
from simulator.engine.errors import InvalidParameter, NotFound
from simulator.engine.image import Image
from simulator.engine.layer import Layer
from simulator.engine.reference import Reference, reference_from_text

_FULL = re.compile("(?:sha256:)?[0-9a-f]{64}")


class ImageStore:
    """All images of one engine."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._images: list[Image] = []
        self._references: dict[Reference, Image] = {}  # tags and digests

    def all(self) -> list[Image]:
        """Newest first."""
        return sorted(self._images, key=lambda image: image.created or 0)[::-1]

    def by_id(self, identity: str) -> Image | None:
        return next((image for image in self._images if image.id == identity), None)

    def children(self, image: Image) -> list[Image]:
        """The images that were made from this one here."""
        return [other for other in self._images if other.parent and other.parent == image.id]

    def line(self, image: Image) -> Iterator[Image]:
        """The image and those that it was made from here."""
        known: Image | None = image
        while known is not None:
            yield known
            known = self.by_id(known.parent) if known.parent else None

    def layers(self) -> dict[str, Layer]:
        """The layers of all images by what names each with those below it."""
        return {
            chain_id: layer
            for image in self._images
            for chain_id, layer in zip(image.rootfs.chain_ids, image.rootfs.layers, strict=True)
        }

    def held(self, image: Image) -> Image | None:
        """This engine's own of an image that a registry has."""
        return next((own for own in self._images if own.rootfs is image.rootfs), None)

    def load(self, image: Image, *, tagged: bool = True) -> Image:
        """Takes an image in that a registry has. The same image twice is kept once."""
        own = self.held(image)
        if own is None:
            own = replace(image, created=self._clock.wall() if image.created is None else image.created)
            self._images.append(own)
        if tagged:
            self.tag(own, reference_from_text(image.name).with_latest())
        return own

    def create(self, image: Image) -> Image:
        """Takes in an image that was made here or came as a file; the one with the same id if there is one."""
        known = self.by_id(image.id)
        if known is None:
            self._images.append(image)
        return known or image

    def tag(self, image: Image, reference: Reference) -> None:
        self._references[reference] = image
        image.tagged = self._clock.wall()

    def untag(self, reference: Reference) -> None:
        del self._references[reference]

    def drop(self, image: Image) -> None:
        self._images.remove(image)

    def references(self, image: Image) -> list[Reference]:
        """Its tags and digests, sorted."""
        return sorted((ref for ref, owner in self._references.items() if owner is image), key=str)

    def tags(self, image: Image) -> list[str]:
        return [str(reference) for reference in self.references(image) if reference.tag]

    def digests(self, image: Image) -> list[str]:
        return [str(reference) for reference in self.references(image) if reference.digest]

    def tagged(self, repository: str) -> list[tuple[Reference, Image]]:
        """The tags of a repository and what they mean, sorted."""
        known = [(ref, image) for ref, image in self._references.items() if ref.name == repository and ref.tag]
        return sorted(known, key=lambda entry: str(entry[0]))

    def resolve(self, reference: Reference) -> Image | None:
        """The image with this very tag or digest."""
        return self._references.get(reference)

    def find(self, text: str) -> Image:
        """The image that a text means: an id, a reference, or the beginning of an id. Raises NotFound."""
        known = self.by_id(f"sha256:{text.removeprefix('sha256:')}") if _FULL.fullmatch(text) else None
        if known is not None:
            return known
        try:
            reference = reference_from_text(text)
        except InvalidParameter:
            if len(text) == 64:
                raise NotFound(f"No such image: sha256:{text}") from None
            raise
        return self.resolve(reference.with_latest()) or self._by_prefix(text, reference)

    def _by_prefix(self, text: str, reference: Reference) -> Image:
        digits = text.removeprefix("sha256:")
        identical = re.fullmatch("[0-9a-f]+", digits)
        found = [image for image in self._images if identical and image.id.startswith(f"sha256:{digits}")]
        if len(found) == 1:
            return found[0]
        raise NotFound(f"No such image: {reference.with_latest()}")
