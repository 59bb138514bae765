"""HTTP/1.x messages on a connection: the head line by line, bodies by length, in chunks, or to the end. RFC 9112."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct, field

from simulator.clock import Steps

MAX_HEAD = 65536  # bytes

REASONS = {
    100: "Continue", 200: "OK", 201: "Created", 204: "No Content", 206: "Partial Content", 301: "Moved Permanently",
    302: "Found", 303: "See Other", 304: "Not Modified", 307: "Temporary Redirect", 308: "Permanent Redirect",
    400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
    408: "Request Timeout", 416: "Range Not Satisfiable", 500: "Internal Server Error", 501: "Not Implemented",
    502: "Bad Gateway", 503: "Service Unavailable", 505: "HTTP Version Not Supported",
}  # fmt: skip


class Head(Struct):
    """The first line of a message and its header fields, in order."""

    start: str
    fields: list[tuple[str, str]] = field(default_factory=list)

    def get(self, name: str) -> str | None:
        """The value of the first field of this name."""
        return next((value for key, value in self.fields if key.lower() == name.lower()), None)

    def to_bytes(self) -> bytes:
        lines = [self.start, *(f"{name}: {value}" for name, value in self.fields), "", ""]
        return "\r\n".join(lines).encode("utf-8", "surrogateescape")


class Malformed(Exception):
    """What came is no HTTP."""


class Connection:
    """Reads messages from a connected socket."""

    def __init__(self, socket: Any) -> None:
        self.socket = socket
        self._rest = b""
        self._ended = False
        self.received = 0

    def line(self) -> Steps:
        """The next line without its end; None at the end of the stream. Raises Malformed if it is endless."""
        while b"\n" not in self._rest:
            if len(self._rest) > MAX_HEAD:
                raise Malformed("a line without end")
            if not (yield from self._more()):
                return None
        line, _, self._rest = self._rest.partition(b"\n")
        return line.removesuffix(b"\r").decode("utf-8", "surrogateescape")

    def head(self) -> Steps:
        """The head of the next message; None if the stream ends before its first line."""
        start = yield from self.line()
        if start is None:
            return None
        head = Head(start)
        while line := (yield from self.line()):
            name, colon, value = line.partition(":")
            if colon:
                head.fields.append((name.strip(), value.strip()))
        return head

    def some(self, size: int = 65536) -> Steps:
        """Bytes as they come, b"" at the end of the stream."""
        if not self._rest and not (yield from self._more()):
            return b""
        data, self._rest = self._rest[:size], self._rest[size:]
        return data

    def exactly(self, size: int) -> Steps:
        """So many bytes, or fewer if the stream ends."""
        while len(self._rest) < size:
            if not (yield from self._more()):
                break
        data, self._rest = self._rest[:size], self._rest[size:]
        return data

    def peek(self) -> Steps:
        """What is here and not taken; waits if that is nothing."""
        if not self._rest:
            yield from self._more()
        return self._rest

    def _more(self) -> Steps:
        if self._ended:
            return False
        data = yield self.socket.recv()
        self._ended = not data
        self._rest += data
        self.received += len(data)
        return bool(data)


class Body:
    """The body of an answer, part by part."""

    def __init__(self, connection: Connection, head: Head, *, empty: bool = False) -> None:
        self._connection = connection
        length = head.get("Content-Length")
        self.chunked = (head.get("Transfer-Encoding") or "").lower() == "chunked"
        self.length = 0 if empty else int(length) if length and length.isdigit() and not self.chunked else None
        self.left = self.length
        self._ended = empty

    def part(self) -> Steps:
        """The next bytes, b"" at the end. `left` is more than 0 if the stream ended too early."""
        if self._ended:
            return b""
        if self.chunked:
            return (yield from self._chunk())
        if self.left == 0:
            return b""
        data = yield from self._connection.some(self.left or 65536)
        if self.left is not None:
            self.left -= len(data)
        return data

    def _chunk(self) -> Steps:
        line = yield from self._connection.line()
        try:
            size = int((line or "").split(";")[0], 16)
        except ValueError:
            raise Malformed("a bad chunk") from None
        data = yield from self._connection.exactly(size)
        while line := (yield from self._connection.line()) if size == 0 else "":
            continue
        if size:
            yield from self._connection.line()
        self._ended = size == 0
        return data


def status_of(head: Head) -> int:
    """The status code of an answer's head. Raises Malformed."""
    version, _, rest = head.start.partition(" ")
    code = rest.split(" ")[0]
    if not version.startswith("HTTP/") or not code.isdigit():
        raise Malformed(head.start)
    return int(code)


def status_line(code: int, version: str = "HTTP/1.1") -> str:
    return f"{version} {code} {REASONS.get(code, 'Unknown')}"


def fields_text(fields: Iterable[tuple[str, str]]) -> str:
    return "".join(f"{name}: {value}\r\n" for name, value in fields)
