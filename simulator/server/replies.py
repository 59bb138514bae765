"""What an endpoint gives back, before it is HTTP: at once, later, bit by bit, or as a connection that stays open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from simulator.clock import Event
from simulator.engine.errors import EngineError
from simulator.engine.stream import STDOUT, Documents, Stream
from simulator.server.gojson import encoded

JSON, TEXT, OCTETS = "application/json", "text/plain; charset=utf-8", "application/octet-stream"
TAR = "application/x-tar"
RAW_STREAM = "application/vnd.docker.raw-stream"

Headers = tuple[tuple[str, str], ...]


def always() -> bool:
    return True


def never() -> bool:
    return False


class Answer(Struct, frozen=True):
    """A whole answer. `closing`: the connection ends with it. `anonymous`: it is not the API that speaks."""

    status: int
    body: bytes = b""
    headers: Headers = ()
    closing: bool = False
    anonymous: bool = False


class Waiting(Struct, frozen=True):
    """The answer comes when the event has come: `finish` makes it of the event's value."""

    event: Event
    finish: Callable[[Any], Reply]
    joins: bool = False  # the connection is the client's already


class Early(Struct, frozen=True):
    """The head goes out now, one document when the event has come. `rush`: whether time may run ahead for it now."""

    event: Event
    rush: Callable[[], bool] = always


class Flow(Struct, frozen=True):
    """Documents or bytes as they come. `kind` is their Content-Type; logs have none."""

    feed: Documents | Stream
    encode: Callable[[Any], bytes]
    kind: str = JSON
    rush: Callable[[], bool] = always


class Joined(Struct, frozen=True):
    """A connection that the client takes over: what it sends is typed, what is written comes back, framed or raw.

    `farewell` is what the engine itself says when the stream has ended.
    """

    stream: Stream
    framed: bool
    rush: Callable[[], bool] = always
    farewell: Callable[[], bytes] = bytes


Reply = Answer | Waiting | Early | Flow | Joined


def document(value: Any, status: int = 200) -> Answer:
    return Answer(status, encoded(value), (("Content-Type", JSON),))


def done(status: int = 204) -> Answer:
    return Answer(status)


def text(value: str, status: int = 200, *headers: tuple[str, str]) -> Answer:
    return Answer(status, value.encode(), (*headers, ("Content-Type", TEXT)))


def refusal(failure: EngineError, *, plain: bool = False) -> Answer:
    """An error as a document, or in plain text; "not modified" has none."""
    if failure.status == 304:
        return Answer(304)
    if plain:
        return text(f"{failure.message}\n", failure.status, ("X-Content-Type-Options", "nosniff"))
    return document({"message": failure.message}, failure.status)


def frame(item: tuple[int, bytes]) -> bytes:
    """A piece of output as clients without a terminal get it: channel, length, bytes (moby's pkg/stdcopy)."""
    channel, data = item
    return bytes((channel, 0, 0, 0)) + len(data).to_bytes(4, "big") + data


def unframed(item: tuple[int, bytes]) -> bytes:
    """As a client with a terminal gets it: there is standard output only."""
    channel, data = item
    return data if channel == STDOUT else b""
