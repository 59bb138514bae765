"""The server on real sockets of this machine: many clients, the docker program if it is there."""

from __future__ import annotations

import os
import shlex
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.server.address import Address, address_from_text
from simulator.testing import World

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no unix sockets here")

PING = b"GET /_ping HTTP/1.1\r\nHost: docker\r\n\r\n"


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World() as made:
        yield made


@pytest.fixture(scope="module")
def path(world: World) -> Iterator[str]:
    with world.serve() as address:
        yield address.removeprefix("unix://")


def connect(path: str) -> socket.socket:
    client = socket.socket(socket.AF_UNIX)
    client.connect(path)  # which, with a timeout, would not wait for a place in the queue
    client.settimeout(10)
    return client


def test_only_its_owner_may_use_the_socket(path: str) -> None:
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600


def test_idle_and_half_sent_clients_disturb_nobody(path: str) -> None:
    idle = [connect(path) for _ in range(200)]
    for client in idle[::2]:
        client.sendall(PING[:17])
    with connect(path) as client:
        client.sendall(PING)
        assert client.recv(4096).endswith(b"OK")
    for client in idle:
        client.close()


CROWD = """
import resource, socket, sys
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
idle = [socket.socket(socket.AF_UNIX) for _ in range(int(sys.argv[2]))]
for client in idle:
    client.connect(sys.argv[1])
print("here", flush=True)
sys.stdin.read()
"""


@pytest.mark.slow
def test_ten_thousand_idle_clients_disturb_nobody(path: str) -> None:
    resource = pytest.importorskip("resource")
    count = min(10_000, resource.getrlimit(resource.RLIMIT_NOFILE)[1] - 500)
    argv = [sys.executable, "-c", CROWD, path, str(count)]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as crowd:
        assert crowd.stdout is not None and crowd.stdout.readline() == b"here\n"
        with connect(path) as client:
            client.sendall(PING)
            assert client.recv(4096).endswith(b"OK")
        crowd.communicate()


def test_a_slow_reader_holds_nobody_up(world: World, path: str) -> None:
    world.run("docker run -d --name talker alpine sh -c 'yes | head -n 200000'")
    slow = connect(path)
    slow.sendall(b"GET /containers/talker/logs?stdout=1&follow=1 HTTP/1.1\r\nHost: docker\r\n\r\n")
    with connect(path) as client:
        client.sendall(PING)
        assert client.recv(4096).endswith(b"OK")
    slow.close()


def test_the_socket_of_a_server_that_is_gone_is_taken_over(tmp_path: Path) -> None:
    place = Address(path=str(tmp_path / "s"))
    left, _ = place.listen(1)
    with pytest.raises(OSError, match="in use"):
        place.listen(1)
    left.close()
    again, _ = place.listen(1)
    again.close()


def test_what_is_no_socket_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OSError, match="is no socket"):
        Address(path=str(tmp_path / "file")).listen(1)
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("text", ["", "unix://", "http://x", "tcp://", "tcp://host:99999", "tcp://host:x", "/path"])
def test_what_is_no_address_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"no address|no port"):
        address_from_text(text)


@pytest.mark.parametrize(
    ("text", "outside"),
    [("tcp://127.0.0.1:1", False), ("tcp://[::1]:1", False), ("tcp://0.0.0.0:1", True), ("tcp://10.0.0.1", True)],
)
def test_an_address_that_others_reach_is_known(text: str, outside: bool) -> None:
    assert address_from_text(text).open_to_others is outside


STORY = [
    ("run --rm alpine echo hi", "hi\n", 0),
    ("run --rm -i alpine cat", "typed\n", 0),
    ("run --rm alpine sh -c 'exit 3'", "", 3),
    ("network create shown", None, 0),
    ("network ls --filter name=shown --format '{{.Name}} {{.Driver}}'", "shown bridge\n", 0),
    ("run -d --name served --net shown -p 8088:80 httpd", None, 0),
    ("ps --filter name=served --format '{{.Names}} {{.Image}}'", "served httpd\n", 0),
    ("exec served hostname -i", "172.18.0.2\n", 0),
    ("exec -i served cat", "typed\n", 0),
    ("run --rm --net shown alpine ping -c 1 -q served", None, 0),
    ("inspect -f '{{.State.Status}}' served", "running\n", 0),
    ("stop served", "served\n", 0),
    ("wait served", None, 0),
    ("rm served", "served\n", 0),
    ("network rm shown", "shown\n", 0),
    ("inspect ghost", "[]\n", 1),
]


@pytest.mark.skipif(not shutil.which("docker"), reason="no docker program here")
def test_the_docker_program_is_content(path: str) -> None:
    environment = {**os.environ, "DOCKER_HOST": f"unix://{path}"}
    for command, expected, status in STORY:
        done = subprocess.run(
            ["docker", *shlex.split(command)],
            env=environment, input="typed\n", capture_output=True, text=True, timeout=30, check=False,
        )  # fmt: skip
        assert (done.returncode, expected or done.stdout) == (status, done.stdout), (command, done.stderr)


def test_bind_mounts_and_privileges_touch_nothing_of_the_real_machine(world: World, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("real")
    script = "ls /m; echo changed > /m/mine; rm -rf /m/*; sysctl -w net.ipv4.ip_forward=0"
    result = world.run(f"docker run --rm --privileged --net host --pid host -v {tmp_path}:/m alpine sh -c '{script}'")
    assert "mine" not in result.stdout
    assert [file.read_text() for file in tmp_path.iterdir()] == ["real"]
