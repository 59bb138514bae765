"""`docker save` and `docker load`: images as one archive, with their layers, configurations and names.

Mirrors moby's image/tarexport: manifest.json, and beside it the directories and `repositories` of Docker before 1.10.
Left out: loading archives that have only the latter.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct, field

from simulator.engine.errors import EngineError, InvalidParameter, NotFound
from simulator.engine.extract import no_archive
from simulator.engine.fields import CONFIG, Document, filled, written
from simulator.engine.image import Image
from simulator.engine.image_json import go_json, image_from_json
from simulator.engine.image_pull import about
from simulator.engine.layer import Layer, RootFs, chained, programs_on, scratch
from simulator.engine.moments import utc
from simulator.engine.reference import Reference, reference_from_text
from simulator.engine.stream import Documents
from simulator.kernel.archive import NoArchive, pack, unpack
from simulator.kernel.disk import Node

if TYPE_CHECKING:
    from simulator.engine.daemon import Daemon

MANIFEST, REPOSITORIES, LAYER = "manifest.json", "repositories", "layer.tar"


class Saved(Struct):
    """One image to be saved, and the names that go with it."""

    image: Image
    references: list[Reference] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)  # of its layers, bottom first


# -- saving ------------------------------------------------------------------------------------------------------------


def save(daemon: Daemon, names: Iterable[str]) -> bytes:
    """Raises NotFound, InvalidParameter."""
    images = _images(daemon, names)
    files: dict[str, Node] = {}
    for saved in images:
        _save_layers(saved, files)
        for layer in saved.image.rootfs.layers:
            daemon.programs |= programs_on(layer.disk)
        identity = saved.image.id.removeprefix("sha256:")
        files[f"{identity}.json"] = Node("file", saved.image.json, mtime=saved.image.created or 0)
        daemon.image_event("save", saved.image.id, saved.image.id)
    repositories: dict[str, dict[str, str]] = {}
    for saved in images:
        for reference in saved.references:
            repositories.setdefault(reference.familiar_name, {})[reference.tag] = saved.folders[-1]
    if repositories:
        ordered = {name: dict(sorted(tags.items())) for name, tags in sorted(repositories.items())}
        files[REPOSITORIES] = Node("file", go_json(ordered) + b"\n")
    files[MANIFEST] = Node("file", go_json([_manifest(saved) for saved in images]) + b"\n")
    return pack((name, files[name]) for name in sorted(files, key=lambda name: name.rstrip("/").split("/")))


def _manifest(saved: Saved) -> Document:
    return {
        "Config": f"{saved.image.id.removeprefix('sha256:')}.json",
        "RepoTags": [str(reference) for reference in saved.references] or None,
        "Layers": [f"{folder}/{LAYER}" for folder in saved.folders],
    }


def _images(daemon: Daemon, names: Iterable[str]) -> list[Saved]:
    """The images that the names mean; a repository without a tag means all of its tags."""
    found: dict[str, Saved] = {}
    for text in names:
        for image, reference in _meant(daemon, text):
            saved = found.setdefault(image.id, Saved(image))
            if reference is not None and reference not in saved.references:
                saved.references.append(reference)
    return list(found.values())


def _meant(daemon: Daemon, text: str) -> Iterator[tuple[Image, Reference | None]]:
    try:
        reference: Reference | None = reference_from_text(text)
    except InvalidParameter:
        reference = None
    named = daemon.images.tagged(reference.name) if reference else []
    found = [(image, known) for known, image in named if reference and reference.tag in ("", known.tag)]
    if found:
        yield from found
        return
    if reference and reference.tag and reference.familiar_name != "sha256":
        raise NotFound("reference does not exist")
    try:
        yield daemon.images.find(text), None
    except NotFound:
        raise NotFound(f"No such image: {text}") from None


def _save_layers(saved: Saved, files: dict[str, Node]) -> None:
    """Each layer's directory, named by a digest of what was called an image before 1.10."""
    image, parent = saved.image, ""
    layers = list(zip(image.rootfs.layers, image.rootfs.chain_ids, strict=True))
    for index, (layer, chain_id) in enumerate(layers):
        told = _legacy(image, top=index == len(layers) - 1)
        named = go_json(dict(sorted({**told, "layer_id": chain_id, **_parent(parent and f"sha256:{parent}")}.items())))
        folder = hashlib.sha256(named).hexdigest()
        saved.folders.append(folder)
        if f"{folder}/" not in files:
            moment = image.created or 0
            files[f"{folder}/"] = Node("directory", mode=0o755, mtime=moment)
            files[f"{folder}/VERSION"] = Node("file", b"1.0", mtime=moment)
            config = go_json({"id": folder, **_parent(parent), **told})
            files[f"{folder}/json"] = Node("file", config, mtime=moment)
            files[f"{folder}/{LAYER}"] = _layer_file(layer, folder, files, moment)
        parent = folder


def _parent(folder: str) -> Document:
    return {"parent": folder} if folder else {}


def _layer_file(layer: Layer, folder: str, files: Mapping[str, Node], moment: int) -> Node:
    """A layer that is there already is linked to."""
    tar = layer.tar()
    for name, node in files.items():
        if name.endswith(f"/{LAYER}") and node.data == tar:
            return Node("link", target=f"../{name}", mode=0o777, mtime=moment)
    return Node("file", tar, mtime=moment)


def _legacy(image: Image, *, top: bool) -> Document:
    """The JSON of version 1: all of the image at its top, next to nothing below."""
    if not top:
        empty = written(filled({}, CONFIG), CONFIG)
        return {"created": utc(0), "container_config": empty, "os": "linux"}
    whole = json.loads(image.json)
    return {key: whole[key] for key in whole if key not in ("history", "rootfs")}


# -- loading -----------------------------------------------------------------------------------------------------------


def load(daemon: Daemon, data: bytes, *, quiet: bool = True) -> Documents:
    """Takes in all images of an archive; what goes wrong is told in the feed."""
    feed = Documents(daemon.clock)
    try:
        _load(daemon, data, feed, quiet=quiet)
    except EngineError as refused:
        _failed(feed, refused.message)
    except NoArchive:
        _failed(feed, no_archive(data).message)
    except ValueError as failure:
        _failed(feed, str(failure))
    feed.end()
    return feed


def _failed(feed: Documents, message: str) -> None:
    feed.put({"errorDetail": {"message": message}, "error": message})


def _load(daemon: Daemon, data: bytes, feed: Documents, *, quiet: bool) -> None:
    files = dict(unpack(data))
    if MANIFEST not in files:
        place = f"/var/lib/docker/tmp/docker-import-{daemon.clock.chance.integer('temporary name', 10**8, 10**9)}"
        raise ValueError(f"open {place}/{REPOSITORIES}: no such file or directory")
    manifest = json.loads(_file(files, MANIFEST))
    nameless: list[str] = []
    for entry in manifest:
        image = _load_image(daemon, entry, files, None if quiet else feed)
        for text in entry.get("RepoTags") or []:
            reference = reference_from_text(text)
            if not reference.tag:
                raise ValueError(f'invalid tag "{text}"')
            _name(daemon, image, reference, feed)
        nameless = [] if entry.get("RepoTags") else [*nameless, f"Loaded image ID: {image.id}\n"]
        daemon.image_event("load", image.id, image.id)
    if nameless:
        feed.put({"stream": "".join(nameless)})


def _name(daemon: Daemon, image: Image, reference: Reference, feed: Documents) -> None:
    known = daemon.images.resolve(reference)
    if known is not None and known is not image:
        old = f"The image {reference} already exists, renaming the old one with ID {known.id} to empty string\n"
        feed.put({"stream": old})
    daemon.images.tag(image, reference)
    feed.put({"stream": f"Loaded image: {reference}\n"})


def _file(files: Mapping[str, Node], name: str) -> bytes:
    """A file of the archive, through links. Raises ValueError."""
    for _ in range(len(files) + 1):
        node = files.get(posixpath.normpath(name))
        if node is None:
            break
        if node.kind != "link":
            return node.data
        name = posixpath.join(posixpath.dirname(name), node.target)
    raise ValueError(f"open {name}: no such file or directory")


def _load_image(daemon: Daemon, entry: Document, files: Mapping[str, Node], progress: Documents | None) -> Image:
    raw = _file(files, entry["Config"])
    told = image_from_json(raw)
    diff_ids, system, paths = told.pop("diff_ids"), told.pop("os"), entry.get("Layers") or []
    if system not in ("", "linux"):
        raise ValueError(f"cannot load {system} image on linux")
    if len(paths) != len(diff_ids):
        length = f"expected {len(paths)}, got {len(diff_ids)}"
        raise ValueError(f"invalid manifest, layers length mismatch: {length}")
    image = Image(
        name="", rootfs=_rootfs(daemon, list(zip(diff_ids, paths, strict=True)), files, progress), json=raw, **told
    )
    return daemon.images.create(image)


def _rootfs(
    daemon: Daemon, wanted: Iterable[tuple[str, str]], files: Mapping[str, Node], progress: Documents | None
) -> RootFs:
    """The layers, those that the engine has from there and the others from the archive."""
    known, rootfs = daemon.images.layers(), scratch()
    for index, (diff_id, path) in enumerate(wanted):
        chain_id = chained(rootfs.chain_ids[-1] if index else "", diff_id)
        if chain_id in known:
            rootfs = rootfs.with_top(known[chain_id])
        else:
            rootfs = rootfs.with_archive(tar := _file(files, path), daemon.programs)
            if progress is not None:
                progress.put(about(diff_id.removeprefix("sha256:")[:12], "Loading layer", len(tar), len(tar)))
        found = rootfs.layers[-1].diff_id
        if found != diff_id:
            raise ValueError(f'invalid diffID for layer {index}: expected "{diff_id}", got "{found}"')
    return rootfs
