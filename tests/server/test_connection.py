"""HTTP as bytes in and bytes out, without a socket."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.clock import Clock
from simulator.lab import Lab
from simulator.server.api import answer, identity
from simulator.server.connection import BODY_LIMIT, Connection
from simulator.server.exchange import Exchange
from simulator.server.request import Request

CHUNKED = b"POST /auth HTTP/1.1\r\nHost: docker\r\nTransfer-Encoding: chunked\r\n\r\n"
PING = b"GET /_ping HTTP/1.1\r\nHost: docker\r\n\r\n"


class Service:
    """An engine behind a connection, and its time."""

    def __init__(self) -> None:
        self.lab = Lab()
        self.clock: Clock = self.lab.clock
        self.headers = identity(self.lab.engine)

    def changed(self) -> None:
        """Nobody moves time here."""

    def answer(self, exchange: Exchange, request: Request) -> None:
        exchange.play(answer(self.lab.engine, request))

    def connection(self, hosts: frozenset[str] | None = None) -> Connection:
        return Connection(self, lambda _: None, hosts)


@pytest.fixture(scope="module")
def service() -> Service:
    return Service()


def said(connection: Connection, data: bytes) -> bytes:
    connection.receive(data)
    sent = bytes(connection.output)
    connection.output.clear()
    return sent


def test_the_head_is_that_of_the_engine(service: Service) -> None:
    head, _, body = said(service.connection(), PING).partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "HTTP/1.1 200 OK"
    assert {"Api-Version: 1.41", "Docker-Experimental: false", "Ostype: linux", "Pragma: no-cache"} < set(lines)
    assert "Server: Docker/20.10.24+dfsg1 (linux)" in lines
    assert "Content-Length: 2" in lines
    assert body == b"OK"


def test_requests_follow_each_other_on_one_connection(service: Service) -> None:
    connection = service.connection()
    assert said(connection, PING) == said(connection, PING)
    assert said(connection, PING * 3).count(b"200 OK") == 3
    assert not connection.closing


def test_a_request_may_come_byte_by_byte(service: Service) -> None:
    connection = service.connection()
    sent = b"".join(said(connection, PING[index : index + 1]) for index in range(len(PING)))
    assert sent.endswith(b"OK")
    assert not connection.partial


def test_a_body_may_be_chunked(service: Service) -> None:
    head = b"POST /volumes/create HTTP/1.1\r\nHost: docker\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert b'"Name":"chunky"' in said(service.connection(), head + b'4\r\n{"Na\r\ne\r\nme": "chunky"}\r\n0\r\n\r\n')


def test_a_head_has_no_body_whatever_comes(service: Service) -> None:
    connection = service.connection()
    sent = said(connection, b"HEAD /containers/ghost/archive?path=/x HTTP/1.1\r\nHost: docker\r\n\r\n")
    assert sent.startswith(b"HTTP/1.1 404 ") and sent.endswith(b"\r\n\r\n")
    assert said(connection, PING).endswith(b"OK")


def test_who_waits_for_leave_to_send_gets_it(service: Service) -> None:
    head = b"POST /volumes/create HTTP/1.1\r\nHost: docker\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
    assert said(service.connection(), head).startswith(b"HTTP/1.1 100 Continue\r\n")


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"400"),
        (b"GET / HTTX/1.1\r\n\r\n", b"400"),
        (b"GET /_ping HTTP/1.1\r\n\r\n", b"400"),
        (b"GET /_ping HTTP/1.1\r\nHost: docker\r\nContent-Length: -1\r\n\r\n", b"400"),
        (b"GET /_ping HTTP/1.1\r\nHost: docker\r\n" + b"X: y\r\n" * 300 + b"\r\n", b"431"),
        (b"GET /" + b"x" * 100_000, b"431"),
        (b"GET /containers/%zz/json HTTP/1.1\r\nHost: docker\r\n\r\n", b"400"),
        (b"GET /_ping HTTP/1.1\r\nHost: docker\r\nHost: other\r\n\r\n", b"400"),
        (b"POST /auth HTTP/1.1\r\nHost: docker\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", b"400"),
        (CHUNKED + b"zz\r\n", b"400"),
        (CHUNKED + b"1;" + b"x" * 100_000, b"431"),
        (CHUNKED + b"1" * 30 + b"\r\n", b"400"),
        (CHUNKED + b"0\r\n" + b"x" * 100_000, b"431"),
        (b"POST /auth HTTP/1.1\r\nHost: docker\r\nContent-Length: 99999999\r\n\r\n" + b"x" * (BODY_LIMIT + 1), b"413"),
    ],
)
def test_what_is_no_request_is_refused_and_ends_the_connection(service: Service, data: bytes, status: bytes) -> None:
    connection = service.connection()
    assert said(connection, data).startswith(b"HTTP/1.1 " + status)
    assert connection.closing


@pytest.mark.parametrize(
    ("data", "status", "closing"),
    [
        (b"GET /_ping HTTP/1.0\r\n\r\n", b"200", True),
        (b"GET http://docker/_ping HTTP/1.1\r\nHost: docker\r\n\r\n", b"200", False),
        (b"GET /containers/%67host/json HTTP/1.1\r\nHost: docker\r\n\r\n", b"404", False),
        (b"GET /containers/%ff/json HTTP/1.1\r\nHost: docker\r\n\r\n", b"404", False),
        (b"GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n", b"200", True),
    ],
)
def test_odd_but_good_requests_are_answered(service: Service, data: bytes, status: bytes, closing: bool) -> None:
    connection = service.connection()
    assert said(connection, data)[9:12] == status
    assert connection.closing is closing


def test_the_rest_of_a_request_is_not_waited_for_for_ever(service: Service) -> None:
    connection = service.connection()
    assert said(connection, PING[:20]) == b""
    assert connection.partial
    connection.expire()
    assert bytes(connection.output).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (b"Host: 127.0.0.1:2375", b"200"),
        (b"Host: [::1]:2375", b"200"),
        (b"Host: localhost", b"200"),
        (b"Host: ", b"200"),
        (b"Host: 192.168.1.5:2375", b"200"),
        (b"Host: evil.example", b"403"),
        (b"Host: localhost\r\nSec-Fetch-Site: cross-site", b"403"),
        (b"Host: localhost\r\nOrigin: http://localhost", b"403"),
        (b"Host: localhost\r\nOrigin: null", b"403"),
    ],
)
def test_a_web_page_cannot_speak_to_a_tcp_port(service: Service, header: bytes, status: bytes) -> None:
    connection = service.connection(frozenset({"127.0.0.1"}))
    assert said(connection, b"GET /_ping HTTP/1.1\r\n" + header + b"\r\n\r\n")[9:12] == status


def test_a_client_takes_the_connection_over() -> None:
    service = Service()
    service.lab.run("docker create --name box -i alpine cat")
    connection = service.connection()
    upgrade = b"Host: \r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 0\r\n\r\n"
    sent = said(
        connection, b"POST /containers/box/attach?stream=1&stdin=1&stdout=1 HTTP/1.1\r\n" + upgrade + b"typed\n"
    )
    assert sent == (
        b"HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\n"
        b"Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
    )
    service.lab.run("docker start box")
    connection.receive(b"")
    service.lab.run("docker wait box")
    assert bytes(connection.output) == b"\x01\x00\x00\x00\x00\x00\x00\x06typed\n"
    assert connection.closing


def test_a_client_that_sends_no_more_still_gets_what_was_said_last() -> None:
    service = Service()
    service.lab.run("docker run -d --name box alpine sleep 1000")
    created = service.lab.engine.exec_create("box", {"Cmd": ["echo", "hi"], "AttachStdout": True})
    connection = service.connection()
    body = b"Upgrade: tcp\r\nConnection: Upgrade\r\nContent-Length: 2\r\n\r\n{}"
    connection.receive(b"POST /exec/%s/start HTTP/1.1\r\nHost: \r\n" % created["Id"].encode() + body)
    service.lab.run("sleep 1")
    connection.receive(b"")
    assert connection.closing
    assert bytes(connection.output).endswith(b"hi\n")


def test_a_refused_attach_is_told_in_plain_text(service: Service) -> None:
    upgrade = b"Host: \r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 0\r\n\r\n"
    sent = said(service.connection(), b"POST /containers/ghost/attach?stream=1 HTTP/1.1\r\n" + upgrade)
    assert sent.startswith(b"HTTP/1.1 404 Not Found\r\n")
    assert sent.endswith(b"\r\n\r\nNo such container: ghost\r\n")


def test_a_client_that_vanishes_leaves_nothing(service: Service) -> None:
    connection = service.connection()
    assert said(connection, b"GET /events HTTP/1.1\r\nHost: docker\r\n\r\n").startswith(b"HTTP/1.1 200 OK")
    exchange = connection.exchange
    connection.receive(b"")
    assert exchange is not None and exchange.finished
    assert connection.closing


PIECES = [
    b"GET ",
    b"POST ",
    b"HEAD ",
    b"/_ping",
    b"/v1.41",
    b"/containers/json",
    b"/events",
    b"/exec/x/start",
    b"/%00%ff",
]
PIECES += [
    b" HTTP/1.1\r\n",
    b"Host: docker\r\n",
    b"Content-Length: 2\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"\r\n",
    b"{}",
]
PIECES += [b"Upgrade: tcp\r\n", b"Connection: Upgrade\r\n", b"?filters=[", b"?limit=%20", b"0\r\n\r\n", b"\x00", PING]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=20)), max_size=20), st.booleans())
def test_whatever_bytes_come_the_connection_answers_or_ends(service: Service, pieces: list[bytes], whole: bool) -> None:
    connection = service.connection()
    for data in [b"".join(pieces)] if whole else pieces:
        if data and not connection.closing:
            connection.receive(data)
    connection.receive(b"")
    connection.expire()
    assert connection.closing


def test_logs_say_nothing_of_their_kind(service: Service) -> None:
    service.lab.run("docker run --name speaker alpine echo word")
    sent = said(service.connection(), b"GET /containers/speaker/logs?stdout=1 HTTP/1.1\r\nHost: docker\r\n\r\n")
    head, _, body = sent.partition(b"\r\n\r\n")
    assert b"Transfer-Encoding: chunked" in head and b"Content-Type" not in head
    assert body == b"d\r\n\x01\0\0\0\0\0\0\x05word\n\r\n0\r\n\r\n"
