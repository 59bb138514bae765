# ruff: noqa: E501 - the texts are the engine's own, to the letter
"""`docker ps`: the documents, their order, the filters, the ages."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.clock import S
from simulator.engine.errors import EngineError, InvalidParameter, System
from simulator.engine.moments import human_duration


@pytest.fixture
def busy(world: Any) -> Any:
    """a1 runs on the bridge, web on n1 with a port, done has exited with 3, fresh was only made."""
    world.engine.network_create({"Name": "n1"})
    world.start("sleep", "1000", name="a1", Labels={"tier": "db"})
    ports = {"PortBindings": {"80/tcp": [{"HostIp": "", "HostPort": "8081"}]}, "NetworkMode": "n1"}
    world.start(
        "sleep", "1000", name="web", host=ports, Labels={"tier": "front"}, ExposedPorts={"80/tcp": {}, "90/udp": {}}
    )
    world.run("say", "x", "3", name="done")
    world.advance(S)
    world.create(name="fresh")
    return world


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({}, ["web", "a1"]),
        ({"status": ["exited"]}, ["done"]),
        ({"status": ["created", "running"]}, ["fresh", "web", "a1"]),
        ({"exited": ["3"]}, []),
        ({"exited": ["3"], "status": ["exited"]}, ["done"]),
        ({"exited": ["0"], "status": ["exited"]}, []),
        ({"label": ["tier"]}, ["web", "a1"]),
        ({"label": ["tier=front"]}, ["web"]),
        ({"label": ["tier=front", "x"]}, []),
        ({"name": ["e"]}, ["web"]),
        ({"name": ["^a"]}, ["a1"]),
        ({"name": ["/a1"]}, ["a1"]),
        ({"name": ["["]}, []),
        ({"ancestor": ["alpine"]}, ["web", "a1"]),
        ({"ancestor": ["docker.io/library/alpine:latest"]}, ["web", "a1"]),
        ({"ancestor": ["nosuch"]}, []),
        ({"network": ["n1"]}, ["web"]),
        ({"network": ["bri"]}, []),
        ({"publish": ["8081"]}, ["web"]),
        ({"publish": ["80"]}, []),
        ({"publish": ["8000-8100/tcp"]}, ["web"]),
        ({"expose": ["80"]}, ["web"]),
        ({"expose": ["90"]}, []),
        ({"expose": ["90/udp"]}, ["web"]),
        ({"before": ["web"]}, ["a1"]),
        ({"since": ["a1"]}, ["web"]),
        ({"since": ["a1"], "name": ["web"]}, ["web"]),
        ({"since": ["web"], "name": ["a1"]}, ["a1"]),
        ({"before": ["web"], "name": ["a1"]}, []),
        ({"health": ["none"]}, ["web", "a1"]),
        ({"is-task": ["true"]}, []),
        ({"isolation": ["x"]}, ["web", "a1"]),
    ],
)
def test_filters(busy: Any, filters: dict[str, list[str]], names: list[str]) -> None:
    assert [c["Names"][0][1:] for c in busy.engine.container_list(filters=filters)] == names


def test_containers_are_found_by_the_beginning_of_their_networks_id(busy: Any) -> None:
    identity = busy.engine.network_inspect("n1")["Id"]
    assert [c["Names"] for c in busy.engine.container_list(filters={"network": [identity[:12]]})] == [["/web"]]


@pytest.mark.parametrize(
    ("filters", "kind", "message"),
    [
        ({"nosuch": ["1"]}, InvalidParameter, "Invalid filter 'nosuch'"),
        ({"status": ["nosuch"]}, InvalidParameter, "Invalid filter 'status=nosuch'"),
        ({"exited": ["x"]}, System, 'strconv.Atoi: parsing "x": invalid syntax'),
        ({"before": ["ghost"]}, System, "no such container ghost"),
        ({"health": ["x"]}, InvalidParameter, "Unrecognised filter value for health: x"),
        ({"is-task": ["x"]}, InvalidParameter, "Invalid filter 'is-task=[x]'"),
        ({"publish": ["x"]}, System, 'error while looking up for publish x: strconv.ParseUint: parsing "x": invalid syntax'),
        ({"publish": ["99999"]}, System, 'error while looking up for publish 99999: strconv.ParseUint: parsing "99999": value out of range'),
    ],
)  # fmt: skip
def test_filters_that_cannot_be(
    busy: Any, filters: dict[str, list[str]], kind: type[EngineError], message: str
) -> None:
    with pytest.raises(kind) as refused:
        busy.engine.container_list(filters=filters)
    assert refused.value.message == message


def test_all_of_them_newest_first_or_the_newest_few(busy: Any) -> None:
    names = [c["Names"][0] for c in busy.engine.container_list(all=True)]
    assert names == ["/fresh", "/done", "/web", "/a1"]
    assert [c["Names"][0] for c in busy.engine.container_list(limit=2)] == ["/fresh", "/done"]


@pytest.mark.parametrize(("text", "names"), [("data", ["v1"]), ("/d", ["v1"]), ("/tmp", ["v2"]), ("nosuch", [])])
def test_a_mount_is_found_by_its_volume_or_its_path_on_the_host_or_where_it_is(
    world: Any, text: str, names: list[str]
) -> None:
    for name, bind in (("v1", "data:/d"), ("v2", "/tmp:/t")):
        world.start("sleep", "1000", name=name, host={"Binds": [bind]})
    assert [c["Names"][0][1:] for c in world.engine.container_list(filters={"volume": [text]})] == names


@pytest.mark.parametrize("change", ["", "rename", "update", "connect", "disconnect"])
def test_a_start_that_failed_leaves_its_ports_in_the_list_until_something_changes(world: Any, change: str) -> None:
    engine = world.engine
    engine.network_create({"Name": "n1"})
    ports = {"PortBindings": {"80/tcp": [{"HostIp": "", "HostPort": "8081"}]}}
    identity = world.create("nosuch", name="w1", host=ports, ExposedPorts={"80/tcp": {}})
    with pytest.raises(EngineError):
        world.wait(engine.container_start(identity))
    changes = {
        "rename": lambda: engine.container_rename("w1", "w2"),
        "update": lambda: engine.container_update("w1", {"RestartPolicy": {"Name": "always"}}),
        "connect": lambda: engine.network_connect("n1", {"Container": "w1"}),
        "disconnect": lambda: engine.network_disconnect("bridge", {"Container": "w1"}),
    }
    if change:
        changes[change]()
    assert engine.container_inspect(identity)["NetworkSettings"]["Ports"] == {}
    assert bool(engine.container_list(all=True)[0]["Ports"]) is not bool(change)
    assert len(engine.container_list(filters={"publish": ["8081"], "status": ["created"]})) == int(not change)


def test_a_summary(busy: Any) -> None:
    document = busy.engine.container_list(filters={"name": ["web"]})[0]
    assert list(document) == [
        "Id", "Names", "Image", "ImageID", "Command", "Created", "Ports", "Labels", "State", "Status", "HostConfig",
        "NetworkSettings", "Mounts",
    ]  # fmt: skip
    assert document["Ports"] == [
        {"IP": "0.0.0.0", "PrivatePort": 80, "PublicPort": 8081, "Type": "tcp"},
        {"IP": "::", "PrivatePort": 80, "PublicPort": 8081, "Type": "tcp"},
        {"PrivatePort": 90, "Type": "udp"},
    ]
    assert document["HostConfig"] == {"NetworkMode": "n1"}
    network = document["NetworkSettings"]["Networks"]["n1"]
    assert (network["IPAddress"], network["Aliases"]) == ("172.18.0.2", None)


def test_arguments_with_spaces_are_quoted(world: Any) -> None:
    world.create("sh", "-c", "echo a; exit 4", "x", name="c1")
    assert world.engine.container_list(all=True)[0]["Command"] == "sh -c 'echo a; exit 4' x"


def test_the_image_is_shown_by_its_id_once_its_name_means_another(world: Any) -> None:
    world.create(name="c1")
    image = world.engine.container_list(all=True)[0]["ImageID"]
    world.engine.image_tag("alpine", "kept")
    world.engine.image_remove("alpine")
    assert world.engine.container_list(all=True)[0]["Image"] == image


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "Less than a second"), (1, "1 second"), (59, "59 seconds"), (60, "About a minute"), (119, "About a minute"),
        (120, "2 minutes"), (59 * 60, "59 minutes"), (60 * 60, "About an hour"), (90 * 60, "2 hours"), (47 * 3600, "47 hours"),
        (48 * 3600, "2 days"), (14 * 86400, "2 weeks"), (60 * 86400, "2 months"), (730 * 86400, "2 years"),
    ],
)  # fmt: skip
def test_ages(seconds: int, text: str) -> None:
    assert human_duration(seconds * S) == text


def test_the_status_says_how_long(world: Any) -> None:
    world.start("sleep", "600", name="c1")
    world.run("say", "x", "3", name="c2")
    world.advance(120 * S)
    world.engine.container_pause("c1")
    status = {c["Names"][0]: c["Status"] for c in world.engine.container_list(all=True)}
    assert status == {"/c1": "Up 2 minutes (Paused)", "/c2": "Exited (3) 2 minutes ago"}
