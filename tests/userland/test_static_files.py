"""Apache and nginx, as far as they serve files."""

from __future__ import annotations

import pytest

from simulator.kernel.running import Program
from simulator.userland.apache import httpd_foreground
from simulator.userland.curl import curl
from simulator.userland.nginx import nginx
from tests.userland.network import Site

SERVERS: dict[str, tuple[Program, str]] = {
    "apache": (httpd_foreground, "/usr/local/apache2/htdocs"),
    "nginx": (nginx, "/usr/share/nginx/html"),
}


def site(name: str) -> tuple[Site, Program]:
    made = Site()
    program, root = SERVERS[name]
    disk = made.machines["b"].disk
    disk.make_directory(f"{root}/sub", parents=True)
    disk.write(f"{root}/index.html", "page\n")
    disk.write(f"{root}/data", "data\n")
    return made, program


def get(made: Site, *words: str) -> tuple[str, str, int]:
    return made.run("a", curl, "curl", "-s", *words)


@pytest.mark.parametrize("name", list(SERVERS))
@pytest.mark.parametrize(
    ("path", "words", "status"),
    [
        ("/", [], "200"),
        ("/nosuch", [], "404"),
        ("/sub", [], "301"),
        ("/sub/", [], "403"),
        ("/", ["-d", "x"], "405"),
        ("/%zz", [], "400"),
        ("/../../etc/hosts", ["--path-as-is"], "404"),
    ],
)
def test_requests(name: str, path: str, words: list[str], status: str) -> None:
    made, program = site(name)
    made.serve(program, name)
    assert get(made, "-o", "/tmp/x", "-w", "%{http_code}", *words, f"web{path}")[0] == status


@pytest.mark.parametrize(("name", "server"), [("apache", "Apache/2.4.35 (Unix)"), ("nginx", "nginx/1.15.5")])
def test_heads(name: str, server: str) -> None:
    made, program = site(name)
    made.serve(program, name)
    lines = get(made, "-i", "web")[0].splitlines()
    assert lines[0] == "HTTP/1.1 200 OK"
    assert f"Server: {server}" in lines and "Content-Length: 5" in lines and lines[-1] == "page"


@pytest.mark.parametrize("name", list(SERVERS))
def test_a_connection_serves_more_than_one_request(name: str) -> None:
    made, program = site(name)
    made.serve(program, name)
    out, err, _ = get(made, "-v", "web", "web")
    assert out == "page\n" * 2 and "Re-using existing connection" in err


@pytest.mark.parametrize("name", list(SERVERS))
def test_a_page_that_the_client_has_is_not_sent_again(name: str) -> None:
    made, program = site(name)
    made.serve(program, name)
    tag = next(line for line in get(made, "-i", "web")[0].splitlines() if line.startswith("ETag"))
    value = tag.partition(": ")[2]
    assert get(made, "-w", "%{http_code}", "-H", f"If-None-Match: {value}", "web")[0] == "304"


@pytest.mark.parametrize("name", list(SERVERS))
def test_requests_are_logged(name: str) -> None:
    made, program = site(name)
    server = made.serve(program, name)
    out = server.stdout
    get(made, "web/nosuch")
    text = bytes(out.written).decode()  # type: ignore[attr-defined]
    assert text.startswith('10.0.0.1 - - [01/Mar/2023:09:00:05 +0000] "GET /nosuch HTTP/1.1" 404 ')


@pytest.mark.parametrize("name", list(SERVERS))
def test_a_taken_port_is_told(name: str) -> None:
    made, program = site(name)
    made.web()
    _, err, status = made.run("b", program, name)
    assert "Address already in use" in err and status == 1


def test_nginx_tells_its_version() -> None:
    assert Site().run("b", nginx, "nginx", "-v") == ("", "nginx version: nginx/1.15.5\n", 0)
