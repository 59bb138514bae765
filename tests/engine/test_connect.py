# ruff: noqa: E501 - the texts are the engine's own, to the letter
"""Containers come to networks and leave them, while they run and while they do not."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.engine.errors import EngineError, Forbidden, InvalidParameter, NotFound, System

SHARED = "container sharing network namespace with another container or host cannot be connected to any other network"


@pytest.fixture
def nets(world: Any) -> Any:
    world.engine.network_create({"Name": "n1"})
    world.engine.network_create({"Name": "n2", "IPAM": {"Config": [{"Subnet": "10.9.0.0/24"}]}})
    return world


def addresses(world: Any, name: str) -> dict[str, str]:
    networks = world.engine.container_inspect(name)["NetworkSettings"]["Networks"]
    return {network: settings["IPAddress"] for network, settings in networks.items()}


def test_connecting_a_running_container_acts_at_once(nets: Any) -> None:
    nets.start("sleep", "100", name="c1")
    nets.engine.network_connect(
        "n2", {"Container": "c1", "EndpointConfig": {"IPAMConfig": {"IPv4Address": "10.9.0.77"}}}
    )
    assert addresses(nets, "c1") == {"bridge": "172.17.0.2", "n2": "10.9.0.77"}
    netns = nets.engine.daemon.containers.find("c1").netns
    assert [device.name for device in netns.listed()] == ["lo", "eth0", "eth1"]
    nets.engine.network_disconnect("bridge", {"Container": "c1"})
    assert addresses(nets, "c1") == {"n2": "10.9.0.77"}
    assert [device.name for device in netns.listed()] == ["lo", "eth1"]


def test_connecting_a_stopped_container_is_noted_for_its_start(nets: Any) -> None:
    nets.create("sleep", "100", name="c1")
    nets.engine.network_connect("n1", {"Container": "c1"})
    assert addresses(nets, "c1") == {"bridge": "", "n1": ""}
    nets.wait(nets.engine.container_start("c1"))
    assert addresses(nets, "c1") == {"bridge": "172.17.0.2", "n1": "172.18.0.2"}


def test_a_container_that_was_taken_off_every_network_has_lo(nets: Any) -> None:
    nets.create("sleep", "100", name="c1")
    nets.engine.network_disconnect("bridge", {"Container": "c1"})
    nets.wait(nets.engine.container_start("c1"))
    netns = nets.engine.daemon.containers.find("c1").netns
    assert [device.name for device in netns.listed()] == ["lo"]


@pytest.mark.parametrize(
    ("network", "container", "endpoint", "kind", "message"),
    [
        ("ghost", "c1", {}, NotFound, "network ghost not found"),
        ("n1", "ghost", {}, NotFound, "No such container: ghost"),
        ("nosuch", "ghost", {}, NotFound, "No such container: ghost"),
        ("n1", "", {}, InvalidParameter, 'invalid name or ID supplied: ""'),
        ("bridge", "c1", {}, Forbidden, "endpoint with name c1 already exists in network bridge"),
        ("host", "c1", {}, InvalidParameter, "container cannot be disconnected from host network or connected to host network"),
        ("none", "c1", {}, InvalidParameter, "container cannot be connected to multiple networks with one of the networks in private (none) mode"),
        ("n1", "h1", {}, InvalidParameter, SHARED),
        ("bridge", "side", {}, InvalidParameter, SHARED),
        ("n1", "c1", {"IPAMConfig": {"IPv4Address": "1.2.3.4"}}, InvalidParameter, "user specified IP address is supported only when connecting to networks with user configured subnets"),
    ],
)  # fmt: skip
def test_connections_that_cannot_be(
    nets: Any, network: str, container: str, endpoint: dict[str, Any], kind: type[EngineError], message: str
) -> None:
    nets.start("sleep", "100", name="c1")
    nets.start("sleep", "100", name="h1", host={"NetworkMode": "host"})
    nets.start("sleep", "100", name="side", host={"NetworkMode": "container:c1"})
    with pytest.raises(kind) as refused:
        nets.engine.network_connect(network, {"Container": container, "EndpointConfig": endpoint})
    assert refused.value.message == message


def test_disconnecting_what_is_not_connected(nets: Any) -> None:
    running = nets.start("sleep", "100", name="c1")
    stopped = nets.create(name="c2")
    for name, text in (
        ("c1", f"container {running} is not connected to network n1"),
        ("c2", f"container {stopped} is not connected to the network n1"),
    ):
        with pytest.raises(System) as refused:
            nets.engine.network_disconnect("n1", {"Container": name})
        assert refused.value.message == text
    with pytest.raises(NotFound, match="endpoint ghost not found"):
        nets.engine.network_disconnect("n1", {"Container": "ghost", "Force": True})


def test_a_network_that_was_removed_is_missed_by_its_id(nets: Any) -> None:
    identity = nets.engine.network_inspect("n1")["Id"]
    nets.start("sleep", "100", name="c1", host={"NetworkMode": "n1"})
    nets.wait(nets.engine.container_stop("c1", 0))
    nets.engine.network_remove("n1")
    with pytest.raises(NotFound) as refused:
        nets.engine.container_start("c1")
    assert refused.value.message == f"network {identity} not found"


def test_a_stopped_container_leaves_a_removed_network_for_its_namesake(nets: Any) -> None:
    nets.start("sleep", "100", name="c1", host={"NetworkMode": "n1"})
    nets.wait(nets.engine.container_stop("c1", 0))
    nets.engine.network_remove("n1")
    nets.engine.network_create({"Name": "n1"})
    nets.engine.network_connect("n1", {"Container": "c1", "EndpointConfig": {"Aliases": ["www"]}})
    nets.wait(nets.engine.container_start("c1"))
    assert "www" in nets.engine.container_inspect("c1")["NetworkSettings"]["Networks"]["n1"]["Aliases"]


def test_a_port_that_is_taken_fails_the_start_and_leaves_nothing(world: Any) -> None:
    ports = {"PortBindings": {"80/tcp": [{"HostPort": "80"}]}}
    world.start("sleep", "100", name="web1", host=ports, ExposedPorts={"80/tcp": {}})
    identity = world.create("sleep", "100", name="web2", host=ports, ExposedPorts={"80/tcp": {}})
    with pytest.raises(System, match=r"Bind for 0\.0\.0\.0:80 failed: port is already allocated"):
        world.engine.container_start("web2")
    assert (world.state("web2")["Status"], world.state("web2")["ExitCode"]) == ("created", 128)
    assert identity not in world.engine.network_inspect("bridge")["Containers"]


def test_published_ports_are_shown_while_the_container_runs(world: Any) -> None:
    ports = {"PortBindings": {"80/tcp": [{"HostPort": "8080"}]}}
    world.start("sleep", "100", name="web", host=ports, ExposedPorts={"80/tcp": {}, "90/tcp": {}})
    assert world.engine.container_inspect("web")["NetworkSettings"]["Ports"] == {
        "80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}, {"HostIp": "::", "HostPort": "8080"}],
        "90/tcp": None,
    }


def test_connecting_tells_events(nets: Any) -> None:
    nets.start("sleep", "100", name="c1")
    nets.engine.network_connect("n1", {"Container": "c1"})
    nets.engine.network_disconnect("n1", {"Container": "c1"})
    joined, left = ["network connect"] * 2, ["network disconnect"] * 2  # dockerd tells of leaving twice
    assert nets.actions("network")[2:] == joined + left


def test_a_stopped_container_may_be_told_to_join_a_network_that_is_not_there(nets: Any) -> None:
    nets.create("sleep", "100", name="c1")
    nets.engine.network_connect("nosuch", {"Container": "c1"})
    assert list(addresses(nets, "c1")) == ["bridge", "nosuch"]
    nets.engine.network_disconnect("nosuch", {"Container": "c1"})
    assert list(addresses(nets, "c1")) == ["bridge"]


def test_a_container_starts_on_the_default_network_first(nets: Any) -> None:
    nets.create("sleep", "100", name="c1", host={"NetworkMode": "n1"})
    nets.engine.network_connect("bridge", {"Container": "c1"})
    nets.wait(nets.engine.container_start("c1"))
    netns = nets.engine.daemon.containers.find("c1").netns
    found = {device.name: str(device.addresses[0]) for device in netns.listed()[1:]}
    assert found == {"eth0": "172.17.0.2/16", "eth1": "172.18.0.2/16"}
    assert [device.name for device in netns.listed()] == ["lo", "eth0", "eth1"]
