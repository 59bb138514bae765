"""`docker commit`: what a container has changed as one more layer. Mirrors moby's daemon/commit.go and image_commit.go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from simulator.engine import stop
from simulator.engine.build.configure import changed
from simulator.engine.container import Container, Status
from simulator.engine.create import inherit
from simulator.engine.errors import Conflict, InvalidParameter, System
from simulator.engine.fields import CONFIG, Document, filled
from simulator.engine.files import MOUNTED
from simulator.engine.image import Image
from simulator.engine.image_json import History
from simulator.engine.layer import EMPTY, Layer, scratch
from simulator.engine.reference import Reference, reference_from_text
from simulator.kernel.archive import KINDS
from simulator.kernel.disk import Disk, Node

if TYPE_CHECKING:
    from simulator.engine.daemon import Daemon


def commit(
    daemon: Daemon,
    container: Container,
    *,
    config: Mapping[str, Any] | None = None,
    repo: str = "",
    tag: str = "",
    comment: str = "",
    author: str = "",
    pause: bool = True,
    changes: Iterable[str] = (),
) -> Document:
    """Makes an image of a container, which rests meanwhile; gives its id. Raises Conflict, InvalidParameter."""
    if container.status in (Status.DEAD, Status.REMOVING):
        why = "is Dead" if container.status is Status.DEAD else "is being removed"
        raise Conflict(f"You cannot commit container {container.id} which {why}")
    resting = pause and container.status is Status.RUNNING
    if resting:
        stop.pause(container)
    try:
        return _commit(daemon, container, config, changes, repo=repo, tag=tag, comment=comment, author=author)
    finally:
        if resting:
            stop.unpause(container)


def _commit(
    daemon: Daemon,
    container: Container,
    given: Mapping[str, Any] | None,
    changes: Iterable[str],
    *,
    repo: str,
    tag: str,
    comment: str,
    author: str,
) -> Document:
    config = changed(filled(given, CONFIG) if given else container.config, changes)
    inherit(config, container.config)
    image = child(
        daemon,
        container.image,
        changes_of(container),
        config=config,
        container_config=container.config,
        container=container.id,
        author=author,
        comment=comment,
    )
    reference = name(daemon, image, repo, tag) if repo else ""
    daemon.container_event(container, "commit", comment=comment, imageID=image.id, imageRef=reference)
    return {"Id": image.id}


def changes_of(container: Container) -> dict[str, Node | None]:
    """What the container's layer has over its image, as far as it belongs there."""
    nodes = container.disk.changed()
    return {path: node for path, node in nodes.items() if path not in MOUNTED and (node is None or node.kind in KINDS)}


def child(
    daemon: Daemon,
    parent: Image | None,
    nodes: Mapping[str, Node | None],
    *,
    config: Document,
    container_config: Document,
    container: str = "",
    author: str = "",
    comment: str = "",
) -> Image:
    """An image of one more step, taken in (image.NewChildImage). A step that changes no file makes no layer."""
    rootfs = parent.rootfs if parent else scratch()
    layer = Layer(Disk.over(rootfs.disk, nodes)) if nodes else None
    empty = layer is None or layer.diff_id == EMPTY
    now = daemon.clock.wall()
    by = " ".join(container_config["Cmd"] or [])
    step = History(created=now, created_by=by, author=author, comment=comment, empty=empty)
    made = Image(
        name="",
        rootfs=rootfs if layer is None or empty else rootfs.with_top(layer),
        config=filled(config, CONFIG),
        created=now,
        container=container,
        container_config=filled(container_config, CONFIG),
        author=author,
        comment=comment,
        docker_version=daemon.version.engine,
        history=(*(parent.history if parent else ()), step),
        architecture=parent.architecture if parent else "amd64",
    )
    own = daemon.images.create(made)
    own.parent = parent.id if parent else ""
    return own


def name(daemon: Daemon, image: Image, repo: str, tag: str = "") -> str:
    """Gives an image a name, which is returned as people write it. Raises System."""
    try:
        reference = reference_from_text(f"{repo}:{tag}" if tag else repo).with_latest()
    except InvalidParameter as refused:
        raise System(refused.message) from None
    tag_as(daemon, image, reference)
    return str(reference)


def tag_as(daemon: Daemon, image: Image, reference: Reference) -> None:
    """Gives an image a name; without a tag it is `latest`, which the event does not tell."""
    daemon.images.tag(image, reference.with_latest())
    daemon.image_event("tag", image.id, image.id, name=str(reference))
