"""A request answered: its version checked, its endpoint found, its refusal put into words. No sockets here.

Mirrors moby's api/server/server.go and middleware/version.go.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import UTC, datetime

from msgspec.structs import replace

from simulator.clock import S
from simulator.engine import errors
from simulator.engine.api import Engine
from simulator.engine.errors import EngineError, InvalidParameter, NotFound, System
from simulator.server import replies, routes
from simulator.server.replies import Answer, Headers, Reply
from simulator.server.request import Request, numbers
from simulator.server.routes import Route

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def answer(engine: Engine, request: Request) -> Reply:
    """What the engine says to a request."""
    if request.moved:
        return Answer(301, b"", (("Location", request.moved),), anonymous=True)
    plain = request.before("1.24")
    try:
        found = routes.find(request.method, request.path)
        if found is None:
            return replace(replies.refusal(NotFound("page not found"), plain=plain), anonymous=True)
        return _answer(engine, request, *found)
    except EngineError as refused:
        return replies.refusal(refused, plain=plain)
    except OSError as failure:  # what the kernel refuses the engine, which has no better words for it
        return replies.refusal(System(f"{failure.filename}: {(failure.strerror or '').lower()}"), plain=plain)
    except Exception as failure:  # noqa: BLE001 - a fault of docklab ends the request that met it, nothing else
        sys.stderr.write(f"docklab: {request.method} {request.path}: {type(failure).__name__}: {failure}\n")
        return replies.refusal(System("docklab cannot answer this request; its standard error says why"), plain=plain)


def _answer(engine: Engine, request: Request, route: Route, names: Mapping[str, str]) -> Reply:
    _check_version(engine, request.version)
    if request.unread:
        raise InvalidParameter(request.unread)
    if route.endpoint is None:
        raise errors.NotImplemented(f"docklab does not simulate {route.method} {route.path}")
    return route.endpoint(engine, request, **names)


def _check_version(engine: Engine, asked: str) -> None:
    """Raises InvalidParameter for a client too new or too old."""
    if not asked:
        return
    document = engine.version()
    newest, oldest = document["ApiVersion"], document["MinAPIVersion"]
    if numbers(asked) < numbers(oldest):
        raise InvalidParameter(
            f"client version {asked} is too old. Minimum supported API version is {oldest}, "
            "please upgrade your client to a newer version"
        )
    if numbers(asked) > numbers(newest):
        raise InvalidParameter(f"client version {asked} is too new. Maximum supported API version is {newest}")


def identity(engine: Engine) -> Headers:
    """The headers by which every answer tells who gives it."""
    document = engine.version()
    return (
        ("Api-Version", document["ApiVersion"]),
        ("Docker-Experimental", "false"),
        ("Ostype", document["Os"]),
        ("Server", f"Docker/{document['Version']} ({document['Os']})"),
    )


def date(wall: int) -> tuple[str, str]:
    """The header Date at a wall time (ns since the epoch)."""
    moment = datetime.fromtimestamp(wall // S, UTC)
    return "Date", f"{_DAYS[moment.weekday()]}, {moment:%d} {_MONTHS[moment.month - 1]} {moment:%Y %H:%M:%S} GMT"
