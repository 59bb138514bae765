"""`docker export` and `docker import`: a container's files as one archive, and an image of such an archive.

Mirrors moby's daemon/export.go and daemon/images/image_import.go.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from simulator.engine.build.configure import changed
from simulator.engine.container import Container
from simulator.engine.errors import InvalidParameter
from simulator.engine.extract import no_archive
from simulator.engine.fields import CONFIG, filled
from simulator.engine.image import Image
from simulator.engine.image_commit import tag_as
from simulator.engine.image_json import History
from simulator.engine.layer import programs_on, scratch
from simulator.engine.reference import Reference, reference_from_text
from simulator.engine.stream import Documents
from simulator.kernel.archive import NoArchive, pack

if TYPE_CHECKING:
    from simulator.engine.daemon import Daemon


def export(daemon: Daemon, container: Container) -> bytes:
    """All files of a container, but for what is mounted into it."""
    nodes = {path: node for path, node in container.disk.nodes().items() if path != "/"}
    ordered = sorted(nodes.items(), key=lambda entry: entry[0].split("/"))
    data = pack((path[1:] + ("/" if node.kind == "directory" else ""), node) for path, node in ordered)
    for disk in (*(layer.disk for layer in container.image.rootfs.layers), container.disk):
        daemon.programs |= programs_on(disk)
    daemon.container_event(container, "export")
    return data


def import_image(
    daemon: Daemon,
    data: bytes,
    *,
    source: str = "-",
    repo: str = "",
    tag: str = "",
    message: str = "",
    changes: Iterable[str] = (),
) -> Documents:
    """An image of one layer. Raises InvalidParameter, System."""
    reference = _wanted(repo, tag) if repo else None
    config = changed(filled({}, CONFIG), changes)
    try:
        rootfs = scratch().with_archive(data, daemon.programs)
    except NoArchive:
        raise no_archive(data) from None
    known = daemon.images.layers().get(rootfs.layers[0].diff_id)
    rootfs = scratch().with_top(known) if known else rootfs
    comment, now = message or f"Imported from {source}", daemon.clock.wall()
    image = daemon.images.create(
        Image(
            name="",
            rootfs=rootfs,
            config=config,
            created=now,
            comment=comment,
            docker_version=daemon.version.engine,
            history=(History(created=now, comment=comment),),
        )
    )
    if reference is not None:
        tag_as(daemon, image, reference)
    daemon.image_event("import", image.id, image.id)
    feed = Documents(daemon.clock)
    feed.put({"status": image.id})
    feed.end()
    return feed


def _wanted(repo: str, tag: str) -> Reference:
    reference = reference_from_text(f"{repo}:{tag}" if tag else repo)
    if reference.digest:
        raise InvalidParameter("cannot import digest reference")
    return reference
