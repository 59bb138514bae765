"""One request and its answer on one connection. lib/http.c, lib/transfer.c."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from simulator.clock import S, Steps
from simulator.userland.curl.request import request_head
from simulator.userland.curl.url import BadUrl, relative
from simulator.userland.curl.words import (
    EMPTY_REPLY,
    HTTP_ERROR,
    PARTIAL,
    RECEIVE_ERROR,
    SEND_ERROR,
    UNSUPPORTED,
    Failure,
)
from simulator.userland.http_message import Body, Connection, Head, Malformed, status_of
from simulator.userland.program import strerror

if TYPE_CHECKING:
    from simulator.userland.curl.transfer import Transfer

REDIRECTIONS = (301, 302, 303, 307, 308)
CONTINUE_WAIT = 1 * S  # how long to wait for 100 Continue


class Kept(Struct):
    """A connection: its number, and its reader. Kept for the next transfer if both sides want to."""

    number: int
    socket: Any
    reader: Connection
    key: tuple[str, str, int]


class Exchange:
    """What a transfer says and hears on a connection."""

    def __init__(self, transfer: Transfer, kept: Kept) -> None:
        self.transfer, self.kept = transfer, kept
        self.facts, self.meter, self.sink = transfer.facts, transfer.meter, transfer.sink

    def run(self) -> Steps:
        """The place that the answer sends on to, "" if it does not. Raises Failure."""
        yield from self._send()
        head = yield from self._head()
        self.transfer.mark("starttransfer")
        place = self._judge(head)
        bodiless = self.transfer.method == "HEAD" or self.facts.code in (204, 304)
        body = Body(self.kept.reader, head, empty=bodiless)
        self.transfer.expected = body.length
        length = head.get("Content-Length") or ""
        self.meter.size = int(length) if length.isdigit() else None
        yield from (self._swallow(body) if place else self._body(body))
        self._leave(head, body)
        return place

    def _send(self) -> Steps:
        head = request_head(self.transfer)
        lines = head.start, *(f"{name}: {value}" if value else f"{name}:" for name, value in head.fields), ""
        data = "".join(f"{line}\r\n" for line in lines).encode("utf-8", "surrogateescape")
        self.transfer.show(">", list(lines))
        self.facts.request_size += len(data)
        body = self.transfer.payload.data or b""
        waits = head.get("Expect") is not None
        try:
            self.kept.socket.send(data if waits else data + body)
            if waits and (yield from self._may_go_on()):
                self.kept.socket.send(body)
            self.transfer.show_data("}", len(body))
            self.meter.sent += len(body)
            yield self.kept.socket.drain()
        except OSError as failure:
            raise self.transfer.failed(SEND_ERROR, f"Send failure: {strerror(failure)}") from None

    def _may_go_on(self) -> Steps:
        """Whether to send the data: the server says 100 Continue, or nothing for a second."""
        if not (yield from self.transfer.process.poll([self.kept.socket], CONTINUE_WAIT)):
            self.transfer.note("Done waiting for 100-continue")
            return True
        return (yield from self.kept.reader.peek()).startswith(b"HTTP/1.1 100")

    def _head(self) -> Steps:
        """The head of the answer. Raises Failure."""
        while True:
            try:
                head = yield from self.kept.reader.head()
            except OSError as failure:
                raise self.transfer.failed(RECEIVE_ERROR, f"Recv failure: {strerror(failure)}") from None
            if head is None:
                raise self.transfer.failed(EMPTY_REPLY, self.transfer.words.empty_reply)
            try:
                self.facts.code = status_of(head)
            except Malformed:
                raise self.transfer.failed(UNSUPPORTED, "Received HTTP/0.9 when not allowed") from None
            self._tell_head(head)
            if self.facts.code >= 200:
                return head

    def _tell_head(self, head: Head) -> None:
        version = head.start.partition(" ")[0].removeprefix("HTTP/")
        if version == "1.0":
            self.transfer.note("HTTP 1.0, assume close after body")
        self.facts.version = version
        self.facts.head_size += len(head.to_bytes())
        self.facts.fields += len(head.fields)
        self.facts.content_type = head.get("Content-Type")
        self.transfer.show("<", [head.start, *(f"{name}: {value}" for name, value in head.fields), ""])
        self.sink.head(head)

    def _judge(self, head: Head) -> str:
        """What the status means: a failure with -f, a place to go on to, or nothing special."""
        code = self.facts.code
        if code >= 400 and self.transfer.settings.has("fail"):
            phrase = head.start.split(" ", 2)[-1] if head.start.count(" ") > 1 else ""
            raise Failure(HTTP_ERROR, self.transfer.words.http_error.format(code=code, phrase=phrase))
        place = head.get("Location") if code in REDIRECTIONS else None
        if place:
            try:
                self.facts.redirect_url = str(relative(self.transfer.url, place))
            except BadUrl:
                self.facts.redirect_url = place
        return place if place and self.transfer.settings.has("location") else ""

    def _body(self, body: Body) -> Steps:
        """Writes the body to its place. Raises Failure."""
        try:
            while data := (yield from body.part()):
                self.transfer.show_data("{", len(data))
                self.meter.received += len(data)
                self.sink.write(data)
                yield self.sink.drain()
                self.meter.tick()
        except Malformed:
            raise self.transfer.failed(RECEIVE_ERROR, "Malformed encoding found in chunked-encoding") from None
        except OSError as failure:
            raise self.transfer.failed(RECEIVE_ERROR, f"Recv failure: {strerror(failure)}") from None
        if body.left:
            raise self.transfer.failed(PARTIAL, f"transfer closed with {body.left} bytes remaining to read")

    def _swallow(self, body: Body) -> Steps:
        """Reads a redirection's body without showing it, if the connection can go on after it."""
        if body.length is not None or body.chunked:
            while (yield from body.part()):
                continue

    def _leave(self, head: Head, body: Body) -> None:
        """Keeps the connection for the next transfer, or closes it."""
        closes = "close" in (head.get("Connection") or "").lower() or self.facts.version == "1.0"
        endless = body.length is None and not body.chunked
        if closes or endless:
            self.transfer.session.drop(self.transfer, self.kept)
        else:
            self.transfer.note(f"Connection #{self.kept.number} to host {self.transfer.url.host} left intact")
            self.transfer.session.keep(self.kept)
