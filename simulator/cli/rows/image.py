"""Images in lists: a row for each name of an image. See docker/cli/cli/command/formatter/image.go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from simulator.cli.listing import QUIET, RAW, TABLE, Noun, short_id
from simulator.cli.moments import local_time
from simulator.cli.units import human_duration, human_size
from simulator.clock import Clock, S
from simulator.golang.reference import reference_from_text

NONE = "<none>"
UNKNOWN = -1
_NAMES = "table {{.Repository}}\t{{.Tag}}\t"
_REST = "{{.ID}}\t{{.CreatedSince}}\t{{.Size}}"
_RAW_NAMES = "repository: {{.Repository}}\ntag: {{.Tag}}\n"
_RAW_REST = "image_id: {{.ID}}\ncreated_at: {{.CreatedAt}}\nvirtual_size: {{.Size}}\n"


class ImageRow(Struct, frozen=True):
    """An image under one of its names, as `docker images` shows it."""

    document: dict[str, Any]
    short: bool
    clock: Clock
    repository: str = NONE
    tag: str = NONE
    digest: str = NONE


def default_format(form: str, *, quiet: bool, digests: bool) -> str:
    if form == TABLE:
        return QUIET if quiet else _NAMES + ("{{.Digest}}\t" if digests else "") + _REST
    if form == RAW:
        return "image_id: {{.ID}}" if quiet else _RAW_NAMES + ("digest: {{.Digest}}\n" if digests else "") + _RAW_REST
    if form.startswith(TABLE) and digests and "{{.Digest}}" not in form:
        return form + "\t{{.Digest}}"
    return form


def is_dangling(document: dict[str, Any]) -> bool:
    tags, digests = document["RepoTags"] or [], document["RepoDigests"] or []
    return not (tags or digests) or (tags == [f"{NONE}:{NONE}"] and digests == [f"{NONE}@{NONE}"])


def rows_of(
    images: Sequence[dict[str, Any]], clock: Clock, *, short: bool, digests: bool, wanted: bool
) -> list[ImageRow]:
    """The rows of images. `digests`: those are asked for; `wanted`: they are shown."""
    rows: list[ImageRow] = []
    for image in images:
        if is_dangling(image):
            rows.append(ImageRow(image, short, clock))
        else:
            rows += (ImageRow(image, short, clock, *names) for names in _names(image, digests=digests, wanted=wanted))
    return rows


def _names(image: dict[str, Any], *, digests: bool, wanted: bool) -> Iterator[tuple[str, str, str]]:
    """Repository, tag and digest of each row of an image."""
    tags = _by_repository(image["RepoTags"] or [], "tag")
    sums = _by_repository(image["RepoDigests"] or [], "digest")
    for repository, own in tags.items():
        known = sums.pop(repository, []) if wanted else sums.pop(repository, []) and []
        for tag in own:
            for digest in known or [NONE]:
                yield repository, tag, digest
    for repository, known in sums.items():
        for digest in known if digests else [""]:
            yield repository, NONE, digest


def _by_repository(names: Sequence[str], part: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in names:
        try:
            reference = reference_from_text(name)
        except ValueError:
            continue
        value = reference.tag if part == "tag" else reference.digest
        if value:
            found.setdefault(reference.familiar_name, []).append(value)
    return found


def _id(row: ImageRow) -> str:
    identifier: str = row.document["Id"]
    return short_id(identifier) if row.short else identifier


def _size(row: ImageRow, key: str) -> str:
    size = row.document.get(key, UNKNOWN)
    return "N/A" if size == UNKNOWN else human_size(size)


def _unique_size(row: ImageRow) -> str:
    whole, shared = row.document.get("VirtualSize", UNKNOWN), row.document.get("SharedSize", UNKNOWN)
    return "N/A" if UNKNOWN in (whole, shared) else human_size(whole - shared)


def _containers(row: ImageRow) -> str:
    number = row.document.get("Containers", UNKNOWN)
    return "N/A" if number == UNKNOWN else str(number)


def _created_since(row: ImageRow) -> str:
    return human_duration(row.clock.wall() - row.document["Created"] * S) + " ago"


NOUN = Noun(
    "*formatter.imageContext",
    {
        "ID": ("IMAGE ID", _id),
        "Repository": ("REPOSITORY", lambda row: row.repository),
        "Tag": ("TAG", lambda row: row.tag),
        "Digest": ("DIGEST", lambda row: row.digest),
        "CreatedSince": ("CREATED", _created_since),
        "CreatedAt": ("CREATED AT", lambda row: local_time(row.clock, row.document["Created"] * S)),
        "Size": ("SIZE", lambda row: human_size(row.document["Size"], 3)),
        "Containers": ("CONTAINERS", _containers),
        "VirtualSize": ("SIZE", lambda row: human_size(row.document["VirtualSize"])),
        "SharedSize": ("SHARED SIZE", lambda row: _size(row, "SharedSize")),
        "UniqueSize": ("UNIQUE SIZE", _unique_size),
    },
)
