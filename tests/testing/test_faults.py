"""Faults: what breaks breaks in the model, and is whole again afterwards."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.clock import MS, S
from simulator.testing import World

pytest_plugins = ["simulator.testing.plugin"]


@pytest.fixture
def pair(lab: World) -> World:
    """Two containers on one network, with their neighbours known."""
    lab.run("docker network create net")
    lab.run("docker run -d --name web --net net httpd && docker run -d --name box --net net alpine sleep 10000")
    assert ping(lab) == 0
    return lab


def ping(lab: World, *, wait: int = 1) -> int:
    return lab.run(f"docker exec box ping -c 1 -W {wait} web").status


def test_a_cut_wire_carries_nothing_until_it_is_whole(pair: World) -> None:
    with pair.faults.cut("web"):
        assert ping(pair) == 1
    assert ping(pair) == 0


def test_a_slow_wire_makes_packets_late(pair: World) -> None:
    with pair.faults.slow("web", delay=300 * MS):
        shown = pair.run("docker exec box ping -c 1 web").stdout
    milliseconds = float(shown.rpartition("time=")[2].split()[0])
    assert 600 <= milliseconds < 700


def test_a_wire_that_loses_everything_is_as_good_as_cut(pair: World) -> None:
    with pair.faults.lose("web", share=1.0):
        assert ping(pair) == 1


def test_a_partition_leaves_other_networks_alone(pair: World) -> None:
    pair.run("docker network create other && docker network connect other web && docker network connect other box")
    with pair.faults.partition("net", "web"):
        addresses = pair.engine.container_inspect("web")["NetworkSettings"]["Networks"]
        alive = f"docker exec box ping -c 1 -W 1 {addresses['other']['IPAddress']}"
        dead = f"docker exec box ping -c 1 -W 1 {addresses['net']['IPAddress']}"
        assert (pair.run(alive).status, pair.run(dead).status) == (0, 1)


def test_a_cable_between_machines_can_be_cut(lab: World) -> None:
    lab.run("docker run -d -p 8080:80 httpd")
    with lab.faults.cut("docker-host/eth0"):
        assert lab.run("curl -s -m 2 10.0.2.15:8080", "outside").status == 28
    assert lab.run("curl -s -m 9 10.0.2.15:8080", "outside").status == 0


def test_nobody_answers_for_a_stopped_engine(lab: World) -> None:
    with lab.faults.engine_stopped():
        refused = lab.run("docker ps")
        assert (refused.status, "Cannot connect to the Docker daemon" in refused.stderr) == (1, True)
    assert lab.run("docker ps").status == 0


def test_pools_can_run_out(lab: World) -> None:
    with lab.faults.pools_full():
        assert "could not find an available" in lab.run("docker network create one-more").stderr
    assert lab.run("docker network create one-more").status == 0


def test_what_is_not_there_cannot_be_broken(lab: World) -> None:
    with pytest.raises(ValueError, match="No such container: ghost"):
        lab.faults.cut("ghost")


def test_the_next_matching_call_fails_once(lab: World, docker_client: Any) -> None:
    lab.faults.fail_next("POST /containers/.*/start", status=503, message="try later")
    box = docker_client.containers.create("alpine", "sleep 9")
    with pytest.raises(Exception, match="try later"):
        box.start()
    box.start()


def test_the_same_test_gets_the_same_ids_and_times() -> None:
    def once() -> tuple[Any, ...]:
        pytest.importorskip("docker")
        with World() as world:
            box = world.docker_client().containers.run("alpine", "sleep 60", detach=True)
            box.reload()
            return box.id, box.attrs["Created"], box.attrs["NetworkSettings"]["MacAddress"], world.clock.now

    assert once() == once()


def test_time_stands_while_it_is_frozen(lab: World, docker_client: Any) -> None:
    with lab.freeze():
        before = lab.clock.now
        docker_client.containers.list()
        assert lab.clock.now == before
    lab.advance(5 * S)
    assert lab.clock.now == before + 5 * S


def test_an_image_can_be_a_python_function(lab: World, docker_client: Any) -> None:
    def hello(process: Any) -> Any:
        process.print(f"hello from {process.env['WHO']}")
        yield process.sleep(S)
        return 7

    lab.image("greeter", program=hello, ports=[80], environment={"WHO": "me"})
    box = docker_client.containers.run("greeter", detach=True)
    assert box.wait()["StatusCode"] == 7
    assert box.logs() == b"hello from me\n"
    assert list(box.attrs["Config"]["ExposedPorts"]) == ["80/tcp"]


def test_programs_find_the_engine_by_docker_host(lab: World, docker_host: str) -> None:
    docker = pytest.importorskip("docker")
    client = docker.from_env()
    assert client.containers.run("alpine", "hostname", hostname="inside", remove=True) == b"inside\n"
    assert lab.run("docker ps -aq").stdout == ""
    client.close()
