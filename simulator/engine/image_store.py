"""The images that an engine has: by id, by tag, by digest. Mirrors moby's daemon/images and its reference store."""

from __future__ import annotations

from dataclasses import replace

from simulator.clock import Clock
from simulator.engine.errors import InvalidParameter, NotFound
from simulator.engine.image import Image
from simulator.engine.reference import Reference, reference_from_text
from simulator.kernel.disk import Disk


class ImageStore:
    """All images of one engine."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._images: dict[str, Image] = {}
        self._references: dict[Reference, str] = {}  # tags and digests

    def all(self) -> list[Image]:
        """Newest first."""
        return sorted(self._images.values(), key=lambda image: image.created or 0)[::-1]

    def has(self, identity: str) -> bool:
        return identity in self._images

    def load(self, image: Image, *, tagged: bool = True) -> Image:
        """Takes an image in, as a pull or an import does. The same image twice is kept once."""
        known = next((own for own in self._images.values() if own.disk.lower is image.disk), None)
        own = known or self._taken_in(image)
        self._images[own.id] = own
        if tagged:
            self.tag(own, reference_from_text(image.name).tagged())
        return own

    def _taken_in(self, image: Image) -> Image:
        """A copy with what only this engine's copy has: ids where none were set, and the moment."""
        chance = self._clock.chance
        layers = max(len(image.layers), 1)
        return replace(
            image,
            disk=Disk(image.disk, wall=self._clock.wall),
            id=image.id or f"sha256:{chance.hex('image id', 64)}",
            diff_ids=image.diff_ids or [f"sha256:{chance.hex('diff id', 64)}" for _ in range(layers)],
            graph_id=chance.hex("graph id", 64),
            created=self._clock.wall() if image.created is None else image.created,
        )

    def tag(self, image: Image, reference: Reference) -> None:
        self._references[reference] = image.id
        image.tagged = self._clock.wall()

    def untag(self, reference: Reference) -> None:
        del self._references[reference]

    def drop(self, image: Image) -> None:
        del self._images[image.id]

    def references(self, image: Image) -> list[Reference]:
        """Its tags and digests, sorted."""
        return sorted((ref for ref, owner in self._references.items() if owner == image.id), key=str)

    def tags(self, image: Image) -> list[str]:
        return [str(reference) for reference in self.references(image) if reference.tag]

    def digests(self, image: Image) -> list[str]:
        return [str(reference) for reference in self.references(image) if reference.digest]

    def resolve(self, reference: Reference) -> Image | None:
        """The image with this very tag or digest."""
        owner = self._references.get(reference)
        return self._images[owner] if owner is not None else None

    def find(self, text: str) -> Image:
        """The image that a text means: an id, a reference, or the beginning of an id. Raises NotFound."""
        full = text if text.startswith("sha256:") else f"sha256:{text}"
        if full in self._images:
            return self._images[full]
        try:
            reference = reference_from_text(text)
        except InvalidParameter:
            if len(text) == 64:
                raise NotFound(f"No such image: sha256:{text}") from None
            raise
        return self.resolve(reference.tagged()) or self._by_prefix(text, reference)

    def _by_prefix(self, text: str, reference: Reference) -> Image:
        digits = text.removeprefix("sha256:")
        found = [image for image in self._images.values() if image.id.removeprefix("sha256:").startswith(digits)]
        if len(found) == 1:
            return found[0]
        raise NotFound(f"No such image: {reference.tagged()}")
