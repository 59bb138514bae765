"""The docker SDK joined to a lab in the process: a transport of requests that asks the engine instead of a socket.

Reading an answer that comes bit by bit lets simulated time pass until the next bit. What comes is what a server would
send, so the SDK cannot tell the difference.
"""

from __future__ import annotations

import io
import math
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import docker
import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.response import HTTPResponse

from simulator.clock import Clock, S
from simulator.server.api import answer, date, identity
from simulator.server.exchange import Exchange
from simulator.server.replies import RAW_STREAM, Answer, Headers
from simulator.server.request import request_from_target

if TYPE_CHECKING:
    from simulator.testing.world import World

ADDRESS = "tcp://docklab.localhost:2375"
PATIENCE = 3600 * S  # simulated time without anything to read, before it is given up


def client(world: World) -> docker.DockerClient:
    """A DockerClient of this world."""
    made = docker.DockerClient(base_url=ADDRESS, version=world.engine.version()["ApiVersion"])
    made.api.mount("http://", Adapter(world))
    return made


class Adapter(BaseAdapter):  # type: ignore[misc] # the SDK and its parts have no types
    """Answers requests from the engine of a world."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world

    def send(self, request: Any, **_: Any) -> Any:
        """Raises requests.ConnectionError while the engine is stopped, requests.ReadTimeout if no answer ever comes."""
        world = self._world
        with world.lock:
            if world.faults.stopped:
                raise requests.ConnectionError("the engine is stopped", request=request)
            world.advance(world.cost)
            asked = request_from_target(request.method, _target(request.url), _lower(request.headers), _body(request))
            body = Body(world)
            body.exchange.play(world.refusal(asked) or answer(world.engine, asked))
            try:
                body.until(lambda: body.status)
            except TimeoutError as silence:
                raise requests.ReadTimeout(str(silence), request=request) from None
            headers = (*identity(world.engine), date(world.clock.wall()), *body.headers)
        return _response(request, body, headers)

    def close(self) -> None:
        """There is nothing to close."""


class Body(io.RawIOBase):
    """What comes of one request: the Listener of its exchange, and the file and socket that the SDK reads."""

    chunked = True
    chunk_left = 0  # urllib3's private names, which the SDK looks at

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world
        self.status = 0
        self.headers: Headers = ()
        self.room = True
        self._came = bytearray()
        self._ended = False
        self._ready = -1
        self.exchange = Exchange(world.clock, self)

    # -- the exchange's listener ------------------------------------------------------------------------------------

    def whole(self, answer: Answer) -> None:
        self.status, self.headers = answer.status, answer.headers
        self.chunked = False
        self._came += answer.body
        self._ended = True

    def head(self, status: int, headers: Headers) -> None:
        self.status, self.headers = status, headers

    def join(self, *, identified: bool) -> None:
        self.status, self.headers = 200, (("Content-Type", RAW_STREAM),)

    def part(self, data: bytes) -> None:
        self._came += data

    def end(self) -> None:
        self._ended = True

    # -- the file ---------------------------------------------------------------------------------------------------

    def until(self, holds: Any) -> None:
        """Lets time pass until this holds. Raises TimeoutError, as a socket does, if it never will."""
        clock: Clock = self._world.clock
        limit = clock.now + PATIENCE
        while not holds():
            if clock.peek() > limit or clock.peek() == math.inf:
                raise TimeoutError("nothing more comes: the lab stands still")
            clock.step()

    def readable(self) -> bool:
        return True

    def read(self, amount: int | None = -1) -> bytes:
        """Up to so many bytes, fewer only at the end; all there will be, without an amount."""
        wanted = math.inf if amount is None or amount < 0 else amount
        return self._take(wanted, lambda: self._ended or len(self._came) >= wanted)

    def recv(self, amount: int, _flags: int = 0) -> bytes:
        """What there is, as a socket gives it."""
        return self._take(amount, lambda: self._ended or bool(self._came))

    def readinto(self, buffer: Any) -> int:
        data = self.recv(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def _take(self, wanted: float, holds: Any) -> bytes:
        with self._world.lock:
            self.until(holds)
            count = int(min(wanted, len(self._came)))
            taken = bytes(self._came[:count])
            del self._came[:count]
            self.chunk_left = len(self._came)
        return taken

    def write(self, data: Any) -> int:
        """What the client types."""
        with self._world.lock:
            self.exchange.type(bytes(data))
        return len(data)

    send = write

    def sendall(self, data: bytes) -> None:
        self.write(data)

    def shutdown(self, _how: int) -> None:
        """Nothing more is typed."""
        with self._world.lock:
            self.exchange.close_write()

    def fileno(self) -> int:
        """A file that can always be read: whoever polls it before reading need not wait."""
        if self._ready < 0:
            self._ready = os.open(os.devnull, os.O_RDONLY)
        return self._ready

    def settimeout(self, _seconds: float | None) -> None:
        """Simulated time does not time out."""

    def gettimeout(self) -> None:
        return None

    def close(self) -> None:
        if not self.closed:
            if not self.exchange.finished:
                with self._world.lock:
                    self.exchange.abandon()
            if self._ready >= 0:
                os.close(self._ready)
                self._ready = -1
        super().close()

    @property
    def fp(self) -> Body:
        return self

    @property
    def raw(self) -> Body:
        return self

    @property
    def _sock(self) -> Body:
        return self


def _target(url: str) -> str:
    return "/" + url.partition("://")[2].partition("/")[2]


def _lower(headers: Mapping[str, Any]) -> dict[str, str]:
    return {name.lower(): value.decode() if isinstance(value, bytes) else str(value) for name, value in headers.items()}


def _body(request: Any) -> bytes:
    body = request.body
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    if hasattr(body, "read"):
        body = body.read()
        return body.encode() if isinstance(body, str) else bytes(body)
    return bytes(body) if isinstance(body, bytes | bytearray) else b"".join(body)


def _response(request: Any, body: Body, headers: Headers) -> Any:
    response = requests.Response()
    response.status_code = body.status
    response.headers = CaseInsensitiveDict(headers)
    response.raw = HTTPResponse(body=body, headers=dict(headers), status=body.status, preload_content=False)
    response.url, response.request = request.url, request
    response.encoding = "utf-8"
    return response
