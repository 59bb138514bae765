"""The curl command, against busybox httpd and worse servers."""

from __future__ import annotations

import re

import pytest

from simulator.clock import MS, S
from simulator.kernel.packet import Flag, Tcp
from simulator.userland.curl import curl
from simulator.userland.curl.words import SEE_HELP
from simulator.userland.outside import outside_web
from tests.userland.network import PAGE, Site

HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello\n"


def run(site: Site, *words: str, stdin: bytes = b"") -> tuple[str, str, int]:
    return site.run("a", curl, "curl", *words, stdin=stdin)


def test_a_page() -> None:
    site = Site()
    site.web()
    assert run(site, "-s", "10.0.0.2") == (PAGE, "", 0)


@pytest.mark.parametrize(("url", "size"), [("10.0.0.2", 72), ("10.0.0.2:80", 72), ("http://10.0.0.2/nosuch", 78)])
def test_the_request_has_the_size_of_a_real_one(url: str, size: int) -> None:
    site = Site()
    site.web()
    run(site, "-s", url)
    assert (
        sum(len(packet.l4.data) for packet in site.packets if isinstance(packet.l4, Tcp) and packet.l4.dport == 80)
        == size
    )


@pytest.mark.parametrize(
    ("words", "text", "status"),
    [
        (["web:81"], "curl: (7) Failed to connect to web port 81 after 0 ms: Couldn't connect to server\n", 7),
        (
            ["localhost:81"],
            "curl: (7) Failed to connect to localhost port 81 after 0 ms: Couldn't connect to server\n",
            7,
        ),
        (["8.8.8.8"], "curl: (7) Failed to connect to 8.8.8.8 port 80 after 0 ms: Couldn't connect to server\n", 7),
        (["nosuch"], "curl: (6) Could not resolve host: nosuch\n", 6),
        (["-6", "10.0.0.2"], "curl: (7) Couldn't connect to server\n", 7),
        (["-m", "1", "10.0.0.9"], "curl: (28) Connection timed out after 1000 milliseconds\n", 28),
        (
            ["--connect-timeout", "0.5", "10.0.0.9"],
            "curl: (28) Failed to connect to 10.0.0.9 port 80 after 500 ms: Timeout was reached\n",
            28,
        ),
        (["http://"], "curl: (3) URL using bad/illegal format or missing URL\n", 3),
        (["web:99999"], "curl: (3) URL using bad/illegal format or missing URL\n", 3),
        (["http://[bad"], "curl: (3) bad range in URL position 9:\nhttp://[bad\n        ^\n", 3),
        (["foo://x"], 'curl: (1) Protocol "foo" not supported or disabled in libcurl\n', 1),
        (["ftp://web"], "curl: (7) Failed to connect to web port 21 after 0 ms: Couldn't connect to server\n", 7),
        (["ftp://web:80"], "curl: (1) docklab does not simulate ftp\n", 1),
        (["file:///nosuch"], "curl: (37) Couldn't open file /nosuch\n", 37),
        (["https://web:80"], "curl: (35) docklab does not simulate TLS\n", 35),
        (["-f", "web/x"], "curl: (22) The requested URL returned error: 404\n", 22),
        (["--interface", "eth7", "web"], "curl: (45) Couldn't bind to 'eth7'\n", 45),
    ],
)
def test_failures(words: list[str], text: str, status: int) -> None:
    site = Site()
    site.web()
    assert run(site, "-sS", *words) == ("", text, status)
    assert run(site, "-s", *words) == ("", "", status)


def test_a_host_that_is_not_there_takes_three_seconds() -> None:
    _, err, status = run(Site(), "-sS", "10.0.0.9")
    assert re.fullmatch(
        r"curl: \(7\) Failed to connect to 10.0.0.9 port 80 after 30\d\d ms: Couldn't connect .*\n", err
    )
    assert status == 7


@pytest.mark.parametrize(
    ("answer", "out", "text", "status"),
    [
        (b"", "", "curl: (52) Empty reply from server\n", 52),
        (b"garbage\r\n\r\n", "", "curl: (1) Received HTTP/0.9 when not allowed\n", 1),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
            "abc",
            "curl: (18) transfer closed with 7 bytes remaining to read\n",
            18,
        ),
        (b"HTTP/1.0 200 OK\r\n\r\nabc", "abc", "", 0),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabc\n\r\n0\r\n\r\n", "abc\n", "", 0),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "",
            "curl: (56) Malformed encoding found in chunked-encoding\n",
            56,
        ),
        (b"HTTP/1.1 204 No Content\r\n\r\n", "", "", 0),
        (b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 3\r\n\r\nxyz", "xyz", "", 0),
    ],
)
def test_servers_of_all_kinds(answer: bytes, out: str, text: str, status: int) -> None:
    site = Site()
    site.say(answer)
    assert run(site, "-sS", "web:81") == (out, text, status)


def test_a_reset_is_told() -> None:
    site = Site()
    site.say(b"", read=False)
    assert run(site, "-sS", "web:81") == ("", "curl: (56) Recv failure: Connection reset by peer\n", 56)


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (b"", "curl: (28) Operation timed out after 1000 milliseconds with 0 bytes received\n"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
            "curl: (28) Operation timed out after 1000 milliseconds with 3 out of 10 bytes received\n",
        ),
    ],
)
def test_a_server_that_stops_is_left_after_the_time_limit(answer: bytes, text: str) -> None:
    site = Site()
    site.say(answer, closes=False)
    _, err, status = run(site, "-sS", "-m", "1", "--connect-timeout", "0.2", "web:81")
    assert (err, status) == (text, 28)


def test_the_talk_can_be_followed() -> None:
    site = Site()
    site.web()
    _, err, _ = run(site, "-sv", "web/nosuch")
    assert err.replace("\r", "") == (
        "*   Trying 10.0.0.2:80...\n* Connected to web (10.0.0.2) port 80 (#0)\n"
        "> GET /nosuch HTTP/1.1\n> Host: web\n> User-Agent: curl/7.88.1\n> Accept: */*\n> \n"
        "< HTTP/1.1 404 Not Found\n< Date: Wed, 01 Mar 2023 09:00:05 GMT\n< Connection: close\n"
        "< Content-type: text/html\n< \n{ [124 bytes data]\n* Closing connection 0\n"
    )


def test_localhost_is_tried_by_ipv4_and_then_by_ipv6() -> None:
    _, err, _ = run(Site(), "-sv", "localhost:81")
    assert err == (
        "*   Trying 127.0.0.1:81...\n* connect to 127.0.0.1 port 81 failed: Connection refused\n"
        "*   Trying [::1]:81...\n* connect to ::1 port 81 failed: Connection refused\n"
        "* Failed to connect to localhost port 81 after 0 ms: Couldn't connect to server\n* Closing connection 0\n"
    )


@pytest.mark.parametrize(("option", "tried"), [("-4", "127.0.0.1"), ("-6", "[::1]")])
def test_one_family_alone(option: str, tried: str) -> None:
    _, err, _ = run(Site(), "-sv", option, "localhost:81")
    assert err.count("Trying") == 1 and f"Trying {tried}:81" in err


def test_the_other_family_begins_after_200_ms() -> None:
    site = Site()
    site.machines["a"].disk.write("/etc/hosts", "10.0.0.99 slow\n::1 slow\n")
    listener = site.socket("a", "inet6")
    listener.bind("::1", 81)
    listener.listen()
    before = site.clock.now
    client = site.spawn("a", curl, "curl", "-s", "-m", "1", "slow:81")
    site.advance(400 * MS)
    assert [row.peer[0] for row in site.machines["a"].netns.sockets.list() if row.pid] == ["::1"]
    site.until(client.exited)
    assert site.clock.now - before >= 1 * S


def test_a_version_of_centos_7_words_it_differently() -> None:
    site = Site(engine="18.09")
    _, err, status = run(site, "-sS", "localhost")
    assert (err, status) == ("curl: (7) Failed connect to localhost:80; Connection refused\n", 7)
    site.web()
    _, err, _ = run(site, "-sv", "web/x")
    assert err.replace("\r", "").startswith(
        "* About to connect() to web port 80 (#0)\n*   Trying 10.0.0.2...\n* Connected to web (10.0.0.2) port 80 (#0)\n"
        "> GET /x HTTP/1.1\n> User-Agent: curl/7.29.0\n> Host: web\n> Accept: */*\n> \n"
    )
    assert run(site, "-sSf", "web/x")[1] == "curl: (22) The requested URL returned error: 404 Not Found\n"
    assert run(site)[1] == f"curl: no URL specified!\n{SEE_HELP}\n"


def test_a_connection_is_used_again() -> None:
    site = Site()
    site.say(HELLO + HELLO, closes=False)
    out, err, status = run(site, "-sv", "web:81", "web:81")
    assert (out, status) == ("hello\n" * 2, 0)
    assert "* Re-using existing connection #0 with host web\n" in err
    assert sum(packet.l4.flags == Flag.SYN for packet in site.packets if isinstance(packet.l4, Tcp)) == 1


def test_redirections_are_followed_if_asked_for() -> None:
    site = Site()
    site.web()
    site.say(b"HTTP/1.1 302 Found\r\nLocation: http://web/index.html\r\nContent-Length: 2\r\n\r\nno")
    assert run(site, "-sL", "web:81") == (PAGE, "", 0)


def test_but_not_for_ever() -> None:
    site = Site()
    site.say(*[b"HTTP/1.1 302 Found\r\nLocation: /\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"] * 3)
    assert run(site, "-sSL", "--max-redirs", "2", "web:81")[1:] == ("curl: (47) Maximum (2) redirects followed\n", 47)


@pytest.mark.parametrize(
    ("words", "request_text"),
    [
        (["-I"], "HEAD / HTTP/1.1\r\nHost: web:81\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n\r\n"),
        (["-0"], "GET / HTTP/1.0\r\nHost: web:81\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n\r\n"),
        (["-X", "DELETE"], "DELETE / HTTP/1.1\r\nHost: web:81\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n\r\n"),
        (
            ["-H", "X: b", "-H", "Host: foo", "-A", "me", "-u", "a:b"],
            "GET / HTTP/1.1\r\nHost: foo\r\nAuthorization: Basic YTpi\r\nUser-Agent: me\r\nAccept: */*\r\nX: b\r\n\r\n",
        ),
        (
            [
                "-d",
                "a",
                "-d",
                "b",
                "--data-urlencode",
                "c= d&e",
                "-H",
                "Accept:",
                "-H",
                "E;",
                "-A",
                "",
                "-e",
                "r",
                "-b",
                "k=v",
            ],
            (
                "POST / HTTP/1.1\r\nHost: web:81\r\nReferer: r\r\nCookie: k=v\r\nE:\r\nContent-Length: 12\r\n"
                "Content-Type: application/x-www-form-urlencoded\r\n\r\na&b&c=+d%26e"
            ),
        ),
        (["-G", "-d", "a=b", "-r", "1-2", "-A", "x"], None),
        (
            ["--json", "{}"],
            (
                "POST / HTTP/1.1\r\nHost: web:81\r\nUser-Agent: curl/7.88.1\r\nContent-Type: application/json\r\n"
                "Accept: application/json\r\nContent-Length: 2\r\n\r\n{}"
            ),
        ),
    ],
)
def test_requests(words: list[str], request_text: str | None) -> None:
    site = Site()
    site.say(b"HTTP/1.0 200 OK\r\n\r\n")
    run(site, "-s", *words, "web:81")
    if request_text is None:
        request_text = "GET /?a=b HTTP/1.1\r\nHost: web:81\r\nRange: bytes=1-2\r\nUser-Agent: x\r\nAccept: */*\r\n\r\n"
    assert site.asked == request_text


def test_a_file_is_sent_after_the_server_has_agreed() -> None:
    site = Site()
    site.machines["a"].disk.write("/tmp/f", "file\n")
    site.say(b"HTTP/1.1 501 Not Implemented\r\nContent-Length: 0\r\n\r\n")
    run(site, "-s", "-T", "/tmp/f", "web:81/dir/")
    assert site.asked.startswith("PUT /dir/f HTTP/1.1\r\n")
    assert site.asked.endswith("Content-Length: 5\r\nExpect: 100-continue\r\n\r\n")


def test_data_can_come_from_files() -> None:
    site = Site()
    site.machines["a"].disk.write("/tmp/f", "x\ny\n")
    site.say(b"HTTP/1.0 200 OK\r\n\r\n")
    run(site, "-s", "-d", "@/tmp/f", "--data-binary", "@-", "web:81", stdin=b"z\n")
    assert site.asked.endswith("\r\n\r\nxy&z\n")


def test_files() -> None:
    site = Site()
    site.web()
    disk = site.machines["a"].disk
    assert run(site, "-s", "-o", "/tmp/one", "web", "web")[0] == PAGE
    assert disk.read("/tmp/one").decode() == PAGE
    run(site, "-s", "-O", "web/index.html")
    assert disk.read("/index.html").decode() == PAGE
    run(site, "-s", "--create-dirs", "-o", "/tmp/new/#1", "web/{index.html,nosuch}")
    assert disk.listdir("/tmp/new") == ["index.html", "nosuch"]
    assert run(site, "-sS", "-O", "web")[1:] == (
        "curl: Remote file name has no length!\ncurl: (23) Failed writing received data to disk/application\n",
        23,
    )
    assert run(site, "-sS", "-o", "/no/where", "web")[1:] == (
        (
            "Warning: Failed to open the file /no/where: No such file or directory\n"
            "curl: (23) Failure writing output to destination\n"
        ),
        23,
    )


def test_the_head_can_be_shown() -> None:
    site = Site()
    site.say(HELLO, HELLO)
    head = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n"
    assert run(site, "-si", "web:81")[0] == head + "hello\n"
    assert run(site, "-s", "-D", "-", "-o", "/tmp/x", "web:81")[0] == head


def test_what_was_is_written_out() -> None:
    site = Site()
    site.web()
    text = "%{http_code} %{size_download} %{remote_ip} %{url_effective} %{method}\\n%%%{stderr}e%{nonsense}"
    out, err, _ = run(site, "-s", "-o", "/tmp/x", "-w", text, "web")
    assert out == "200 45 10.0.0.2 http://web/ GET\n%"
    assert err == "ecurl: unknown --write-out variable: 'nonsense'\n"
    assert run(site, "-s", "-w", "%{http_code} %{exitcode}", "web:81") == ("000 7", "", 7)


def test_times_grow() -> None:
    site = Site()
    site.web()
    names = ("namelookup", "connect", "pretransfer", "starttransfer", "total")
    out, _, _ = run(site, "-s", "-o", "/tmp/x", "-w", " ".join(f"%{{time_{name}}}" for name in names), "web.test")
    times = [float(text) for text in out.split()]
    assert times == sorted(times) and times[0] > 0 and len(set(times)) >= 3


def test_the_meter_is_shown_unless_the_page_goes_to_a_terminal() -> None:
    site = Site()
    site.web()
    _, err, _ = run(site, "web")
    title, second, rest = err.split("\n", 2)
    assert title == "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current"
    assert second == "                                 Dload  Upload   Total   Spent    Left  Speed"
    first, last = rest.split("\r")[1:]
    assert first == "  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0"
    assert last.startswith("100    45  100    45    0     0 ")


def test_what_is_piped_comes_at_the_end() -> None:
    site = Site()
    site.say(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", closes=False)
    client = site.spawn("a", curl, "curl", "-s", "-m", "1", "web:81")
    out = client.stdout
    site.advance(500 * MS)
    assert bytes(out.written) == b""  # type: ignore[attr-defined]
    site.until(client.exited)
    assert bytes(out.written) == b"abc"  # type: ignore[attr-defined]


def test_unless_it_shall_not_be_buffered() -> None:
    site = Site()
    site.say(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", closes=False)
    client = site.spawn("a", curl, "curl", "-sN", "-m", "1", "web:81")
    out = client.stdout
    site.advance(500 * MS)
    assert bytes(out.written) == b"abc"  # type: ignore[attr-defined]


def test_retries() -> None:
    site = Site()
    site.say(b"HTTP/1.1 503 Busy\r\nContent-Length: 5\r\nConnection: close\r\n\r\nbusy\n", HELLO)
    assert run(site, "-s", "--retry", "2", "web:81") == (
        "busy\nhello\n",
        "Warning: Problem : HTTP error. Will retry in 1 seconds. 2 retries left.\n",
        0,
    )


def test_addresses_can_be_given() -> None:
    site = Site()
    site.web()
    assert run(site, "-s", "--resolve", "foo:80:10.0.0.2", "http://foo/") == (PAGE, "", 0)


def test_a_head_request_to_the_server_outside_is_unsupported() -> None:
    site = Site()
    site.serve(outside_web, "outside-web", "10.0.0.2")
    out, _, _ = run(site, "-sI", "10.0.0.2")
    assert out.splitlines()[0] == "HTTP/1.0 501 Unsupported method ('HEAD')"
    assert out.splitlines()[-2] == "Content-Length: 357"


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ([], SEE_HELP),
        (["--bogus"], f"curl: option --bogus: is unknown\n{SEE_HELP}"),
        (["-m"], f"curl: option -m: requires parameter\n{SEE_HELP}"),
        (["-m", "x", "web"], f"curl: option -m: expected a proper numerical parameter\n{SEE_HELP}"),
        (["-F", "a=b", "web"], "curl: docklab does not simulate the option -F"),
        (["--proxy-user", "x", "web"], "curl: docklab does not simulate the option --proxy-user"),
    ],
)
def test_misuse(words: list[str], text: str) -> None:
    assert run(Site(), *words) == ("", f"{text}\n", 2)


def test_a_file_that_cannot_be_sent() -> None:
    _, err, status = run(Site(), "-T", "/nosuch", "web")
    assert err.startswith("curl: Can't open '/nosuch'!\n") and status == 26


@pytest.mark.parametrize(
    ("word", "start"), [("--help", "Usage: curl [options...] <url>"), ("-V", "curl 7.88.1 (x86_64")]
)
def test_help(word: str, start: str) -> None:
    out, _, status = run(Site(), word)
    assert out.startswith(start) and status == 0


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        (["-x", "web:81", "http://far.test/x"], "GET http://far.test/x HTTP/1.1"),
        (["--connect-to", "far.test:80:web:81", "http://far.test/x"], "GET /x HTTP/1.1"),
        (["--connect-to", "::web:81", "http://far.test/x"], "GET /x HTTP/1.1"),
    ],
)
def test_another_place_is_asked_than_the_url_names(words: list[str], asked: str) -> None:
    site = Site()
    site.say(HELLO)
    assert run(site, "-s", *words) == ("hello\n", "", 0)
    assert site.asked.splitlines()[:2] == [asked, "Host: far.test"]


def test_telnet_shows_what_a_port_says_until_it_closes() -> None:
    site = Site()
    site.say(b"one\n", read=False)
    assert run(site, "-s", "telnet://web:81") == ("one\n", "", 0)


def test_the_parts_between_next_have_options_of_their_own() -> None:
    site = Site()
    site.say(HELLO, HELLO)
    assert run(site, "-s", "-A", "me", "web:81", "--next", "-X", "PUT", "web:81") == ("hello\n" * 2, "", 0)
    assert site.asked.count("User-Agent: me") == 1
    assert "PUT / HTTP/1.1" in site.asked


def test_the_local_port_is_the_first_that_is_free() -> None:
    site = Site()
    site.web()
    run(site, "-s", "--local-port", "5000-5001", "web")
    assert site.packets[-1].l4.dport == 5000 or site.packets[-1].l4.sport == 5000
