"""HTTP messages on a connection."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.clock import Steps
from simulator.kernel.process import Process
from simulator.userland.http_message import Body, Connection, Head, Malformed, status_of
from simulator.userland.http_server import unquote, within
from tests.userland.network import Site


def read(text: bytes, call: Any) -> Any:
    """What a generator function gives for a connection on which this text comes."""
    site, outcome = Site(), []
    site.say(text, read=False)

    def program(process: Process) -> Steps:
        socket = process.socket("inet", "stream")
        yield socket.connect("10.0.0.2", 81)
        try:
            outcome.append((yield from call(Connection(socket))))
        except Malformed as failure:
            outcome.append(str(failure))
        return 0

    site.run("a", program)
    return outcome[0]


def whole(connection: Connection) -> Steps:
    head = yield from connection.head()
    body, data = Body(connection, head), b""
    while part := (yield from body.part()):
        data += part
    return data, body.left


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\nall of it", (b"all of it", None)),
        (b"HTTP/1.1 200 OK\nContent-Length: 3\n\nabcdef", (b"abc", 0)),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", (b"abc", 6)),
        (
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nT: x\r\n\r\n",
            (b"abcde", None),
        ),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno", "a bad chunk"),
    ],
)
def test_bodies(text: bytes, expected: object) -> None:
    assert read(text, whole) == expected


def test_a_head_keeps_its_fields_in_order() -> None:
    head = read(b"GET / HTTP/1.1\r\nB: 1\r\nnonsense\r\nA:2\r\n\r\n", lambda connection: connection.head())
    assert (head.start, head.fields, head.get("a")) == ("GET / HTTP/1.1", [("B", "1"), ("A", "2")], "2")
    assert head.to_bytes() == b"GET / HTTP/1.1\r\nB: 1\r\nA: 2\r\n\r\n"


def test_an_empty_stream_has_no_head() -> None:
    assert read(b"", lambda connection: connection.head()) is None


@pytest.mark.parametrize("line", ["HTTP/1.1", "garbage", "HTTP/1.1 abc", "ICY 200 OK"])
def test_what_is_no_status_line(line: str) -> None:
    with pytest.raises(Malformed):
        status_of(Head(line))


@pytest.mark.parametrize(
    ("text", "decoded"), [("a%20b", "a b"), ("a+b", "a+b"), ("%zz", None), ("%4", None), ("%", None), ("%C3%BC", "ü")]
)
def test_escapes(text: str, decoded: str | None) -> None:
    assert unquote(text) == decoded


@pytest.mark.parametrize(
    ("path", "full"), [("/a", "/www/a"), ("/../../etc", "/www/etc"), ("//a/./b", "/www/a/b"), ("/", "/www/.")]
)
def test_no_path_leads_out_of_the_root(path: str, full: str) -> None:
    assert within("/www", path) in (full, full.removesuffix("."))
