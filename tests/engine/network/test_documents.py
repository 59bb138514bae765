"""The API's documents of networks have the real engine's keys, in its order."""

from __future__ import annotations

import json
from typing import Any

import pytest

from simulator.engine.errors import EngineError

CREATED = "2023-03-01T09:00:00Z"


def shown(host: Any, name: str) -> str:
    document = host.controller.network_inspect(name)
    return json.dumps(document | {"Id": "ID", "Created": CREATED}, separators=(",", ":"))


def test_the_default_bridge_is_shown_with_its_options(host: Any) -> None:
    assert shown(host, "bridge") == (
        '{"Name":"bridge","Id":"ID","Created":"2023-03-01T09:00:00Z","Scope":"local","Driver":"bridge",'
        '"EnableIPv6":false,"IPAM":{"Driver":"default","Options":null,'
        '"Config":[{"Subnet":"172.17.0.0/16","Gateway":"172.17.0.1"}]},"Internal":false,"Attachable":false,'
        '"Ingress":false,"ConfigFrom":{"Network":""},"ConfigOnly":false,"Containers":{},'
        '"Options":{"com.docker.network.bridge.default_bridge":"true","com.docker.network.bridge.enable_icc":"true",'
        '"com.docker.network.bridge.enable_ip_masquerade":"true",'
        '"com.docker.network.bridge.host_binding_ipv4":"0.0.0.0","com.docker.network.bridge.name":"docker0",'
        '"com.docker.network.driver.mtu":"1500"},"Labels":{}}'
    )


@pytest.mark.parametrize(("name", "driver"), [("host", "host"), ("none", "null")])
def test_networks_without_devices_have_no_subnets(host: Any, name: str, driver: str) -> None:
    document = host.controller.network_inspect(name)
    assert (document["Driver"], document["IPAM"]) == (driver, {"Driver": "default", "Options": None, "Config": []})


def test_what_was_asked_for_is_shown_as_it_was_asked(host: Any) -> None:
    config = {
        "Subnet": "10.10.0.0/24",
        "IPRange": "10.10.0.128/25",
        "Gateway": "10.10.0.254",
        "AuxiliaryAddresses": {"h": "10.10.0.130"},
    }
    host.create("full", IPAM={"Driver": "default", "Options": {}, "Config": [config]}, Internal=True)
    document = host.controller.network_inspect("full")
    assert document["IPAM"] == {"Driver": "default", "Options": {}, "Config": [config]}
    assert list(document["IPAM"]["Config"][0]) == list(config)


@pytest.mark.parametrize(
    ("configs", "expected"),
    [
        ([{"Subnet": "10.5.0.0/24"}], [{"Subnet": "10.5.0.0/24"}]),
        ([{"Subnet": "10.8.0.7/30"}], [{"Subnet": "10.8.0.7/30"}]),
        ([], [{"Subnet": "172.18.0.0/16", "Gateway": "172.18.0.1"}]),
        (
            [{"Subnet": "fd00:9::/64"}],
            [{"Subnet": "172.18.0.0/16", "Gateway": "172.18.0.1"}, {"Subnet": "fd00:9::/64"}],
        ),
    ],
)
def test_a_subnet_of_the_engines_choice_is_shown_with_its_gateway(host: Any, configs: Any, expected: Any) -> None:
    host.create("n1", IPAM={"Config": configs})
    assert host.controller.network_inspect("n1")["IPAM"]["Config"] == expected


def test_containers_are_shown_where_one_network_is_asked_for_and_not_in_lists(host: Any) -> None:
    host.create("n1")
    started = host.start("u1", "n1")
    (endpoint,) = started.endpoints
    assert host.controller.network_inspect("n1")["Containers"] == {
        started.container_id: {
            "Name": "u1",
            "EndpointID": endpoint.id,
            "MacAddress": "02:42:ac:12:00:02",
            "IPv4Address": "172.18.0.2/16",
            "IPv6Address": "",
        }
    }
    assert [document["Containers"] for document in host.controller.network_list({"name": ["n1"]})] == [{}]


FILTERS = [
    ({}, ["none", "host", "bridge", "n1", "n2", "big"]),
    ({"name": ["n"]}, ["none", "n1", "n2"]),
    ({"name": ["^n1$", "big"]}, ["n1", "big"]),
    ({"driver": ["bridge"]}, ["bridge", "n1", "n2", "big"]),
    ({"driver": ["null", "host"]}, ["none", "host"]),
    ({"label": ["env"]}, ["n1", "n2"]),
    ({"label": ["env=live"]}, ["n2"]),
    ({"label": ["env", "tier=web"]}, ["n1"]),
    ({"type": ["custom"]}, ["n1", "n2", "big"]),
    ({"type": ["builtin"]}, ["none", "host", "bridge"]),
    ({"dangling": ["true"]}, ["n1", "n2", "big"]),
    ({"dangling": ["0"]}, ["none", "host", "bridge"]),
    ({"scope": ["x"]}, []),
    ({"scope": ["local"], "driver": ["bridge"], "name": ["big"]}, ["big"]),
]


@pytest.mark.parametrize(("filters", "names"), FILTERS)
def test_lists_are_filtered(host: Any, filters: dict[str, list[str]], names: list[str]) -> None:
    host.create("n1", Labels={"env": "test", "tier": "web"})
    host.create("n2", Labels={"env": "live"})
    host.create("big")
    assert [document["Name"] for document in host.controller.network_list(filters)] == names


@pytest.mark.parametrize(
    ("filters", "status", "message"),
    [
        ({"nosuch": ["1"]}, 400, "Invalid filter 'nosuch'"),
        ({"type": ["nosuch"]}, 500, "invalid filter: 'type'='nosuch'"),
        (
            {"dangling": ["x"]},
            400,
            'invalid value for filter \'dangling\', must be "true" (or "1"), or "false" (or "0")',
        ),
        ({"dangling": ["1", "0"]}, 400, 'got more than one value for filter key "dangling"'),
    ],
)
def test_filters_that_make_no_sense_are_refused(host: Any, filters: Any, status: int, message: str) -> None:
    with pytest.raises(EngineError) as refused:
        host.controller.network_list(filters)
    assert (refused.value.status, refused.value.message) == (status, message)
