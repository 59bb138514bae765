"""Removing images: a tag first, the image with its last one. Mirrors moby's daemon/images/image_delete.go and prune."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.engine.errors import Conflict
from simulator.engine.fields import Document
from simulator.engine.filters import Filters, boolean, check_filters, prune_match, until
from simulator.engine.image import Image
from simulator.engine.reference import Reference, reference_from_text

if TYPE_CHECKING:
    from simulator.engine.container import Container
    from simulator.engine.daemon import Daemon

PRUNE_FILTERS = ("dangling", "label", "label!", "until")


def remove(daemon: Daemon, text: str, *, force: bool = False) -> list[Document]:
    """Untags, and deletes the image if nothing refers to it any more. Raises Conflict, NotFound."""
    image = daemon.images.find(text)
    if _is_id(image, text):
        return _remove_by_id(daemon, image, force=force)
    references = daemon.images.references(image)
    users = _users(daemon, image)
    if not force and _single(references) and users:
        raise Conflict(
            f'conflict: unable to remove repository reference "{text}" (must force) - '
            f"container {users[0].id[:12]} is using its referenced image {image.short_id}"
        )
    records = [_untag(daemon, image, reference_from_text(text).tagged())]
    records += [_untag(daemon, image, left) for left in _orphaned_digests(daemon.images.references(image))]
    if daemon.images.references(image):
        return records
    return records + _delete(daemon, image, force=force, references=[])


def _remove_by_id(daemon: Daemon, image: Image, *, force: bool) -> list[Document]:
    references = daemon.images.references(image)
    if not _single(references):
        return _delete(daemon, image, force=force, references=references)
    _check(daemon, image, force=force)
    records = [_untag(daemon, image, reference) for reference in references]
    return records + _delete(daemon, image, force=force, references=[])


def _is_id(image: Image, text: str) -> bool:
    return image.id.removeprefix("sha256:").startswith(text.removeprefix("sha256:"))


def _single(references: list[Reference]) -> bool:
    """Whether one tag at most is left; the digests of its repository do not count."""
    return len([reference for reference in references if reference.tag]) <= 1


def _orphaned_digests(references: list[Reference]) -> list[Reference]:
    return [] if any(reference.tag for reference in references) else references


def _untag(daemon: Daemon, image: Image, reference: Reference) -> Document:
    daemon.images.untag(reference)
    daemon.image_event("untag", image.id, image.id)
    return {"Untagged": str(reference)}


def _delete(daemon: Daemon, image: Image, *, force: bool, references: list[Reference]) -> list[Document]:
    if len(references) > 1 and not force:
        raise _conflict(image, "must be forced", "image is referenced in multiple repositories")
    _check(daemon, image, force=force)
    records = [_untag(daemon, image, reference) for reference in references]
    daemon.images.drop(image)
    daemon.image_event("delete", image.id, image.id)
    return records + [{"Deleted": image.id}] + [{"Deleted": layer} for layer in reversed(image.diff_ids)]


def _check(daemon: Daemon, image: Image, *, force: bool) -> None:
    """Raises Conflict while a container needs the image; one that is stopped gives way to force."""
    for container in _users(daemon, image):
        if container.running:
            raise _conflict(image, "cannot be forced", f"image is being used by running container {container.id[:12]}")
        if not force:
            raise _conflict(image, "must be forced", f"image is being used by stopped container {container.id[:12]}")


def _conflict(image: Image, how: str, why: str) -> Conflict:
    return Conflict(f"conflict: unable to delete {image.short_id} ({how}) - {why}")


def _users(daemon: Daemon, image: Image) -> list[Container]:
    return [container for container in daemon.containers if container.image is image]


def prune(daemon: Daemon, filters: Filters) -> Document:
    """Removes images without a tag, or with dangling=false all that no container uses."""
    check_filters(filters, PRUNE_FILTERS)
    dangling_only = boolean(filters, "dangling") is not False
    before = until(filters, daemon.clock.wall())
    deleted: list[Document] = []
    reclaimed = 0
    for image in daemon.images.all():
        if _users(daemon, image) or (dangling_only and daemon.images.references(image)):
            continue
        if (before is not None and (image.created or 0) >= before) or not prune_match(filters, image.config["Labels"]):
            continue
        deleted += _delete(daemon, image, force=True, references=daemon.images.references(image))
        reclaimed += image.size
    daemon.events.publish("image", "prune", "", {"reclaimed": str(reclaimed)})
    return {"ImagesDeleted": deleted or None, "SpaceReclaimed": reclaimed}
