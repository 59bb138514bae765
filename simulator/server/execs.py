"""Endpoints of execs: /exec/... (moby's api/server/router/container/exec.go)."""

from __future__ import annotations

from simulator.engine.api import Engine
from simulator.engine.errors import EngineError
from simulator.engine.stream import STDOUT, Stream
from simulator.server import replies, structs
from simulator.server.containers import size
from simulator.server.replies import Joined, Reply, Waiting
from simulator.server.request import Request

_ESCAPED = b"exec attach failed: error on attach stdin: read escape sequence\r\n"


def create(engine: Engine, request: Request, name: str) -> Reply:
    return replies.document(engine.exec_create(name, request.document(structs.EXEC)), 201)


def inspect(engine: Engine, request: Request, name: str) -> Reply:
    return replies.document(engine.exec_inspect(name))


def resize(engine: Engine, request: Request, name: str) -> Reply:
    height, width = size(request)
    return Waiting(engine.exec_resize(name, height, width), lambda _: replies.done(200))


def start(engine: Engine, request: Request, name: str) -> Reply:
    """Attached, the connection is the client's once the exec is known: later refusals are written to it.

    Whether the output has frames the start says, whatever the exec was made with.
    """
    config = request.document(structs.EXEC_START)
    engine.exec_exists(name)
    tty = bool(config.get("Tty"))
    if config.get("Detach"):
        return Waiting(engine.exec_start(name, True, tty), lambda _: replies.done(200))
    opened = engine.exec_inspect(name)
    watched = opened["ProcessConfig"]["tty"] and opened["OpenStdin"]  # by somebody at a terminal

    def join(stream: Stream) -> Reply:
        farewell = lambda: _ESCAPED if stream.detached else b""  # noqa: E731
        return Joined(stream, framed=not tty, rush=replies.never if watched else replies.always, farewell=farewell)

    try:
        return Waiting(engine.exec_start(name, False, tty), join, joins=True)
    except EngineError as refused:
        said = Stream(engine.daemon.clock)
        said.push(STDOUT, f"{refused.message}\r\n".encode())
        said.end()
        return Waiting(engine.daemon.clock.done(said), join, joins=True)
