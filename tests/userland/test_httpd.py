"""busybox httpd."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.clock import MS, S
from simulator.kernel.process import Process
from simulator.userland.httpd import httpd
from tests.userland.network import PAGE, Site

NOT_FOUND = (
    "<HTML><HEAD><TITLE>404 Not Found</TITLE></HEAD>\n<BODY><H1>404 Not Found</H1>\n"
    "The requested URL was not found\n</BODY></HTML>\n"
)


def say(site: Site, text: str) -> tuple[list[str], str]:
    """What the server answers to these bytes: the lines of the head, and the body."""
    socket: Any = site.socket("a")
    site.until(socket.connect("10.0.0.2", 80))
    socket.send(text.encode())
    answer = b""
    while data := site.until(socket.recv()):
        answer += data
    socket.close()
    head, _, body = answer.decode().partition("\r\n\r\n")
    return head.split("\r\n"), body


def get(site: Site, path: str, *fields: str) -> tuple[list[str], str]:
    return say(site, "".join(f"{line}\r\n" for line in (f"GET {path} HTTP/1.1", *fields, "")))


@pytest.fixture(scope="module")
def site() -> Site:
    site = Site()
    disk = site.machines["b"].disk
    disk.make_directory("/var/www/sub")
    disk.make_directory("/var/www/dir")
    disk.write("/var/www/dir/index.html", "dir\n")
    disk.write("/var/www/a b.TXT", "a b\n")
    disk.write("/var/www/data", "data\n")
    disk.write("/etc/secret", "secret\n")
    site.web()
    return site


def test_a_file_comes_with_its_head(site: Site) -> None:
    lines, body = get(site, "/")
    assert body == PAGE
    assert lines == [
        "HTTP/1.1 200 OK",
        "Date: Wed, 01 Mar 2023 09:00:05 GMT",
        "Connection: close",
        "Content-type: text/html",
        "Accept-Ranges: bytes",
        "Last-Modified: Wed, 01 Mar 2023 09:00:05 GMT",
        'ETag: "63ff1415-2d"',
        "Content-Length: 45",
    ]


@pytest.mark.parametrize(
    ("request_line", "status", "body"),
    [
        ("GET /nosuch HTTP/1.1", "404 Not Found", NOT_FOUND),
        ("GET /sub/ HTTP/1.1", "404 Not Found", NOT_FOUND),
        ("GET /dir/ HTTP/1.1", "200 OK", "dir\n"),
        ("GET //dir/../index.html?q HTTP/1.1", "200 OK", PAGE),
        ("GET /a%20b.TXT HTTP/1.0", "200 OK", "a b\n"),
        ("HEAD / HTTP/1.0", "200 OK", PAGE),
        ("GET /../etc/secret HTTP/1.0", "400 Bad Request", None),
        ("GET /%2e%2e/etc/secret HTTP/1.0", "400 Bad Request", None),
        ("GET /%zz HTTP/1.0", "400 Bad Request", None),
        ("GET /%00 HTTP/1.0", "400 Bad Request", None),
        ("GET index.html HTTP/1.0", "400 Bad Request", None),
        ("GET /", "400 Bad Request", None),
        ("garbage", "400 Bad Request", None),
        ("POST / HTTP/1.0", "501 Not Implemented", None),
        ("PUT / HTTP/1.0", "501 Not Implemented", None),
    ],
)
def test_requests(site: Site, request_line: str, status: str, body: str | None) -> None:
    lines, got = say(site, f"{request_line}\r\n\r\n")
    assert lines[0] == f"HTTP/1.1 {status}"
    assert body is None or got == body


def test_a_folder_without_its_slash_is_elsewhere(site: Site) -> None:
    lines, body = get(site, "/sub?x=1")
    assert (lines[0], lines[-1], body) == ("HTTP/1.1 302 Found", "Location: /sub/?x=1", "")


@pytest.mark.parametrize(
    ("asked", "status", "body"),
    [
        ("bytes=3-7", "206 Partial Content", PAGE[3:8]),
        ("bytes=40-", "206 Partial Content", PAGE[40:]),
        ("bytes=100-", "200 OK", PAGE),
        ("bytes=-5", "200 OK", PAGE),
        ("lines=1-2", "200 OK", PAGE),
    ],
)
def test_ranges(site: Site, asked: str, status: str, body: str) -> None:
    lines, got = get(site, "/", f"Range: {asked}")
    assert (lines[0], got) == (f"HTTP/1.1 {status}", body)
    if "206" in status:
        assert any(line.startswith("Content-Range: bytes ") for line in lines)


def test_a_file_that_the_client_has_is_not_sent_again(site: Site) -> None:
    lines, body = get(site, "/", 'If-None-Match: "63ff1415-2d"')
    assert (lines[0], body) == ("HTTP/1.1 304 Not Modified", "")


@pytest.mark.parametrize(("path", "kind"), [("/a%20b.TXT", "Content-type: text/plain"), ("/data", None)])
def test_types_are_told_by_the_ending(site: Site, path: str, kind: str | None) -> None:
    lines, _ = get(site, path)
    assert [line for line in lines if line.startswith("Content-type")] == ([kind] if kind else [])


def test_a_client_that_says_nothing_gets_nothing(site: Site) -> None:
    assert say(site, "\r\n\r\n") == ([""], "")


def test_two_are_served_at_once() -> None:
    site = Site()
    site.web()
    slow: Any = site.socket("a")
    site.until(slow.connect("10.0.0.2", 80))
    assert get(site, "/")[1] == PAGE
    slow.send(b"GET / HTTP/1.0\r\n\r\n")
    assert PAGE.encode() in site.until(slow.recv()) + site.until(slow.recv())


def test_a_taken_port_is_refused() -> None:
    site = Site()
    site.web()
    assert site.run("b", httpd, "httpd", "-h", "/var/www") == ("", "httpd: bind: Address already in use\n", 1)


def test_without_f_it_goes_on_in_the_background() -> None:
    site = Site()
    assert site.run("b", httpd, "httpd", "-p", "10.0.0.2:80", "-h", "/var/www") == ("", "", 0)
    site.advance(1 * MS)
    assert get(site, "/")[1] == PAGE
    row = next(row for row in site.machines["b"].netns.sockets.list() if row.state == "LISTEN")
    assert (row.program, row.local, row.backlog) == ("httpd", ("10.0.0.2", 80), 9)
    assert row.pid in site.machines["b"].processes


def test_it_speaks_ipv4_on_an_ipv6_socket() -> None:
    site = Site()
    site.web()
    get(site, "/")
    site.advance(1 * MS)
    rows = site.machines["b"].netns.sockets.list()
    assert [row.local for row in rows if row.state == "LISTEN"] == [("::", 80)]
    assert [row.local for row in rows if row.state == "TIME_WAIT"] == [("::ffff:10.0.0.2", 80)]


def test_it_tells_what_it_does_if_asked() -> None:
    site = Site()
    server = site.serve(httpd, "httpd", "-f", "-vv", "-h", "/var/www")
    get(site, "/nosuch")
    site.advance(1 * S)
    text = _errors(server)
    assert text.count("]:") == 2
    assert "url:/nosuch\n" in text and "response:404\n" in text and text.startswith("[::ffff:10.0.0.1]:")


def _errors(process: Process) -> str:
    written: bytearray = process.stderr.written  # type: ignore[attr-defined]
    return bytes(written).decode()


@pytest.mark.parametrize(
    ("words", "out", "err", "status"),
    [
        (["-h", "/nosuch"], "", "httpd: can't change directory to '/nosuch': No such file or directory\n", 1),
        (["-p", "x"], "", "httpd: bad port 'x'\n", 1),
        (["-e", "a<b"], "a&#60;b", "", 0),
        (["-d", "a%20b"], "a b", "", 0),
        (["-i"], "", "httpd: docklab does not simulate the options -i, -r, -c and -m\n", 1),
    ],
)
def test_options(words: list[str], out: str, err: str, status: int) -> None:
    assert Site().run("b", httpd, "httpd", *words) == (out, err, status)


@pytest.mark.parametrize(("words", "status"), [(["-z"], 1), (["--help"], 0)])
def test_help(words: list[str], status: int) -> None:
    _, err, code = Site().run("b", httpd, "httpd", *words)
    assert code == status and "Usage: httpd [-ifv[v]]" in err
