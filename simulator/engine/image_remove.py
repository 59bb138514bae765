"""Removing images: a name first, the image with its last one, then the nameless ones that it was made from.

Mirrors moby's daemon/images/image_delete.go and image_prune.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.engine.errors import Conflict, EngineError
from simulator.engine.fields import Document
from simulator.engine.filters import Filters, boolean, check_filters, prune_match, until
from simulator.engine.image import Image
from simulator.engine.reference import Reference, reference_from_text

if TYPE_CHECKING:
    from simulator.engine.container import Container
    from simulator.engine.daemon import Daemon

PRUNE_FILTERS = ("dangling", "label", "label!", "until")


class InUse(Conflict):
    """A container needs the image."""


def remove(daemon: Daemon, text: str, *, force: bool = False, prune: bool = True) -> list[Document]:
    """Untags, and deletes the image if nothing refers to it any more. Raises Conflict, NotFound."""
    image = daemon.images.find(text)
    by_id = _is_id(image, text)
    records = _untag_by_id(daemon, image, force=force) if by_id else _untag_by_name(daemon, image, text, force=force)
    if not by_id and daemon.images.references(image):
        return records
    return records + _delete(daemon, image, force=force, prune=prune, quiet=not by_id)


def _untag_by_name(daemon: Daemon, image: Image, text: str, *, force: bool) -> list[Document]:
    users = _users(daemon, image)
    if not force and users and _single(daemon.images.references(image)):
        raise Conflict(
            f'conflict: unable to remove repository reference "{text}" (must force) - '
            f"container {users[0].id[:12]} is using its referenced image {image.short_id}"
        )
    given = reference_from_text(text).with_latest()
    records = [_untag(daemon, image, given)]
    left = [reference for reference in daemon.images.references(image) if reference.name == given.name]
    if not any(reference.tag for reference in left):
        records += [_untag(daemon, image, reference) for reference in left]
    return records


def _untag_by_id(daemon: Daemon, image: Image, *, force: bool) -> list[Document]:
    """All names, if they are but one; more of them have to be forced."""
    references = daemon.images.references(image)
    if not _single(references):
        return []
    _check(daemon, image, force=force, named=False)
    return [_untag(daemon, image, reference) for reference in references]


def _is_id(image: Image, text: str) -> bool:
    return image.id.removeprefix("sha256:").startswith(text.removeprefix("sha256:"))


def _single(references: list[Reference]) -> bool:
    """Whether one tag at most is there, and nothing of a second repository."""
    tags = [reference for reference in references if reference.tag]
    return bool(references) and len(tags) <= 1 and len({reference.name for reference in references}) == 1


def _untag(daemon: Daemon, image: Image, reference: Reference) -> Document:
    daemon.images.untag(reference)
    daemon.image_event("untag", image.id, image.id)
    return {"Untagged": str(reference)}


def _delete(daemon: Daemon, image: Image, *, force: bool, prune: bool, quiet: bool) -> list[Document]:
    """The image, and then those that it was made from, quietly, as far as nothing else needs them."""
    try:
        _check(daemon, image, force=force)
    except Conflict as conflict:
        dangling = not daemon.images.references(image) and not daemon.images.children(image)
        if quiet and (isinstance(conflict, InUse) or not dangling):
            return []
        raise
    records = [_untag(daemon, image, reference) for reference in daemon.images.references(image)]
    gone = _drop(daemon, image)
    daemon.image_event("delete", image.id, image.id)
    records += [{"Deleted": image.id}] + [{"Deleted": chain_id} for chain_id in reversed(gone)]
    parent = daemon.images.by_id(image.parent) if prune and image.parent else None
    return records + (_delete(daemon, parent, force=False, prune=True, quiet=True) if parent else [])


def _drop(daemon: Daemon, image: Image) -> list[str]:
    """Takes the image out; its layers that nobody else has, bottom first."""
    daemon.images.drop(image)
    kept = set(daemon.images.layers())
    kept.update(chain for container in daemon.containers for chain in container.image.rootfs.chain_ids)
    return [chain_id for chain_id in image.rootfs.chain_ids if chain_id not in kept]


def _check(daemon: Daemon, image: Image, *, force: bool, named: bool = True) -> None:
    """Raises Conflict while something needs the image. `named`: that it has names counts, too."""
    if daemon.images.children(image):
        raise Conflict(_conflict(image, "cannot be forced", "image has dependent child images"))
    users = _users(daemon, image)
    running = next((container for container in users if container.running), None)
    if running is not None:
        raise InUse(
            _conflict(image, "cannot be forced", f"image is being used by running container {running.short_id}")
        )
    if force:
        return
    if named and daemon.images.references(image):
        raise Conflict(_conflict(image, "must be forced", "image is referenced in multiple repositories"))
    if users:
        why = f"image is being used by stopped container {users[0].short_id}"
        raise InUse(_conflict(image, "must be forced", why))


def _conflict(image: Image, how: str, why: str) -> str:
    return f"conflict: unable to delete {image.short_id} ({how}) - {why}"


def _users(daemon: Daemon, image: Image) -> list[Container]:
    return [container for container in daemon.containers if container.image is image]


def prune(daemon: Daemon, filters: Filters) -> Document:
    """Removes images without a tag, or with dangling=false all that no container uses."""
    check_filters(filters, PRUNE_FILTERS)
    dangling_only = boolean(filters, "dangling") is not False
    before = until(filters, daemon.clock)
    layers = daemon.images.layers()
    deleted: list[Document] = []
    for image in daemon.images.all():
        if _prunable(daemon, image, filters, before) and daemon.images.by_id(image.id) is image:
            deleted += _prune(daemon, image, dangling_only=dangling_only)
    gone = [layers[record["Deleted"]] for record in deleted if record.get("Deleted") in layers]
    reclaimed = sum(layer.size for layer in gone)
    daemon.events.publish("image", "prune", "", {"reclaimed": str(reclaimed)})
    return {"ImagesDeleted": deleted or None, "SpaceReclaimed": reclaimed}


def _prunable(daemon: Daemon, image: Image, filters: Filters, before: int | None) -> bool:
    if daemon.images.children(image) and not daemon.images.references(image):
        return False
    return (before is None or (image.created or 0) < before) and prune_match(filters, image.config["Labels"])


def _prune(daemon: Daemon, image: Image, *, dangling_only: bool) -> list[Document]:
    references = daemon.images.references(image)
    if dangling_only and any(reference.tag for reference in references):
        return []
    deleted: list[Document] = []
    for text in [str(reference) for reference in references] or [image.id.removeprefix("sha256:")]:
        try:
            deleted += remove(daemon, text)
        except EngineError:
            continue
    return deleted
