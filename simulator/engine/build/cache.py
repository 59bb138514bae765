"""The build cache of the classic builder: a step is not carried out again if an image of it is there.

Mirrors moby's image/cache and builder/dockerfile/imageprobe.go.
"""

from __future__ import annotations

from collections.abc import Sequence

from simulator.engine.fields import Document
from simulator.engine.image import Image
from simulator.engine.image_store import ImageStore

_LISTS = ("Cmd", "Env", "Entrypoint")
_MAPS = ("Labels", "ExposedPorts", "Volumes")
_VALUES = ("AttachStdout", "AttachStderr", "User", "Tty")


class Cache:
    """`sources`: only steps that these images were made by count. Once a step is not there, no later one is looked for."""

    def __init__(self, images: ImageStore, *, off: bool = False, sources: Sequence[Image] | None = None) -> None:
        self._images, self._off, self._sources = images, off, sources
        self._missed = False

    def reset(self) -> None:
        """A new stage begins."""
        self._missed = False

    def probe(self, parent: Image | None, config: Document) -> Image | None:
        """The image that a step with this configuration made of that image."""
        found = None if self._off or self._missed else self._lookup(parent, config)
        self._missed = found is None
        return found

    def _lookup(self, parent: Image | None, config: Document) -> Image | None:
        candidates = self._images.children(parent) if parent else self._made_of_nothing()
        found = [image for image in candidates if alike(image.container_config, config)]
        newest = max(found, key=lambda image: image.created or 0, default=None)
        if (
            newest is None
            or self._sources is None
            or any(newest in self._images.line(image) for image in self._sources)
        ):
            return newest
        return None

    def _made_of_nothing(self) -> list[Image]:
        return [image for image in self._images.all() if not image.parent]


def alike(one: Document, other: Document) -> bool:
    """Whether two configurations make the same step."""
    if one["OpenStdin"] or other["OpenStdin"]:
        return False
    return (
        all(one[key] == other[key] for key in _VALUES)
        and all(list(one[key] or ()) == list(other[key] or ()) for key in _LISTS)
        and all((one[key] or {}) == (other[key] or {}) for key in _MAPS)
    )
