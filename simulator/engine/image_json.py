"""An image's configuration file, whose digest is the image's id: written, and read where it comes from elsewhere.

Mirrors moby's image.Image and its MarshalJSON (keys sorted, Go's escapes), version 1.2 of the image specification.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from simulator.clock import S
from simulator.engine.fields import CONFIG, Document, filled, written
from simulator.engine.moments import utc

if TYPE_CHECKING:
    from simulator.engine.image import Image

_ESCAPED = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


class History(Struct, frozen=True):
    """One step of how an image was made. `empty`: it made no layer."""

    created: int | None = None  # ns since the epoch
    created_by: str = ""
    author: str = ""
    comment: str = ""
    empty: bool = False

    def document(self) -> Document:
        told = {"author": self.author, "created_by": self.created_by, "comment": self.comment}
        empty = {"empty_layer": True} if self.empty else {}
        return {"created": utc(self.created), **{key: value for key, value in told.items() if value}, **empty}


def go_json(document: Any) -> bytes:
    """As Go's json.Marshal: compact, and safe inside HTML."""
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
    return text.translate(_ESCAPED).encode("utf-8", "replace")


def image_json(image: Image) -> bytes:
    """The configuration file of an image that was made here."""
    told = {
        "architecture": image.architecture,
        "author": image.author,
        "comment": image.comment,
        "config": written(image.config, CONFIG),
        "container": image.container,
        "container_config": written(image.container_config, CONFIG),
        "created": utc(image.created),
        "docker_version": image.docker_version,
        "history": [step.document() for step in image.history],
        "os": "linux",
        "rootfs": {"type": "layers", "diff_ids": image.rootfs.diff_ids},
    }
    return go_json({key: value for key, value in told.items() if value})


def image_from_json(data: bytes) -> Document:
    """What a configuration file tells of an image, by the names of Image's fields; and "diff_ids", "os".

    Raises ValueError for one that is none.
    """
    told = json.loads(data)
    if not isinstance(told, dict) or not isinstance(told.get("rootfs"), dict):
        raise ValueError("invalid image JSON, no RootFS key")
    texts = {key: str(told.get(key) or "") for key in ("author", "comment", "container", "docker_version", "os")}
    return texts | {
        "architecture": told.get("architecture") or "amd64",
        "config": filled(told.get("config") or {}, CONFIG),
        "container_config": filled(told.get("container_config") or {}, CONFIG),
        "created": moment(told.get("created")),
        "history": tuple(_history(step) for step in told.get("history") or []),
        "diff_ids": list(told["rootfs"].get("diff_ids") or []),
    }


def _history(step: Document) -> History:
    texts = {key: str(step.get(key) or "") for key in ("created_by", "author", "comment")}
    return History(created=moment(step.get("created")), empty=bool(step.get("empty_layer")), **texts)


def moment(text: str | None) -> int | None:
    """RFC 3339 with up to nine digits of a second, in ns since the epoch; None for Go's zero time."""
    if not text or text.startswith("0001-"):
        return None
    seconds, _, rest = text.partition(".")
    digits = rest[: len(rest) - len(rest.lstrip("0123456789"))]
    zone = rest[len(digits) :] if rest else ""
    whole = datetime.fromisoformat((seconds + zone) if rest else text).astimezone(UTC)
    return int(whole.timestamp()) * S + int(digits.ljust(9, "0") or 0)
