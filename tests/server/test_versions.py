"""What clients of older API versions get and mean: moby's api/server/router."""

from __future__ import annotations

import json
from typing import Any

import pytest

from simulator.clock import S
from simulator.lab import Lab
from simulator.server.api import answer
from simulator.server.exchange import Exchange
from simulator.server.replies import Answer, Headers, Reply
from simulator.server.request import request_from_target


class Listener:
    """Keeps what it is told."""

    room = True

    def __init__(self) -> None:
        self.told: list[Any] = []

    def whole(self, reply: Answer) -> None:
        self.told.append(json.loads(reply.body) if reply.body else reply.status)

    def head(self, status: int, headers: Headers) -> None:
        self.told.append(status)

    def join(self, *, identified: bool) -> None:
        self.told.append("joined")

    def part(self, data: bytes) -> None:
        self.told.append(json.loads(data))

    def end(self) -> None:
        """Nothing more."""


@pytest.fixture
def lab() -> Lab:
    made = Lab()
    made.run("docker run -d --name box alpine sleep 100000")
    return made


def reply(lab: Lab, line: str, document: Any = None) -> Reply:
    method, target = line.split()
    body = b"" if document is None else json.dumps(document).encode()
    return answer(lab.engine, request_from_target(method, target, {}, body))


def ask(lab: Lab, line: str, document: Any = None) -> Any:
    """What comes within 3 seconds; one thing alone as it is."""
    listener = Listener()
    Exchange(lab.clock, listener).play(reply(lab, line, document))
    lab.advance(3 * S)
    return listener.told[0] if len(listener.told) == 1 else listener.told


@pytest.mark.parametrize(
    ("version", "field", "value"),
    [
        ("1.24", "AutoRemove", False),
        ("1.25", "AutoRemove", True),
        ("1.39", "IpcMode", "shareable"),
        ("1.40", "IpcMode", "private"),
        ("1.39", "KernelMemoryTCP", 0),
        ("1.41", "CgroupnsMode", "host"),
    ],
)
def test_what_a_client_means_depends_on_its_version(lab: Lab, version: str, field: str, value: Any) -> None:
    host = {"AutoRemove": True, "KernelMemoryTCP": 5_000_000 if version == "1.39" else 0}
    made = ask(lab, f"POST /v{version}/containers/create", {"Image": "alpine", "HostConfig": host})["Id"]
    assert ask(lab, f"GET /containers/{made}/json")["HostConfig"][field] == value


def test_host_settings_may_stand_beside_those_of_the_container(lab: Lab) -> None:
    made = ask(lab, "POST /containers/create", {"Image": "alpine", "runtime": "runc", "Memory": 9_000_000})["Id"]
    host = ask(lab, f"GET /containers/{made}/json")["HostConfig"]
    assert (host["Runtime"], host["Memory"]) == ("runc", 9_000_000)


@pytest.mark.parametrize(("version", "limit"), [("1.39", None), ("1.40", 9)])
def test_old_clients_do_not_limit_processes(lab: Lab, version: str, limit: int | None) -> None:
    ask(lab, f"POST /v{version}/containers/box/update", {"PidsLimit": 9})
    assert ask(lab, "GET /containers/box/json")["HostConfig"]["PidsLimit"] == limit


@pytest.mark.parametrize(("version", "options"), [("1.24", ["seccomp"]), ("1.25", ["name=seccomp,profile=default"])])
def test_info_names_security_options_as_clients_know_them(lab: Lab, version: str, options: list[str]) -> None:
    document = ask(lab, f"GET /v{version}/info")
    assert document["SecurityOptions"] == options
    assert ("ExecutionDriver" in document) == (version == "1.24")


@pytest.mark.parametrize(("version", "count"), [("1.27", 1), ("1.28", 0)])
def test_lists_of_networks_had_their_containers(lab: Lab, version: str, count: int) -> None:
    found = {one["Name"]: one for one in ask(lab, f"GET /v{version}/networks")}
    assert len(found["bridge"]["Containers"]) == count


@pytest.mark.parametrize(("version", "names"), [("1.40", ["httpd:latest"]), ("1.41", 4)])
def test_lists_of_images_had_a_filter_of_their_own(lab: Lab, version: str, names: Any) -> None:
    found = [tag for one in ask(lab, f"GET /v{version}/images/json?filter=httpd") for tag in one["RepoTags"]]
    assert names in (found, len(found))


def test_waiting_had_no_head_before_the_end(lab: Lab) -> None:
    assert ask(lab, "POST /v1.29/containers/box/wait?condition=removed") == []
    assert ask(lab, "POST /v1.30/containers/box/wait") == 200
    lab.run("docker kill box")
    assert ask(lab, "POST /v1.29/containers/box/wait") == {"Error": None, "StatusCode": 137}


@pytest.mark.parametrize(
    ("line", "compared"),
    [
        ("GET /v1.41/containers/box/stats?stream=0", True),
        ("GET /v1.41/containers/box/stats?stream=0&one-shot=1", False),
        ("GET /v1.40/containers/box/stats?stream=0&one-shot=1", True),
    ],
)
def test_one_reading_of_statistics_is_the_second_but_for_one_shot(lab: Lab, line: str, compared: bool) -> None:
    assert ("online_cpus" in ask(lab, line)["precpu_stats"]) == compared
