"""Networks are made and refused as the real engine does; texts, kinds and their order are recorded from it."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.engine.errors import EngineError

Document = dict[str, Any]


def ipam(*configs: Document, **more: Any) -> Document:
    return {"IPAM": {"Config": list(configs)}, **more}


REFUSALS: list[tuple[Document, int, str]] = [
    ({"Name": ""}, 500, "invalid name: "),
    ({"Name": " "}, 500, "invalid name:  "),
    ({"Name": "", "CheckDuplicate": True}, 409, "network with name  already exists"),
    ({"Name": "bridge"}, 403, "operation is not permitted on predefined bridge network "),
    ({"Name": "bridge", "CheckDuplicate": True}, 403, "operation is not permitted on predefined bridge network "),
    ({"Name": "default"}, 403, "operation is not permitted on predefined default network "),
    ({"Name": "n", "Driver": "host"}, 403, 'only one instance of "host" network is allowed'),
    ({"Name": "n", "Driver": "null"}, 403, 'only one instance of "null" network is allowed'),
    ({"Name": "n", "Driver": "nosuch"}, 404, 'plugin "nosuch" not found'),
    ({"Name": "n", "IPAM": {"Driver": "nosuch"}}, 404, 'plugin "nosuch" not found'),
    ({"Name": "n", "IPAM": {"Driver": "null"}}, 500, "ipv4 pool is empty"),
    ({"Name": "n", "Ingress": True}, 403, "Ingress network can only be global scope network"),
    ({"Name": "n", "Scope": "swarm"}, 403, "cannot create a swarm scoped network when swarm is not active"),
    ({"Name": "n", **ipam({"Subnet": "nonsense"})}, 500, "Invalid subnet nonsense : invalid CIDR address: nonsense"),
    ({"Name": "n", **ipam({"Gateway": "10.4.0.1"})}, 500, "Invalid subnet  : invalid CIDR address: "),
    ({"Name": "n", **ipam({"Subnet": "172.17.5.0/24"})}, 403, "Pool overlaps with other one on this address space"),
    (
        {"Name": "n", **ipam({"Subnet": "10.3.0.0/24", "Gateway": "10.4.0.1"})},
        500,
        "failed to allocate gateway (10.4.0.1): Requested address is out of range",
    ),
    (
        {"Name": "n", **ipam({"Subnet": "10.6.0.0/31"})},
        500,
        "failed to allocate gateway (): No available addresses on this pool",
    ),
    (
        {"Name": "n", **ipam({"Subnet": "10.11.0.0/24", "Gateway": "10.11.0.255"})},
        500,
        "failed to allocate gateway (10.11.0.255): Address already in use",
    ),
    (
        {"Name": "n", **ipam({"Subnet": "10.3.0.0/24", "IPRange": "x"})},
        500,
        (
            'failed to parse pool request for address space "LocalDefault" pool "10.3.0.0/24" subpool "x": '
            "Invalid Address SubPool"
        ),
    ),
    (
        {"Name": "n", **ipam({"Subnet": "10.3.0.0/24"}, {"Subnet": "10.4.0.0/24"})},
        403,
        "bridge driver doesn't support multiple subnets",
    ),
    (
        {"Name": "n", **ipam({"Subnet": "10.3.0.0/24", "AuxiliaryAddresses": {"h": "10.9.0.1"}})},
        403,
        "auxiliary address: (h:10.9.0.1) must belong to the master pool: 10.3.0.0/24",
    ),
    (
        {"Name": "n", "EnableIPv6": True},
        404,
        "could not find an available, non-overlapping IPv6 address pool among the defaults to assign to the network",
    ),
    (
        {"Name": "n", "Options": {"com.docker.network.bridge.enable_icc": "maybe"}},
        500,
        (
            "failed to parse com.docker.network.bridge.enable_icc value: maybe "
            '(strconv.ParseBool: parsing "maybe": invalid syntax)'
        ),
    ),
    (
        {"Name": "n", "Options": {"com.docker.network.driver.mtu": "big"}},
        500,
        'failed to parse com.docker.network.driver.mtu value: big (strconv.Atoi: parsing "big": invalid syntax)',
    ),
    ({"Name": "n", "Options": {"com.docker.network.driver.mtu": "-1"}}, 500, "invalid MTU number: -1"),
    (
        {"Name": "n", "Options": {"com.docker.network.bridge.host_binding_ipv4": "x"}},
        500,
        "failed to parse com.docker.network.bridge.host_binding_ipv4 value: x (nil ip)",
    ),
    (
        {"Name": "n", "Options": {"com.docker.network.bridge.name": "a-name-that-is-too-long"}},
        500,
        "failed to check bridge interface existence: numerical result out of range",
    ),
    (
        {"Name": "n", "Options": {"com.docker.network.bridge.name": "eth0"}},
        500,
        "existing interface eth0 is not a bridge",
    ),
    (
        {"Name": "n", "ConfigOnly": True, "Internal": True},
        403,
        (
            "configuration network can only contain network specific fields. Network operator fields like "
            "[ ingress | internal | attachable | scope ] are not supported."
        ),
    ),
    ({"Name": "n", "ConfigFrom": {"Network": "nope"}}, 404, 'configuration network "nope" does not exist'),
    (
        {"Name": "n", "ConfigFrom": {"Network": "nope"}, "Labels": {"x": "y"}},
        403,
        "user specified configurations are not supported if the network depends on a configuration network",
    ),
    (
        {"Name": "n", "Driver": "macvlan", "Options": {"parent": "eth7"}},
        500,
        "invalid subinterface vlan name eth7, example formatting is eth0.10",
    ),
    (
        {"Name": "n", "Driver": "macvlan", "Options": {"macvlan_mode": "x"}},
        500,
        "requested macvlan mode 'x' is not valid, 'bridge' mode is the macvlan driver default",
    ),
    (
        {"Name": "n", "Driver": "ipvlan", "Options": {"parent": "lo"}},
        500,
        "loopback interface is not a valid ipvlan parent link",
    ),
]


@pytest.mark.parametrize(("document", "status", "message"), REFUSALS)
def test_what_cannot_be_is_refused_and_leaves_nothing(host: Any, document: Document, status: int, message: str) -> None:
    devices = [device.name for device in host.machine.netns.listed()]
    with pytest.raises(EngineError) as refused:
        host.controller.network_create(document)
    assert (refused.value.status, refused.value.message) == (status, message)
    assert [network.name for network in host.controller.list()] == ["none", "host", "bridge"]
    assert [device.name for device in host.machine.netns.listed()] == devices


def test_a_name_may_be_had_twice_unless_that_is_checked(host: Any) -> None:
    first = host.controller.network_create({"Name": "dup", "CheckDuplicate": True})
    assert first["Warning"] == ""
    second = host.controller.network_create({"Name": "dup"})
    assert second["Warning"] == f"Network with name dup (id : {first['Id']}) already exists"
    with pytest.raises(EngineError, match="network with name dup already exists"):
        host.controller.network_create({"Name": "dup", "CheckDuplicate": True})


def test_a_failed_creation_uses_up_a_subnet_of_the_list(host: Any) -> None:
    with pytest.raises(EngineError):
        host.create("bad", Options={"com.docker.network.driver.mtu": "big"})
    host.create("n1")
    assert host.controller.find("n1").leases4[0].pool.subnet.exploded == "172.19.0.0/16"


def test_subnets_that_the_host_is_on_are_passed_over_unless_asked_for(host: Any) -> None:
    host.machine.netns.device("eth0").add_address("172.18.3.4/24", broadcast="172.18.3.255")
    host.create("n1")
    host.create("n2", **ipam({"Subnet": "172.18.3.0/24"}))
    assert [str(host.controller.find(name).leases4[0].pool.subnet) for name in ("n1", "n2")] == [
        "172.19.0.0/16",
        "172.18.3.0/24",
    ]


def test_a_subnet_with_a_name_server_of_the_host_in_it_is_passed_over(host: Any) -> None:
    host.machine.disk.write("/etc/resolv.conf", b"nameserver 172.18.0.53\n")
    host.create("n1")
    assert str(host.controller.find("n1").leases4[0].pool.subnet) == "172.19.0.0/16"


@pytest.mark.parametrize("auxiliary", ["nonsense", "10.9.0.1"])
def test_after_a_bad_auxiliary_address_the_subnet_stays_taken(host: Any, auxiliary: str) -> None:
    with pytest.raises(EngineError):
        host.create("x", **ipam({"Subnet": "10.3.0.0/24", "AuxiliaryAddresses": {"h": auxiliary}}))
    with pytest.raises(EngineError, match="Pool overlaps"):
        host.create("x", **ipam({"Subnet": "10.3.0.0/24"}))


@pytest.mark.parametrize(
    "settings",
    [
        ipam({"Subnet": "10.5.0.0/24", "Gateway": "10.9.0.1"}),
        ipam({"Subnet": "10.5.0.0/24"}, Options={"com.docker.network.driver.mtu": "big"}),
        ipam({"Subnet": "10.5.0.0/24"}, EnableIPv6=True),
    ],
)
def test_after_other_refusals_the_subnet_is_free_again(host: Any, settings: Document) -> None:
    with pytest.raises(EngineError):
        host.create("x", **settings)
    host.create("x", **ipam({"Subnet": "10.5.0.0/24"}))


def test_each_new_network_puts_the_users_chain_first_again(host: Any) -> None:
    filters = host.machine.netns.netfilter.table("filter")
    filters.flush("DOCKER-USER")
    filters.delete("FORWARD", 1)
    host.create("n1")
    assert host.rules("filter", "DOCKER-USER") == ["-j RETURN"]
    assert host.rules("filter", "FORWARD")[:2] == ["-j DOCKER-USER", "-j DOCKER-ISOLATION-STAGE-1"]


def test_a_network_on_docker0_takes_the_place_of_the_default_one(host: Any) -> None:
    host.start("a1", "bridge")
    host.create("z7", Options={"com.docker.network.bridge.name": "docker0"})
    assert [device.name for device in host.machine.netns.listed()] == ["lo", "eth0", "docker0"]
    assert "-s 172.17.0.0/16 ! -o docker0 -j MASQUERADE" not in host.rules("nat", "POSTROUTING")
    host.start("a2")
    with pytest.raises(EngineError, match=r"failed to create endpoint a2 on network bridge: network .* does not exist"):
        host.connect("a2", "bridge")


def test_ranges_of_one_subnet_get_as_far_as_the_driver(host: Any) -> None:
    first = host.create("r1", **ipam({"Subnet": "10.5.0.0/24"}))
    with pytest.raises(EngineError) as refused:
        host.create("r2", **ipam({"Subnet": "10.5.0.0/24", "IPRange": "10.5.0.128/25"}))
    assert refused.value.message.endswith(
        f"conflicts with network {first} (br-{first[:12]}): networks have overlapping IPv4"
    )


def test_two_networks_cannot_have_one_bridge(host: Any) -> None:
    first = host.create("web", Options={"com.docker.network.bridge.name": "br-web"})
    with pytest.raises(EngineError) as refused:
        host.create("other", Options={"com.docker.network.bridge.name": "br-web"})
    assert refused.value.status == 403
    assert refused.value.message.endswith(
        f" (br-web): conflicts with network {first} (br-web): networks have same bridge name"
    )


def test_a_configuration_is_kept_as_a_network_and_used_by_others(host: Any) -> None:
    options = {"com.docker.network.driver.mtu": "1300"}
    host.create("conf", ConfigOnly=True, Labels={"a": "b"}, Options=options, **ipam({"Subnet": "192.168.100.0/24"}))
    host.create("real", ConfigFrom={"Network": "conf"})
    conf, real = (host.controller.network_inspect(name) for name in ("conf", "real"))
    assert (conf["Driver"], conf["ConfigOnly"], conf["IPAM"]["Config"]) == (
        "null",
        True,
        [{"Subnet": "192.168.100.0/24"}],
    )
    assert (real["Driver"], real["ConfigFrom"], real["Labels"], real["Options"]) == (
        "bridge",
        {"Network": "conf"},
        {"a": "b"},
        options,
    )
    with pytest.raises(EngineError, match='configuration network "conf" is in use'):
        host.controller.remove("conf")
    host.controller.remove("real")
    host.controller.remove("conf")


def test_one_parent_serves_one_macvlan_network(host: Any) -> None:
    lan = host.create("lan", Driver="macvlan", Options={"parent": "eth0"}, **ipam({"Subnet": "10.0.3.0/24"}))
    host.create("ipv", Driver="ipvlan", Options={"parent": "eth0"}, **ipam({"Subnet": "10.0.4.0/24"}))
    with pytest.raises(EngineError, match=f"network dm-{lan[:12]} is already using parent interface eth0"):
        host.create("again", Driver="macvlan", Options={"parent": "eth0"}, **ipam({"Subnet": "10.0.5.0/24"}))
