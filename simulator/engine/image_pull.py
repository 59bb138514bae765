"""Pulling: the progress documents of `POST /images/create`, layer by layer.

Mirrors moby's distribution/pull and pkg/progress. A layer goes through Pulling fs layer, Downloading, Verifying
Checksum, Download complete, Extracting, Pull complete. Left out: layers shared between images, more than one at a
time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from simulator.clock import MS, S
from simulator.engine.fields import Document
from simulator.engine.image import Blob, Image
from simulator.engine.reference import Reference, reference_from_text
from simulator.engine.stream import Documents

if TYPE_CHECKING:
    from simulator.engine.daemon import Daemon

DOWNLOAD_RATE = 10_000_000  # bytes a second
EXTRACT_RATE = 80_000_000
STEPS = 10  # reports on each layer's download and extraction
BAR = 50  # columns of the progress bar

Step = tuple[int, Document]  # how long after the one before (ns), and what is reported


def pull(daemon: Daemon, name: str, tag: str = "") -> Documents:
    """Pulls an image; what is reported can be read as it comes. Raises the registry's refusals."""
    reference = _wanted(name, tag)
    daemon.registry.connect(daemon.nameserver)
    image = daemon.registry.find(reference)
    feed = Documents(daemon.clock)
    _play(daemon, feed, _steps(daemon, image, reference), image, reference)
    return feed


def _wanted(name: str, tag: str) -> Reference:
    joined = f"{name}{'@' if ':' in tag else ':'}{tag}" if tag else name
    return reference_from_text(joined).with_latest()


def _play(daemon: Daemon, feed: Documents, steps: Iterator[Step], image: Image, reference: Reference) -> None:
    """Reports the next step when its time has come; after the last the image is there."""
    step = next(steps, None)
    if step is None:
        feed.end()
        return

    def report(document: Document) -> None:
        feed.put(document)
        _play(daemon, feed, steps, image, reference)

    if step[0]:
        daemon.clock.after(step[0], report, step[1])
    else:
        report(step[1])


def _steps(daemon: Daemon, image: Image, reference: Reference) -> Iterator[Step]:
    clock = daemon.clock
    digest = digest_of(daemon, image)
    path = reference.path
    yield clock.chance.delay("registry", 900 * MS), {"status": f"Pulling from {path}", "id": reference.tag or digest}
    if not daemon.images.held(image):  # under whatever name
        ids = [(layer.digest or clock.chance.hex("layer id", 12))[:12] for layer in image.blobs]
        for short in ids:
            yield 0, about(short, "Pulling fs layer")
        for short, layer in zip(ids, image.blobs, strict=True):
            yield from _layer(short, layer)
    yield 20 * MS, {"status": f"Digest: {digest}"}
    yield 0, {"status": f"Status: {_take_in(daemon, image, reference, digest)} {reference}"}


def digest_of(daemon: Daemon, image: Image) -> str:
    """The digest of an image's manifest; drawn when it is first asked for."""
    image.digest = image.digest or f"sha256:{daemon.clock.chance.hex('image digest', 64)}"
    return image.digest


def _take_in(daemon: Daemon, image: Image, reference: Reference, digest: str) -> str:
    known = daemon.images.resolve(reference)
    own = daemon.images.load(image, tagged=False)
    if known is not own:
        daemon.images.tag(own, reference)
        daemon.images.tag(own, Reference(reference.domain, reference.path, digest=digest))
    daemon.image_event("pull", str(reference), own.id, name=reference.familiar_name)
    return "Image is up to date for" if known is own else "Downloaded newer image for"


def _layer(short: str, layer: Blob) -> Iterator[Step]:
    for done in range(1, STEPS):
        pause = layer.size * S // DOWNLOAD_RATE // STEPS
        yield pause, about(short, "Downloading", layer.size * done // STEPS, layer.size)
    yield 0, about(short, "Verifying Checksum")
    yield 0, about(short, "Download complete")
    for done in range(1, STEPS + 1):
        pause = layer.size * S // EXTRACT_RATE // STEPS
        yield pause, about(short, "Extracting", layer.size * done // STEPS, layer.size)
    yield 10 * MS, about(short, "Pull complete")


def about(short: str, status: str, current: int = 0, total: int = 0) -> Document:
    """One report on a layer; with a bar where there is something to measure."""
    if not total:
        return {"status": status, "progressDetail": {}, "id": short}
    progress = f"{_bar(current, total)}{human_size(current):>8}/{human_size(total)}"
    return {"status": status, "progressDetail": {"current": current, "total": total}, "progress": progress, "id": short}


def _bar(current: int, total: int) -> str:
    filled = min(int(current / total * 100) // 2, BAR)
    return f"[{'=' * filled}>{' ' * (BAR - filled)}] "


def human_size(size: float) -> str:
    """Bytes as go-units' HumanSize writes them: four digits, decimal units."""
    units = ("B", "kB", "MB", "GB", "TB")
    index = 0
    while size >= 1000 and index < len(units) - 1:
        size /= 1000
        index += 1
    return f"{size:.4g}{units[index]}"
