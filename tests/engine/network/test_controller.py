"""Networks are found, removed and pruned as the real engine does."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.clock import S
from simulator.engine.errors import EngineError


def refusal(action: Any) -> tuple[int, str]:
    with pytest.raises(EngineError) as refused:
        action()
    return refused.value.status, refused.value.message


def test_a_network_is_found_by_id_by_name_and_by_the_beginning_of_its_id(host: Any) -> None:
    identity = host.create("n1")
    found = {host.controller.find(term).id for term in (identity, "n1", identity[:12], identity[:5])}
    assert found == {identity}


def test_an_ambiguous_name_is_refused_in_three_ways(host: Any) -> None:
    host.create("dup")
    host.create("dup")
    controller = host.controller
    assert refusal(lambda: controller.find("dup")) == (400, "network dup is ambiguous (2 matches found on name)")
    assert refusal(lambda: controller.remove("dup")) == (
        400,
        "network dup is ambiguous (2 matches found based on name)",
    )
    assert refusal(lambda: controller.network_inspect("dup")) == (
        400,
        "2 matches found based on name: network dup is ambiguous",
    )


def test_what_is_not_there_is_not_found(host: Any) -> None:
    for action in (host.controller.find, host.controller.remove, host.controller.network_inspect):
        assert refusal(lambda action=action: action("nosuch")) == (404, "network nosuch not found")
    assert refusal(lambda: host.controller.network_inspect("bridge", scope="swarm")) == (
        404,
        "network bridge not found",
    )


@pytest.mark.parametrize("name", ["bridge", "host", "none"])
def test_predefined_networks_stay(host: Any, name: str) -> None:
    expected = (403, f"{name} is a pre-defined network and cannot be removed")
    assert refusal(lambda: host.controller.remove(name)) == expected


def test_a_network_in_use_stays_until_its_containers_have_stopped(host: Any) -> None:
    identity = host.create("n1")
    host.start("a1", "n1")
    expected = (403, f"error while removing network: network n1 id {identity} has active endpoints")
    assert refusal(lambda: host.controller.remove("n1")) == expected
    host.stop("a1")
    host.controller.remove("n1")
    assert [network.name for network in host.controller.list()] == ["none", "host", "bridge"]


def test_removing_a_network_takes_its_bridge_its_rules_and_its_subnet(host: Any) -> None:
    forward, nat = host.rules("filter", "FORWARD"), host.rules("nat", "POSTROUTING")
    host.create("n1", IPAM={"Config": [{"Subnet": "10.5.0.0/24"}]}, Options={"com.docker.network.bridge.name": "br0"})
    assert "-s 10.5.0.0/24 ! -o br0 -j MASQUERADE" in host.rules("nat", "POSTROUTING")
    host.controller.remove("n1")
    assert (host.rules("filter", "FORWARD"), host.rules("nat", "POSTROUTING")) == (forward, nat)
    assert [device.name for device in host.machine.netns.listed()] == ["lo", "eth0", "docker0"]
    host.create("n1", IPAM={"Config": [{"Subnet": "10.5.0.0/24"}]})


def test_pruning_takes_what_nobody_is_on(host: Any) -> None:
    for name in ("n1", "used"):
        host.create(name)
    host.create("conf", ConfigOnly=True)
    host.start("a1", "used")
    assert host.controller.networks_prune({}) == {"NetworksDeleted": ["n1"]}
    assert host.controller.networks_prune({}) == {"NetworksDeleted": None}


@pytest.mark.parametrize(
    ("filters", "deleted"),
    [
        ({"label": ["keep"]}, ["n2"]),
        ({"label!": ["keep"]}, ["n1"]),
        ({"until": ["1h"]}, None),
        ({"until": ["1s"]}, ["n1", "n2"]),
    ],
)
def test_pruning_follows_labels_and_age(host: Any, filters: Any, deleted: Any) -> None:
    host.create("n1")
    host.create("n2", Labels={"keep": ""})
    host.clock.run(until=60 * S)
    assert host.controller.networks_prune(filters) == {"NetworksDeleted": deleted}


def test_pruning_knows_no_other_filters(host: Any) -> None:
    expected = (400, "Invalid filter 'driver'")
    assert refusal(lambda: host.controller.networks_prune({"driver": ["bridge"]})) == expected


def test_a_lost_endpoint_is_removed_by_force(host: Any) -> None:
    host.create("n1")
    host.start("a1", "n1")
    assert refusal(lambda: host.controller.force_disconnect("ghost", "n1")) == (404, "endpoint ghost not found")
    host.controller.force_disconnect("a1", "n1")
    assert host.controller.find("n1").endpoints == {}


def test_who_listens_hears_of_networks_that_come_and_go(host: Any) -> None:
    heard: list[tuple[str, str]] = []
    host.controller.listener = lambda network, action: heard.append((network.name, action))
    host.create("n1")
    host.create("conf", ConfigOnly=True)
    host.controller.remove("n1")
    host.controller.remove("conf")
    assert heard == [("n1", "create"), ("conf", "create"), ("n1", "destroy")]


def test_rules_say_on_whose_behalf_they_were_made(host: Any) -> None:
    host.controller.current_cause = "docker network create n1"
    host.create("n1", Options={"com.docker.network.bridge.name": "br0"})
    chain = host.machine.netns.netfilter.table("nat").chain("POSTROUTING")
    assert [entry.made_by for entry in chain.rules] == ["docker network create n1", "docker daemon start"]


def test_the_host_gateway_is_the_default_bridge(host: Any) -> None:
    assert host.controller.host_gateway == "172.17.0.1"


@pytest.mark.parametrize(
    ("text", "path"),
    [("nameserver 127.0.0.53\n", "/run/systemd/resolve/resolv.conf"), ("nameserver 10.0.2.3\n", "/etc/resolv.conf")],
)
def test_systemds_stub_is_gone_around(host: Any, text: str, path: str) -> None:
    host.machine.disk.write("/etc/resolv.conf", text)
    assert host.controller.resolv_path == path


def test_a_lab_with_the_same_seed_has_the_same_networks(hosts: Any) -> None:
    assert [network.id for network in hosts().controller.list()] == [
        network.id for network in hosts().controller.list()
    ]
    assert hosts().controller.list()[0].id != hosts(seed=1).controller.list()[0].id
