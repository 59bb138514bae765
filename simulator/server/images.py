"""Endpoints of images: /images/... (moby's api/server/router/image)."""

from __future__ import annotations

from simulator.engine.api import Engine
from simulator.engine.errors import InvalidParameter
from simulator.server import replies, structs
from simulator.server.gojson import progress
from simulator.server.platforms import platform_of
from simulator.server.replies import TAR, Answer, Flow, Reply
from simulator.server.request import Request


def listed(engine: Engine, request: Request) -> Reply:
    filters = request.filters()
    if request.text("filter") and request.before("1.41"):
        filters.setdefault("reference", []).append(request.text("filter"))
    return replies.document(engine.image_list(request.boolean("all"), filters))


def inspect(engine: Engine, request: Request, name: str) -> Reply:
    return replies.document(engine.image_inspect(name))


def history(engine: Engine, request: Request, name: str) -> Reply:
    return replies.document(engine.image_history(name))


def create(engine: Engine, request: Request) -> Reply:
    """A pull, or an import of what the body has."""
    if not request.before("1.32"):
        platform_of(request)
    if not request.text("fromImage"):
        feed = engine.image_import(
            request.body,
            request.text("fromSrc"),
            repo=request.text("repo"),
            tag=request.text("tag"),
            message=request.text("message"),
            changes=request.texts("changes"),
        )
        return Flow(feed, progress)
    return Flow(engine.image_create(request.text("fromImage"), request.text("tag")), progress)


def save(engine: Engine, request: Request, name: str = "") -> Reply:
    data = engine.images_save([name] if name else request.texts("names"))
    return Answer(200, data, (("Content-Type", TAR),))


def load(engine: Engine, request: Request) -> Reply:
    return Flow(engine.images_load(request.body, request.boolean("quiet", True)), progress)


def commit(engine: Engine, request: Request) -> Reply:
    made = engine.container_commit(
        request.text("container"),
        request.document(structs.COMMIT) if request.body.strip() not in (b"", b"null") else None,
        repo=request.text("repo"),
        tag=request.text("tag"),
        comment=request.text("comment"),
        author=request.text("author"),
        pause=request.boolean("pause", True),
        changes=request.texts("changes"),
    )
    return replies.document(made, 201)


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


def distribution(engine: Engine, request: Request, name: str) -> Reply:
    return replies.document(engine.distribution_inspect(name))
