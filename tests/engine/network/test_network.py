"""Endpoints get their addresses as the real engine gives them, and refusals leave nothing behind."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.engine.errors import EngineError
from simulator.kernel.device import Dummy


def addresses(host: Any, network: str) -> dict[str, str]:
    return {endpoint.name: endpoint.ipv4 for endpoint in host.controller.find(network).endpoints.values()}


def subnet(text: str, **more: Any) -> Any:
    return {"IPAM": {"Config": [{"Subnet": text, **more}]}}


def test_automatic_addresses_go_around_fixed_ones(host: Any) -> None:
    host.create("n1", **subnet("10.20.0.0/24"))
    host.start("f3")
    host.connect("f3", "n1", ipv4="10.20.0.3")
    host.start("a1", "n1")
    host.start("a2", "n1")
    assert addresses(host, "n1") == {"f3": "10.20.0.3/24", "a1": "10.20.0.2/24", "a2": "10.20.0.4/24"}


def test_a_stop_frees_an_address_and_the_order_of_starts_decides(host: Any) -> None:
    for name in ("a1", "a2", "a3"):
        host.start(name, "bridge")
    host.stop("a1")
    host.stop("a2")
    host.start("a4", "bridge")
    host.start("a1", "bridge")
    assert addresses(host, "bridge") == {"a3": "172.17.0.4/16", "a4": "172.17.0.2/16", "a1": "172.17.0.3/16"}


@pytest.mark.parametrize(
    ("wanted", "status", "message"),
    [
        ("10.20.0.2", 403, "Address already in use"),
        ("10.20.0.0", 403, "Address already in use"),
        ("10.20.0.255", 403, "Address already in use"),
        ("10.21.0.2", 500, "Invalid address 10.21.0.2: It does not belong to any of this network's subnets"),
    ],
)
def test_an_address_that_cannot_be_had_is_refused(host: Any, wanted: str, status: int, message: str) -> None:
    host.create("n1", **subnet("10.20.0.0/24"))
    host.start("a1", "n1")
    host.start("a2")
    devices = len(host.machine.netns.devices)
    with pytest.raises(EngineError) as refused:
        host.connect("a2", "n1", ipv4=wanted)
    assert (refused.value.status, refused.value.message) == (status, message)
    assert list(addresses(host, "n1")) == ["a1"]
    assert len(host.machine.netns.devices) == devices


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"ipv4": "10.9.0.999"}, "Invalid IPv4 address: 10.9.0.999)"),
        ({"ipv6": "x"}, "Invalid IPv6 address: x)"),
        ({"link_local": ("169.254.1.1", "x")}, "Invalid link-local IP address: [169.254.1.1 x]"),
        ({"mac": "nonsense"}, "address nonsense: invalid MAC address"),
    ],
)
def test_what_is_no_address_is_refused(host: Any, asked: Any, message: str) -> None:
    host.create("n1")
    host.start("a1")
    with pytest.raises(EngineError) as refused:
        host.connect("a1", "n1", **asked)
    assert (refused.value.status, refused.value.message) == (500, message)


def test_the_first_address_of_a_range_is_the_bridges(host: Any) -> None:
    host.create("r1", **subnet("172.28.0.0/16", IPRange="172.28.5.0/30"))
    for name in ("a1", "a2", "a3"):
        host.start(name, "r1")
    assert addresses(host, "r1") == {"a1": "172.28.5.1/16", "a2": "172.28.5.2/16", "a3": "172.28.5.3/16"}
    host.start("a4")
    with pytest.raises(EngineError) as refused:
        host.connect("a4", "r1")
    identity = host.controller.find("r1").id
    pools = "no available IPv4 addresses on this network's address pools"
    assert (refused.value.status, refused.value.message) == (500, f"{pools}: r1 ({identity})")
    host.connect("a4", "r1", ipv4="172.28.9.9")
    assert addresses(host, "r1")["a4"] == "172.28.9.9/16"


def test_a_full_subnet_has_no_address_to_ask_for_either(host: Any) -> None:
    host.create("t1", **subnet("10.60.0.0/30"))
    host.start("a1", "t1")
    host.start("a2")
    with pytest.raises(EngineError, match=r"^No available addresses on this pool$"):
        host.connect("a2", "t1", ipv4="10.60.0.2")


def test_without_its_bridge_a_network_takes_nobody_and_loses_no_address(host: Any) -> None:
    host.create("n1", Options={"com.docker.network.bridge.name": "br0"})
    host.machine.netns.device("br0").delete()
    host.start("a1")
    for _ in range(2):
        with pytest.raises(EngineError, match="to bridge br0 failed: could not find bridge br0"):
            host.connect("a1", "n1")
    lease = host.controller.find("n1").leases4[0]
    assert host.controller.allocator.request_address(lease.pool) == "172.18.0.2"
    assert [device.name for device in host.machine.netns.listed()] == ["lo", "eth0", "docker0"]
    host.controller.remove("n1")


def test_a_configuration_only_network_has_no_endpoints(host: Any) -> None:
    host.create("conf", ConfigOnly=True)
    host.start("a1")
    with pytest.raises(EngineError, match="cannot create endpoint on configuration-only network"):
        host.connect("a1", "conf")


def test_host_and_none_give_neither_address_nor_device(host: Any) -> None:
    host.start("n1", "none")
    host.start("h1", "host", host=True)
    for name in ("none", "host"):
        (endpoint,) = host.controller.find(name).endpoints.values()
        assert (endpoint.ipv4, endpoint.mac, endpoint.device) == (None, "", None)
    assert [device.name for device in host.started["n1"].netns.listed()] == ["lo"]


def test_a_default_gateway_may_be_another_machine(host: Any) -> None:
    host.create("y3", **subnet("10.13.0.0/24", AuxiliaryAddresses={"DefaultGatewayIPv4": "10.13.0.9"}))
    host.start("a1", "y3")
    assert str(host.started["a1"].netns.fib.routes()[0]) == "default via 10.13.0.9 dev eth0"
    assert addresses(host, "y3") == {"a1": "10.13.0.2/24"}


def test_a_bridge_without_a_free_port_takes_nobody_and_leaves_nothing(host: Any) -> None:
    host.create("n1", Options={"com.docker.network.bridge.name": "br0"})
    bridge = host.machine.netns.device("br0")
    for number in range(1023):
        bridge.attach(Dummy(host.machine.netns, f"d{number}", mac="02:00:00:00:00:01"))
    host.start("a1")
    before = len(host.machine.netns.devices)
    with pytest.raises(EngineError, match=r"adding interface veth\w{7} to bridge br0 failed: exchange full"):
        host.connect("a1", "n1")
    assert len(host.machine.netns.devices) == before
