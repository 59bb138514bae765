"""The API's documents about images: inspect, list, history."""

from __future__ import annotations

import re
from collections.abc import Callable

from simulator.clock import S
from simulator.engine.errors import InvalidParameter
from simulator.engine.fields import CONFIG, Document, written
from simulator.engine.filters import Filters, boolean, check_filters, labels_match
from simulator.engine.image import Image
from simulator.engine.image_store import ImageStore
from simulator.engine.moments import utc
from simulator.engine.reference import reference_from_text

GRAPH = "/var/lib/docker/overlay2"
LIST_FILTERS = ("dangling", "label", "before", "since", "reference")


def inspected(store: ImageStore, image: Image, local: Callable[[int], str]) -> Document:
    """`docker image inspect`. `local` writes a moment in the host's zone."""
    layers = f"{GRAPH}/{image.graph_id}"
    return {
        "Id": image.id,
        "RepoTags": store.tags(image),
        "RepoDigests": store.digests(image),
        "Parent": "",
        "Comment": image.comment,
        "Created": utc(image.created),
        "Container": "",
        "ContainerConfig": written(image.container_config, CONFIG),
        "DockerVersion": image.docker_version,
        "Author": image.author,
        "Config": written(image.config, CONFIG),
        "Architecture": "amd64",
        "Os": "linux",
        "Size": image.size,
        "VirtualSize": image.size,
        "GraphDriver": {
            "Data": {
                "MergedDir": f"{layers}/merged",
                "UpperDir": f"{layers}/diff",
                "WorkDir": f"{layers}/work",
            },
            "Name": "overlay2",
        },
        "RootFS": {"Type": "layers", "Layers": list(image.diff_ids)},
        "Metadata": {"LastTagTime": local(image.tagged) if image.tagged is not None else utc(None)},
    }


def listed(store: ImageStore, filters: Filters) -> list[Document]:
    """`docker image ls`, newest first. Raises InvalidParameter for a filter that is not known."""
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
        if document is not None and dangling in (None, document["RepoTags"] == ["<none>:<none>"]):
            documents.append(document)
    return documents


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
        "ParentId": "",
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
    """Go's path.Match: `*` and `?` stop at a slash."""
    parts = {"*": "[^/]*", "?": "[^/]"}
    try:
        return (
            re.fullmatch("".join(parts.get(c, c if c in "[]-^" else re.escape(c)) for c in pattern), text) is not None
        )
    except re.error:
        raise InvalidParameter(f"syntax error in pattern: {pattern}") from None


def history(store: ImageStore, image: Image) -> list[Document]:
    """`docker history`: the newest step first; only it has an id and the tags."""
    steps = image.created_by or ("",)
    documents: list[Document] = []
    for index, step in enumerate(reversed(steps)):
        documents.append(
            {
                "Comment": image.comment if index == 0 else "",
                "Created": (image.created or 0) // S,
                "CreatedBy": step,
                "Id": image.id if index == 0 else "<missing>",
                "Size": image.size if index == len(steps) - 1 else 0,
                "Tags": (store.tags(image) or None) if index == 0 else None,
            }
        )
    return documents
