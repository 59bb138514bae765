"""Connections that a client takes over, byte by byte: recorded from Docker Engine 20.10."""

from __future__ import annotations

import json
from typing import Any

import pytest

from simulator.clock import Clock, S
from simulator.lab import Lab
from simulator.server.api import answer, identity
from simulator.server.connection import Connection
from simulator.server.exchange import Exchange
from simulator.server.request import Request

OUT, ERR = 1, 2
ESCAPED = "exec attach failed: error on attach stdin: read escape sequence\r\n"
CAT: dict[str, Any] = {"Cmd": ["cat"], "AttachStdin": True}
BOTH = ["sh", "-c", "echo out; sleep 1; echo err >&2"]


def framed(channel: int, text: str) -> str:
    return f"{chr(channel)}\0\0\0{chr(0)}{chr(0)}{chr(0)}{chr(len(text))}{text}"


class Host:
    """An engine with one container, `box`, and connections to it without sockets."""

    def __init__(self) -> None:
        self.lab = Lab()
        self.clock: Clock = self.lab.clock
        self.headers = identity(self.lab.engine)
        self.lab.run("docker run -d --name box alpine sleep 100000")

    def changed(self) -> None:
        """Nobody hurries here."""

    def answer(self, exchange: Exchange, request: Request) -> None:
        exchange.play(answer(self.lab.engine, request))

    def post(self, target: str, document: Any = None) -> Connection:
        connection = Connection(self, lambda _: None, None)
        body = b"" if document is None else json.dumps(document).encode()
        head = f"POST {target} HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n"
        connection.receive(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        return connection

    def said(self, connection: Connection) -> tuple[str, str]:
        """The head and what follows it, after a while."""
        self.lab.advance(3 * S)
        head, _, rest = connection.output.decode().partition("\r\n\r\n")
        connection.output.clear()
        return head, rest

    def exec(self, config: dict[str, Any], start: dict[str, Any]) -> tuple[str, Connection]:
        wanted = {"AttachStdout": True, "AttachStderr": True, **config}
        identity = self.lab.engine.exec_create("box", wanted)["Id"]
        return identity, self.post(f"/exec/{identity}/start", start)


@pytest.fixture(scope="module")
def host() -> Host:
    return Host()


@pytest.mark.parametrize(
    ("config", "start", "said"),
    [
        ({"Cmd": BOTH}, {}, framed(OUT, "out\n") + framed(ERR, "err\n")),
        ({"Cmd": BOTH}, {"Tty": True}, "out\n"),
        ({"Cmd": BOTH, "AttachStderr": False}, {}, framed(OUT, "out\n")),
        ({"Cmd": BOTH, "AttachStdout": False, "AttachStderr": False}, {}, ""),
        ({"Cmd": ["echo", "out"], "Tty": True}, {"Tty": True}, "out\r\n"),
        ({"Cmd": ["echo", "out"], "Tty": True}, {}, framed(OUT, "out\r\n")),
        ({"Cmd": ["id"], "User": "nobodyx"}, {},
         framed(OUT, "unable to find user nobodyx: no matching entries in passwd file\r\n")),
        ({"Cmd": ["pwd"], "WorkingDir": "etc"}, {"Tty": True},
         "OCI runtime exec failed: exec failed: Cwd must be an absolute path: unknown\r\n"),
    ],
)  # fmt: skip
def test_the_start_of_an_exec_says_whether_its_output_has_frames(
    host: Host, config: dict[str, Any], start: dict[str, Any], said: str
) -> None:
    _, connection = host.exec(config, start)
    head, rest = host.said(connection)
    assert (head.partition("\r\n")[0], rest) == ("HTTP/1.1 101 UPGRADED", said)
    assert "Api-Version: 1.41" in head.split("\r\n")
    assert connection.closing


@pytest.mark.parametrize(
    ("config", "keys", "shown"),
    [({}, b"\x10\x11", ""), ({"DetachKeys": "ctrl-p"}, b"\x10", "EA=="), ({"detachKeys": "a,b"}, b"ab", "YWI=")],
)
def test_the_detach_keys_end_an_execs_connection_but_not_the_exec(
    host: Host, config: dict[str, Any], keys: bytes, shown: str
) -> None:
    identity, connection = host.exec({**CAT, "Tty": True, **config}, {"Tty": True})
    host.said(connection)
    connection.receive(keys)
    assert host.said(connection) == (ESCAPED, "")
    document = host.lab.engine.exec_inspect(identity)
    assert (document["Running"], document["DetachKeys"], connection.closing) == (True, shown, True)


def test_without_a_terminal_there_are_no_detach_keys(host: Host) -> None:
    _, connection = host.exec({**CAT, "DetachKeys": "ctrl-p"}, {})
    host.said(connection)
    connection.receive(b"\x10\n")
    assert host.said(connection)[0] == framed(OUT, "\x10\n")


def test_an_exec_that_has_run_says_so_on_the_connection(host: Host) -> None:
    identity, _ = host.exec({"Cmd": ["true"]}, {})
    _, rest = host.said(host.post(f"/exec/{identity}/start", {}))
    assert rest == framed(OUT, f"Error: Exec command {identity} has already run\r\n")


@pytest.mark.parametrize("wanted", ["", "stream=1", "stdout=1&logs=1"])
def test_an_attach_with_nothing_to_wait_for_ends_at_once(host: Host, wanted: str) -> None:
    connection = host.post(f"/containers/box/attach?{wanted}")
    head, _ = host.said(connection)
    assert head.startswith("HTTP/1.1 101 UPGRADED") and connection.closing


def test_a_refused_attach_tells_nothing_of_the_api(host: Host) -> None:
    head, rest = host.said(host.post("/containers/ghost/attach?stream=1&stdout=1"))
    assert (head.partition("\r\n")[0], rest) == ("HTTP/1.1 404 Not Found", "No such container: ghost\r\n")
    assert "Api-Version" not in head


@pytest.mark.parametrize(
    ("state", "request_line", "status", "message"),
    [
        ("pause", "start", 409, "Container {box} is paused, unpause the container before exec"),
        ("pause", "resize?h=1&w=1", 409, "Container {box} is paused, unpause the container before exec"),
        ("stop -t 0", "start", 404, "No such exec instance: {exec}"),
        ("stop -t 0", "resize?h=1&w=1", 404, "No such exec instance: {exec}"),
        ("restart -t 0", "start", 404, "No such exec instance: {exec}"),
    ],
)
def test_an_exec_needs_its_container_as_it_was(state: str, request_line: str, status: int, message: str) -> None:
    host = Host()
    box = host.lab.engine.container_inspect("box")["Id"]
    identity = host.lab.engine.exec_create("box", {"Cmd": ["true"]})["Id"]
    host.lab.run(f"docker {state} box")
    head, rest = host.said(host.post(f"/exec/{identity}/{request_line}", {}))
    assert head.split()[1] == str(status)
    assert json.loads(rest)["message"] == message.format(box=box, exec=identity)


def test_a_resize_waits_ten_seconds_for_an_exec_to_begin(host: Host) -> None:
    identity = host.lab.engine.exec_create("box", {"Cmd": ["true"], "Tty": True})["Id"]
    early = host.post(f"/exec/{identity}/resize?h=9&w=60")
    assert host.said(early) == ("", "")
    host.lab.advance(8 * S)
    assert "timeout waiting for exec session ready" in host.said(early)[1]


def test_a_resize_that_waits_is_done_when_the_exec_begins(host: Host) -> None:
    identity = host.lab.engine.exec_create("box", {"Cmd": ["stty", "size"], "Tty": True, "AttachStdout": True})["Id"]
    early = host.post(f"/exec/{identity}/resize?h=9&w=60")
    _, rest = host.said(host.post(f"/exec/{identity}/start", {"Tty": True}))
    assert (host.said(early)[0].partition("\r\n")[0], rest) == ("HTTP/1.1 200 OK", "9 60\r\n")
    assert "no such exec" in host.said(host.post(f"/exec/{identity}/resize?h=1&w=1"))[1]
