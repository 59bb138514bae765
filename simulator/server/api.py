"""A request answered: its version checked, its endpoint found, its refusal put into words. No sockets here.

Mirrors moby's api/server/server.go and middleware/version.go.
"""

from __future__ import annotations

from datetime import UTC, datetime

from simulator.clock import S
from simulator.engine import errors
from simulator.engine.api import Engine
from simulator.engine.errors import EngineError, InvalidParameter, NotFound
from simulator.server import replies, routes
from simulator.server.replies import Headers, Reply
from simulator.server.request import Request

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def answer(engine: Engine, request: Request) -> Reply:
    """What the engine says to a request."""
    try:
        return _answer(engine, request)
    except EngineError as refused:
        return replies.refusal(refused)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as failure:
        # A document that has another shape than the API's: the real engine cannot decode it either.
        return replies.refusal(
            InvalidParameter(f"docklab cannot read this request: {type(failure).__name__}: {failure}")
        )


def _answer(engine: Engine, request: Request) -> Reply:
    refused = _version_refused(engine, request.version)
    if refused is not None:
        return refused
    found = routes.find(request.method, request.path)
    if found is None:
        raise NotFound("page not found")
    route, names = found
    if route.endpoint is None:
        raise errors.NotImplemented(f"docklab does not simulate {route.method} {route.path}")
    return route.endpoint(engine, request, **names)


def _version_refused(engine: Engine, text: str) -> Reply | None:
    if not text:
        return None
    document = engine.version()
    asked, newest, oldest = (_pair(one) for one in (text, document["ApiVersion"], document["MinAPIVersion"]))
    if asked > newest:
        too_new = f"client version {text} is too new. Maximum supported API version is {document['ApiVersion']}"
        return replies.refusal(InvalidParameter(too_new))
    if asked < oldest:
        too_old = (
            f"client version {text} is too old. Minimum supported API version is {document['MinAPIVersion']}, "
            "please upgrade your client to a newer version"
        )
        return replies.text(too_old + "\n", 400)
    return None


def _pair(text: str) -> tuple[int, int]:
    major, _, minor = text.partition(".")
    return int(major[:6]), int(minor[:6])


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
