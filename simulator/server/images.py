"""Endpoints of images: /images/... (moby's api/server/router/image)."""

from __future__ import annotations

from typing import Any

from simulator.engine import errors
from simulator.engine.api import Engine
from simulator.engine.errors import InvalidParameter
from simulator.server import replies
from simulator.server.gojson import encoded
from simulator.server.replies import Flow, Reply
from simulator.server.request import Request


def listed(engine: Engine, request: Request) -> Reply:
    filters = request.filters()
    if request.text("filter"):  # API before 1.41
        filters.setdefault("reference", []).append(request.text("filter"))
    return replies.document(engine.image_list(request.boolean("all"), filters))


def inspect(engine: Engine, request: Request, name: str) -> Reply:
    return replies.document(engine.image_inspect(name))


def history(engine: Engine, request: Request, name: str) -> Reply:
    return replies.document(engine.image_history(name))


def create(engine: Engine, request: Request) -> Reply:
    if not request.text("fromImage"):
        raise errors.NotImplemented("docklab does not simulate importing images (POST /images/create?fromSrc=...)")
    return Flow(engine.image_create(request.text("fromImage"), request.text("tag")), _progress)


def _progress(step: dict[str, Any]) -> bytes:
    return encoded(step)[:-1] + b"\r\n"


def remove(engine: Engine, request: Request, name: str) -> Reply:
    if not name.strip():
        raise InvalidParameter("image name cannot be blank")
    return replies.document(engine.image_remove(name, request.boolean("force"), request.boolean("noprune")))


def tag(engine: Engine, request: Request, name: str) -> Reply:
    engine.image_tag(name, request.text("repo"), request.text("tag"))
    return replies.done(201)


def prune(engine: Engine, request: Request) -> Reply:
    return replies.document(engine.images_prune(request.filters()))


def search(engine: Engine, request: Request) -> Reply:
    return replies.document(engine.image_search(request.text("term"), request.number("limit") or 25))
