"""What web servers share: a process per connection that reads requests and writes answers. RFC 9110, 9112.

A server is a function from a request to an answer; what distinguishes busybox, Apache and nginx is in their modules.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from msgspec import Struct, field

from simulator.clock import Clock, S, Steps
from simulator.kernel.process import Process
from simulator.userland.http_message import Connection, Head, Malformed, fields_text, status_line
from simulator.userland.program import strerror

BACKLOG = 511


class Request(Struct):
    """A request as it came. `peer` is the address of the caller."""

    method: str
    target: str
    version: str
    head: Head
    peer: str
    body: bytes = b""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def keeps_alive(self) -> bool:
        """Whether the client wants to ask again on this connection (RFC 9112 9.3)."""
        wish = (self.head.get("Connection") or "").lower()
        return wish == "keep-alive" if self.version == "HTTP/1.0" else wish != "close"


class Answer(Struct):
    """An answer. With `close` the connection ends after it."""

    status: int
    fields: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    version: str = "HTTP/1.1"
    close: bool = False
    bodiless: bool = False
    reason: str = ""


Answers = Callable[[Request], Answer]


def serve(process: Process, address: str, port: int, answers: Answers) -> Steps:
    """Serves until it is killed; 1 if the port cannot be had."""
    try:
        listener = listen(process, address, port)
    except OSError as failure:
        process.error(f"{process.argv[0]}: {strerror(failure)}")
        return 1
    yield from accept_all(process, listener, answers)
    return 0


def listen(process: Process, address: str, port: int) -> Any:
    """A listening socket. Raises OSError."""
    listener: Any = process.socket("inet6" if ":" in address else "inet", "stream")
    listener.set("reuse_address", True)
    listener.bind(address, port)
    listener.listen(BACKLOG)
    return listener


def accept_all(process: Process, listener: Any, answers: Answers) -> Steps:
    """Gives each connection a process of its own."""
    while True:
        connection = yield listener.accept()
        child = process.spawn(process.argv, program=partial(_talk, connection, answers))
        connection.give(child)


def _talk(socket: Any, answers: Answers, process: Process) -> Steps:
    """Answers the requests of one connection."""
    connection, peer = Connection(socket), socket.peer[0]
    while True:
        try:
            request = yield from read_request(connection, peer)
        except (Malformed, OSError):
            return 0
        if request is None:
            return 0
        answer = answers(request)
        stays = request.keeps_alive and not answer.close and answer.version == "HTTP/1.1"
        try:
            socket.send(to_bytes(answer, connection="keep-alive" if stays and request.version == "HTTP/1.0" else ""))
        except OSError:
            return 0
        if not stays:
            return 0


def read_request(connection: Connection, peer: str) -> Steps:
    """The next request; None if the client has closed. Raises Malformed."""
    head = yield from connection.head()
    if head is None:
        return None
    words = head.start.split()
    if len(words) != 3 or not words[2].startswith("HTTP/"):
        return Request("", "", "", head, peer)
    length = head.get("Content-Length") or "0"
    body = (yield from connection.exactly(int(length))) if length.isdigit() and length != "0" else b""
    return Request(words[0], words[1], words[2], head, peer, body)


def to_bytes(answer: Answer, *, connection: str = "") -> bytes:
    fields = list(answer.fields)
    if not any(name.lower() == "content-length" for name, _ in fields):
        fields.append(("Content-Length", str(len(answer.body))))
    if connection:
        fields.append(("Connection", connection))
    start = f"{answer.version} {answer.status} {answer.reason}" if answer.reason else ""
    head = (start or status_line(answer.status, answer.version)) + "\r\n" + fields_text(fields) + "\r\n"
    return head.encode("utf-8", "surrogateescape") + (b"" if answer.bodiless else answer.body)


# -- words ----------------------------------------------------------------------------------------------------------


def http_date(clock: Clock, wall: int | None = None) -> str:
    """A moment (now by default) as HTTP writes it: Mon, 23 Nov 2026 22:40:24 GMT."""
    seconds = (clock.wall() if wall is None else wall) // S
    return f"{datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds):%a, %d %b %Y %H:%M:%S} GMT"


def unquote(text: str) -> str | None:
    """%41 as A; None for a bad escape (urllib would let it pass)."""
    parts = text.encode("utf-8", "surrogateescape").split(b"%")
    decoded = parts[0]
    for part in parts[1:]:
        try:
            decoded += bytes.fromhex(part[:2].decode("ascii")) + part[2:]
        except ValueError:
            return None
        if len(part) < 2:
            return None
    return decoded.decode("utf-8", "surrogateescape")


def within(root: str, path: str) -> str:
    """The file that a decoded path names below a root; `..` does not lead out of it."""
    return posixpath.join(root, posixpath.normpath("/" + path).lstrip("/"))
