"""busybox wget, against busybox httpd and worse servers."""

from __future__ import annotations

import pytest

from simulator.clock import S, Steps
from simulator.kernel.packet import Tcp
from simulator.kernel.process import Process
from simulator.kernel.running import Program
from simulator.userland.wget import wget
from tests.userland.network import PAGE, Site


def run(site: Site, *words: str) -> tuple[str, str, int]:
    return site.run("a", wget, "wget", *words)


def saying(text: bytes) -> Program:
    """A server that says this to whoever asks on port 81, and keeps what it was asked at /asked."""

    def program(process: Process) -> Steps:
        listener = process.socket("inet", "stream")
        listener.bind("", 81)
        listener.listen(1)
        connection = yield listener.accept()
        process.disk.write("/asked", (yield connection.recv()))
        if text:
            connection.send(text)
        return 0

    return program


def test_quietly_to_standard_output() -> None:
    site = Site()
    site.web()
    assert run(site, "-qO-", "web") == (PAGE, "", 0)


def test_the_request_has_the_size_of_a_real_one() -> None:
    site = Site()
    site.web()
    run(site, "-qO-", "10.0.0.2:80")
    sent = [packet.l4.data for packet in site.packets if isinstance(packet.l4, Tcp) and packet.l4.dport == 80]
    assert b"".join(sent) == b"GET / HTTP/1.1\r\nHost: 10.0.0.2:80\r\nUser-Agent: Wget\r\nConnection: close\r\n\r\n"


def test_to_a_file_with_a_bar() -> None:
    site = Site()
    site.web()
    bar = "index.html           100% |********************************|    45  0:00:00 ETA\n"
    assert run(site, "web") == (
        "",
        f"Connecting to web (10.0.0.2:80)\nsaving to 'index.html'\n{bar}'index.html' saved\n",
        0,
    )
    assert site.machines["a"].disk.read("/index.html").decode() == PAGE
    assert run(site, "web")[1:] == (
        "Connecting to web (10.0.0.2:80)\nwget: can't open 'index.html': File exists\n",
        1,
    )


def test_the_server_s_response_can_be_shown() -> None:
    site = Site()
    site.web()
    _, err, _ = run(site, "-S", "-O-", "web")
    lines = err.splitlines()
    assert lines[1] == "  HTTP/1.1 200 OK"
    assert lines[-5:-3] == ["  Content-Length: 45", "  "]


@pytest.mark.parametrize(
    ("words", "err", "status"),
    [
        (["-q", "--spider", "web"], "", 0),
        (["--spider", "web"], "Connecting to web (10.0.0.2:80)\nremote file exists\n", 0),
        (["-q", "--spider", "web/nosuch"], "wget: server returned error: HTTP/1.1 404 Not Found\n", 1),
        (["-qO-", "web:8080"], "wget: can't connect to remote host (10.0.0.2): Connection refused\n", 1),
        (["-qO-", "nosuch"], "wget: bad address 'nosuch'\n", 1),
        (["-O-", "nosuch:81"], "wget: bad address 'nosuch:81'\n", 1),
        (["-qO-", "http://[::1]/"], "wget: can't connect to remote host: Connection refused\n", 1),
        (["-qO-", "10.0.0.77"], "wget: can't connect to remote host (10.0.0.77): No route to host\n", 1),
        (["-O-", "http://web:99999"], "wget: bad port '99999'\n", 1),
        (["-O-", "http://"], "wget: bad address ''\n", 1),
        (["foo://web"], "wget: not an http or ftp url: foo://web\n", 1),
        (["-qO", "/no/such/x", "web"], "wget: can't open '/no/such/x': No such file or directory\n", 1),
        (["-q", "-T", "2", "10.0.0.77"], "wget: download timed out\n", 1),
        (["-T", "x", "web"], "wget: invalid number 'x'\n", 1),
    ],
)
def test_outcomes(words: list[str], err: str, status: int) -> None:
    site = Site()
    site.web()
    assert run(site, *words) == ("", err, status)


def test_a_redirection_is_followed() -> None:
    site = Site()
    site.machines["b"].disk.make_directory("/var/www/sub")
    site.machines["b"].disk.write("/var/www/sub/index.html", "idx\n")
    site.web()
    out, err, status = run(site, "-O-", "web/sub")
    assert (out, err.count("Connecting"), status) == ("idx\n", 1, 0)


def test_to_another_server_as_well() -> None:
    site = Site()
    site.web()
    site.serve(saying(b"HTTP/1.1 301 Moved\r\nLocation: http://web/index.html\r\n\r\n"))
    out, err, status = run(site, "-O-", "web:81")
    assert (out, status) == (PAGE, 0)
    assert err.startswith("Connecting to web:81 (10.0.0.2:81)\nConnecting to web (10.0.0.2:80)\n")


@pytest.mark.parametrize(
    ("text", "out", "err"),
    [
        (b"HTTP/1.0 200 OK\r\n\r\nabc", "abc", ""),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", "abc", ""),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef", "abc", ""),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 9\r\n\r\nabc", "abc", "wget: connection closed prematurely\n"),
        (b"garbage\r\n\r\n", "", "wget: error getting response: No such file or directory\n"),
        (b"", "", "wget: error getting response: No such file or directory\n"),
        (b"HTTP/1.1 302 Found\r\n\r\n", "", "wget: bad redirection (no Location: header)\n"),
    ],
)
def test_servers_of_all_kinds(text: bytes, out: str, err: str) -> None:
    site = Site()
    site.serve(saying(text))
    assert run(site, "-qO-", "web:81") == (out, err, 1 if err else 0)


def test_headers_user_and_data_are_sent() -> None:
    site = Site()
    site.serve(saying(b"HTTP/1.0 200 OK\r\n\r\n"))
    run(site, "-q", "--post-data", "x=y", "--header", "B: c", "http://a:b@web:81/z")
    assert site.machines["b"].disk.read("/asked").decode() == (
        "POST /z HTTP/1.1\r\nHost: web:81\r\nUser-Agent: Wget\r\nConnection: close\r\nAuthorization: Basic YTpi\r\n"
        "B: c\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\nx=y"
    )


def test_a_large_file_arrives_whole_and_its_bar_counts_kilobytes() -> None:
    site = Site()
    data = bytes(range(256)) * 2000
    site.machines["b"].disk.write("/var/www/big", data)
    site.web()
    _, err, status = run(site, "-O", "/tmp/big", "web/big")
    assert "|  500k  0:00:00 ETA" in err and status == 0
    assert site.machines["a"].disk.read("/tmp/big") == data


def test_a_server_that_says_nothing_is_left_after_the_timeout() -> None:
    site = Site()

    def silent(process: Process) -> Steps:
        listener = process.socket("inet", "stream")
        listener.bind("", 81)
        listener.listen(1)
        yield process.sleep(100 * S)

    site.serve(silent)
    before = site.clock.now
    assert run(site, "-qO-", "-T", "3", "web:81") == ("", "wget: download timed out\n", 1)
    assert 3 * S <= site.clock.now - before < 4 * S


@pytest.mark.parametrize(("words", "status"), [([], 1), (["--bogus", "web"], 1), (["--help"], 0), (["--header"], 1)])
def test_help(words: list[str], status: int) -> None:
    out, err, code = run(Site(), *words)
    assert (out, code) == ("", status)
    assert "Usage: wget [-cqS] [--spider]" in err
