"""What requests cost: one container's life, many clients, many containers. The figures are pytest-benchmark's."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from simulator.testing import World

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no unix sockets here")
CLIENTS = 200


class Client(http.client.HTTPConnection):
    """A connection to a unix socket that speaks JSON."""

    def __init__(self, path: str) -> None:
        super().__init__("docker")
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self._path)

    def ask(self, method: str, target: str, document: Any = None) -> Any:
        headers = {"Content-Type": "application/json"} if document is not None else {}
        self.request(method, target, json.dumps(document) if document is not None else None, headers)
        answer = self.getresponse()
        data = answer.read()
        assert answer.status < 400, data
        return json.loads(data) if data else None

    def create(self) -> str:
        made = self.ask("POST", "/v1.41/containers/create", {"Image": "alpine", "Cmd": ["true"]})
        return str(made["Id"])

    def life(self) -> None:
        """What `docker run --rm` comes to."""
        name = self.create()
        self.ask("POST", f"/containers/{name}/start")
        assert self.ask("POST", f"/containers/{name}/wait")["StatusCode"] == 0
        self.ask("DELETE", f"/containers/{name}")


@pytest.fixture
def path() -> Iterator[str]:
    with World() as world, world.serve() as address:
        yield address.removeprefix("unix://")


@pytest.fixture
def client(path: str) -> Iterator[Client]:
    made = Client(path)
    yield made
    made.close()


def test_the_first_runs(benchmark: Any, client: Client) -> None:
    benchmark.pedantic(client.life, rounds=5, iterations=20)


def test_a_thousand_runs_in_a_row(benchmark: Any, client: Client) -> None:
    """One round is one run; the last hundred rounds cost what the first hundred did."""
    benchmark.pedantic(client.life, rounds=1000, iterations=1)
    times = benchmark.stats.stats.data
    benchmark.extra_info["last hundred to first"] = round(sum(times[-100:]) / sum(times[:100]), 2)


def test_runs_after_five_hundred_others(benchmark: Any, client: Client) -> None:
    for _ in range(500):
        client.life()
    benchmark.pedantic(client.life, rounds=5, iterations=20)


def test_runs_beside_two_thousand_containers(benchmark: Any, client: Client) -> None:
    for _ in range(2000):
        client.create()
    benchmark.pedantic(client.life, rounds=5, iterations=20)


def test_clients_in_parallel(benchmark: Any, path: str) -> None:
    def one() -> None:
        own = Client(path)
        own.life()
        own.close()

    def all_of_them() -> None:
        threads = [threading.Thread(target=one) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    benchmark.pedantic(all_of_them, rounds=2, iterations=1)
