"""Endpoints of the engine itself: /_ping, /version, /info, /events, /system/df (moby's api/server/router/system)."""

from __future__ import annotations

from simulator.engine.api import Engine
from simulator.server import replies
from simulator.server.gojson import encoded
from simulator.server.replies import Flow, Reply
from simulator.server.request import Request

UNCACHED = (("Cache-Control", "no-cache, no-store, must-revalidate"), ("Pragma", "no-cache"))


def ping(engine: Engine, request: Request) -> Reply:
    return replies.text(engine.ping() if request.method == "GET" else "", 200, *UNCACHED)


def version(engine: Engine, request: Request) -> Reply:
    return replies.document(engine.version())


def info(engine: Engine, request: Request) -> Reply:
    document = engine.info()
    if request.before("1.25"):
        names = [option.partition(",")[0].removeprefix("name=") for option in document["SecurityOptions"]]
        document |= {"SecurityOptions": names, "ExecutionDriver": "<not supported>"}
    return replies.document(document)


def disk_usage(engine: Engine, request: Request) -> Reply:
    return replies.document(engine.system_df())


def events(engine: Engine, request: Request) -> Reply:
    feed = engine.events(request.filters(), request.text("since"), request.text("until"))
    return Flow(feed, encoded, rush=replies.never)


def build_prune(engine: Engine, request: Request) -> Reply:
    return replies.document(engine.build_prune(request.filters()))


def options(engine: Engine, request: Request) -> Reply:
    return replies.done(200)
