"""The API's documents about images: inspect, list, history."""

from __future__ import annotations

from collections.abc import Callable

from simulator.clock import S
from simulator.engine.errors import InvalidParameter, System
from simulator.engine.fields import CONFIG, Document, written
from simulator.engine.filters import Filters, boolean, check_filters, labels_match
from simulator.engine.image import Image
from simulator.engine.image_json import History
from simulator.engine.image_store import ImageStore
from simulator.engine.moments import utc
from simulator.engine.reference import reference_from_text
from simulator.golang.match import path_match

LIST_FILTERS = ("dangling", "label", "before", "since", "reference")


def inspected(store: ImageStore, image: Image, local: Callable[[int], str]) -> Document:
    """`docker image inspect`. `local` writes a moment in the host's zone."""
    return {
        "Id": image.id,
        "RepoTags": store.tags(image),
        "RepoDigests": store.digests(image),
        "Parent": image.parent,
        "Comment": image.comment,
        "Created": utc(image.created),
        "Container": image.container,
        "ContainerConfig": written(image.container_config, CONFIG),
        "DockerVersion": image.docker_version,
        "Author": image.author,
        "Config": written(image.config, CONFIG),
        "Architecture": image.architecture,
        "Os": "linux",
        "Size": image.size,
        "VirtualSize": image.size,
        "GraphDriver": {
            "Data": _folders(image.rootfs.folders),
            "Name": "overlay2",
        },
        "RootFS": {"Type": "layers", "Layers": image.rootfs.diff_ids},
        "Metadata": {"LastTagTime": local(image.tagged) if image.tagged is not None else utc(None)},
    }


def _folders(folders: list[str]) -> Document | None:
    if not folders:
        return None
    top, *below = folders
    lower = {"LowerDir": ":".join(f"{folder}/diff" for folder in below)} if below else {}
    return {**lower, "MergedDir": f"{top}/merged", "UpperDir": f"{top}/diff", "WorkDir": f"{top}/work"}


def listed(store: ImageStore, filters: Filters, *, everything: bool = False) -> list[Document]:
    """`docker image ls`, newest first; `everything`: the steps of builds, too. Raises InvalidParameter."""
    check_filters(filters, LIST_FILTERS)
    dangling = boolean(filters, "dangling")
    before, since = (_moments(store, filters.get(key, [])) for key in ("before", "since"))
    documents = []
    for image in store.all():
        made = image.created or 0
        if (before and made >= min(before)) or (since and made <= max(since)):
            continue
        if not labels_match(filters, image.config["Labels"]):
            continue
        document = _summary(store, image, filters.get("reference", []))
        if document is not None and _wanted(store, image, document, dangling, everything=everything):
            documents.append(document)
    return documents


def _wanted(store: ImageStore, image: Image, document: Document, dangling: bool | None, *, everything: bool) -> bool:
    """Of images without a name the last ones of their line are shown, or all."""
    nameless = document["RepoTags"] == ["<none>:<none>"]
    if nameless and store.children(image) and (dangling or not everything):
        return False
    return dangling in (None, nameless if dangling is False else not any(map(_is_tag, document["RepoTags"] or [])))


def _is_tag(name: str) -> bool:
    return name != "<none>:<none>"


def _moments(store: ImageStore, names: list[str]) -> list[int]:
    return [store.find(name).created or 0 for name in names]


def _summary(store: ImageStore, image: Image, patterns: list[str]) -> Document | None:
    tags, digests = store.tags(image), store.digests(image)
    if patterns:
        tags = [tag for tag in tags if any(_familiar_match(pattern, tag) for pattern in patterns)]
        digests = [digest for digest in digests if any(_familiar_match(pattern, digest) for pattern in patterns)]
        if not tags and not digests:
            return None
    if not tags and not digests:
        tags, digests = ["<none>:<none>"], ["<none>@<none>"]
    return {
        "Containers": -1,
        "Created": (image.created or 0) // S,
        "Id": image.id,
        "Labels": image.config["Labels"],
        "ParentId": image.parent,
        "RepoDigests": digests or None,
        "RepoTags": tags or None,
        "SharedSize": -1,
        "Size": image.size,
        "VirtualSize": image.size,
    }


def _familiar_match(pattern: str, name: str) -> bool:
    """A reference against a shell pattern: with its tag, or by its repository alone."""
    reference = reference_from_text(name)
    return any(_glob(pattern, text) for text in (name, reference.familiar_name))


def _glob(pattern: str, text: str) -> bool:
    try:
        return path_match(pattern, text)
    except ValueError:
        raise InvalidParameter("syntax error in pattern") from None


def history(store: ImageStore, image: Image) -> list[Document]:
    """`docker history`: the newest step first, with the ids of the images that are here. Raises System."""
    layers = iter(image.rootfs.layers)
    documents: list[Document] = []
    for step in image.history:
        layer = None if step.empty else next(layers, None)
        if layer is None and not step.empty:
            raise System("too many non-empty layers in History section")
        documents.insert(0, _step(step, layer.size if layer else 0))
    made_from: Image | None = image
    for document in documents:
        if made_from is None:
            break
        document |= {"Id": made_from.id, "Tags": store.tags(made_from) or None}
        made_from = store.by_id(made_from.parent) if made_from.parent else None
    return documents


def _step(step: History, size: int) -> Document:
    return {
        "Comment": step.comment,
        "Created": (step.created or 0) // S,
        "CreatedBy": step.created_by,
        "Id": "<missing>",
        "Size": size,
        "Tags": None,
    }
