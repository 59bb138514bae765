"""Endpoints of execs: /exec/... (moby's api/server/router/container/exec.go)."""

from __future__ import annotations

from simulator.engine.api import Engine
from simulator.engine.errors import EngineError
from simulator.engine.stream import STDOUT, Stream
from simulator.server import replies
from simulator.server.containers import joined, size
from simulator.server.replies import Answer, Reply, Waiting
from simulator.server.request import Request


def create(engine: Engine, request: Request, name: str) -> Reply:
    return replies.document(engine.exec_create(name, request.document()), 201)


def inspect(engine: Engine, request: Request, name: str) -> Reply:
    return replies.document(engine.exec_inspect(name))


def resize(engine: Engine, request: Request, name: str) -> Reply:
    height, width = size(request)
    engine.exec_resize(name, height, width)
    return replies.done(200)


def start(engine: Engine, request: Request, name: str) -> Reply:
    """Attached, the connection is the client's once the exec is known: later refusals are written to it."""
    config = request.document(empty="EOF", kind=500)
    detach, tty = bool(config.get("Detach")), bool(config.get("Tty"))
    opened = engine.exec_inspect(name)
    if detach:
        return Waiting(engine.exec_start(name, True, tty), lambda _: replies.done(200))
    try:
        started = engine.exec_start(name, False, tty)
    except EngineError as refused:
        said = (STDOUT, f"{refused.message}\r\n".encode())
        kind = (("Content-Type", replies.RAW_STREAM),)
        return Answer(200, said[1] if tty else replies.frame(said), kind, closing=True)

    def join(stream: Stream) -> Reply:
        return joined(stream, replies.always, stdin=bool(opened["OpenStdin"]))

    return Waiting(started, join, joins=True)
