"""Containers on several networks: device names, the way out, ports and files follow the real engine's rules."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from simulator.engine.errors import EngineError
from simulator.engine.network.resolv_conf import DnsOptions
from simulator.engine.network.sandbox import ParentUpdate

WEB = {"exposed": {"80/tcp": {}}, "bindings": {"80/tcp": [{"HostIp": "", "HostPort": "8080"}]}}
FIXED_LINES = 6


def devices(host: Any, name: str) -> dict[str, tuple[int, str]]:
    """The container's devices: index and IPv4 address."""
    found = {}
    for device in host.started[name].netns.listed():
        addresses = [str(address) for address in device.addresses if address.version == 4]
        found[device.name] = (device.ifindex, addresses[0])
    return found


def routes(host: Any, name: str) -> list[str]:
    return [str(route).replace(" proto kernel scope link", "") for route in host.started[name].netns.fib.routes()]


def own_lines(host: Any, name: str) -> list[str]:
    return host.file(name, "hosts").splitlines()[FIXED_LINES:]


def published(host: Any, name: str) -> list[str]:
    entries = host.started[name].ports().get("80/tcp") or []
    return [f"{entry['HostIp']} {entry['HostPort']}" for entry in entries]


def test_the_key_of_a_sandbox_is_a_file_that_stands_for_its_namespace(host: Any) -> None:
    host.start("a1")
    sandbox, disk = host.started["a1"], host.machine.disk
    assert disk.lookup(sandbox.key).content is sandbox.netns
    sandbox.close()
    assert not disk.exists(sandbox.key)


def test_devices_are_numbered_by_the_networks_names_and_indexed_by_the_order_of_joining(host: Any) -> None:
    host.create("zz")
    host.create("aa")
    host.start("m1", "bridge", "zz", "aa")
    assert devices(host, "m1") == {
        "lo": (1, "127.0.0.1/8"),
        "eth1": (6, "172.17.0.2/16"),
        "eth2": (8, "172.18.0.2/16"),
        "eth0": (10, "172.19.0.2/16"),
    }
    assert routes(host, "m1")[0] == "default via 172.19.0.1 dev eth0"


def test_the_containers_end_of_a_pair_has_the_lower_index(host: Any) -> None:
    host.start("a1", "bridge")
    inside = host.started["a1"].netns.device("eth0")
    outside = host.machine.netns.listed()[-1]
    assert (inside.ifindex, inside.peer_ifindex) == (4, 5)
    assert (outside.ifindex, outside.peer_ifindex, outside.name[:4], outside.master.name) == (5, 4, "veth", "docker0")
    assert inside.running
    assert outside.running


def test_connecting_again_gives_the_next_number_and_a_restart_begins_anew(host: Any) -> None:
    host.create("n1")
    host.start("a1", "bridge", "n1")
    host.disconnect("a1", "n1")
    host.connect("a1", "n1")
    assert list(devices(host, "a1")) == ["lo", "eth0", "eth2"]
    host.stop("a1")
    host.start("a1", "n1")
    assert list(devices(host, "a1")) == ["lo", "eth0"]


def test_the_default_route_is_that_of_the_network_whose_name_sorts_first(host: Any) -> None:
    host.create("zz")
    host.create("aa")
    host.start("a1", "zz")
    assert routes(host, "a1")[0] == "default via 172.18.0.1 dev eth0"
    host.connect("a1", "aa")
    assert routes(host, "a1")[0] == "default via 172.19.0.1 dev eth1"
    host.disconnect("a1", "aa")
    assert routes(host, "a1") == ["default via 172.18.0.1 dev eth0", "172.18.0.0/16 dev eth0 src 172.18.0.2"]
    host.disconnect("a1", "zz")
    assert routes(host, "a1") == []


def test_an_internal_network_is_the_way_out_only_without_another(host: Any) -> None:
    host.create("aint", Internal=True)
    host.create("zz")
    host.start("a1", "aint", "zz")
    assert routes(host, "a1")[0] == "default via 172.19.0.1 dev eth0"
    host.disconnect("a1", "zz")
    assert routes(host, "a1")[0] == "default via 172.18.0.1 dev eth1"


def test_ipv6_is_on_only_where_the_network_has_it(host: Any) -> None:
    host.create("six", EnableIPv6=True, IPAM={"Config": [{"Subnet": "fd00:17::/64"}]})
    host.start("a1", "bridge")
    host.start("web", "six")
    web, plain = host.started["web"].netns, host.started["a1"].netns
    assert [str(address) for address in plain.loopback.addresses] == ["127.0.0.1/8"]
    assert "::1/128" in [str(address) for address in web.loopback.addresses]
    assert "fd00:17::2/64" in [str(address) for address in web.device("eth0").addresses]
    assert plain.sysctl["net.ipv6.conf.all.disable_ipv6"] == "1"
    assert web.sysctl["net.ipv6.conf.eth0.disable_ipv6"] == "0"
    assert "default via fd00:17::1 dev eth0 metric 1024" in [str(route) for route in web.fib.routes(version=6)]
    bridge = next(device for device in host.machine.netns.listed() if device.name.startswith("br-"))
    assert {"fd00:17::1/64", "fe80::1/64"} <= {str(address) for address in bridge.addresses}
    host.disconnect("web", "six")
    assert [str(address) for address in web.loopback.addresses] == ["127.0.0.1/8"]


def test_link_local_addresses_come_with_the_endpoint(host: Any) -> None:
    host.create("n1")
    host.start("a1")
    host.connect("a1", "n1", link_local=("169.254.8.8",))
    addresses = [str(address) for address in host.started["a1"].netns.device("eth0").addresses]
    assert addresses == ["172.18.0.2/16", "169.254.8.8/16"]
    with pytest.raises(EngineError, match=r"invalid link local IP address: 10\.0\.0\.1"):
        host.connect("a1", "bridge", link_local=("10.0.0.1",))


def test_a_mac_address_is_that_of_the_ipv4_address_or_the_one_asked_for(host: Any) -> None:
    host.create("n1")
    host.start("a1", "n1")
    host.start("a2")
    host.connect("a2", "n1", mac="92:d0:c6:0a:29:33")
    assert [host.started[name].netns.device("eth0").mac for name in ("a1", "a2")] == [
        "02:42:ac:12:00:02",
        "92:d0:c6:0a:29:33",
    ]


def test_the_prefix_of_device_names_may_be_chosen(host: Any) -> None:
    host.create("n1", Options={"com.docker.network.container_iface_prefix": "lan"})
    host.start("a1", "n1")
    assert list(devices(host, "a1")) == ["lo", "lan0"]


def test_addresses_that_conflict_with_a_route_are_refused_and_leave_nothing(host: Any) -> None:
    host.create("n1")
    host.start("a1", "n1")
    host.started["a1"].netns.device("eth0").add_address("172.17.9.9/16", broadcast="172.17.255.255")
    with pytest.raises(EngineError, match="because it conflicts with existing route"):
        host.connect("a1", "bridge")
    assert host.controller.find("bridge").endpoints == {}
    assert [endpoint.network.name for endpoint in host.started["a1"].endpoints] == ["n1"]


# -- ports ------------------------------------------------------------------------------------------------------------


def test_a_port_without_an_address_is_published_on_both_families(host: Any) -> None:
    host.start("web", "bridge", **WEB)
    assert published(host, "web") == ["0.0.0.0 8080", ":: 8080"]


def test_an_older_engine_publishes_on_ipv4_alone(hosts: Any) -> None:
    host = hosts(name="18.09")
    host.start("web", "bridge", **WEB)
    assert published(host, "web") == ["0.0.0.0 8080"]


def test_ports_follow_the_way_out(host: Any) -> None:
    host.create("aa")
    host.start("web", "bridge", **WEB)
    host.connect("web", "aa")
    (rule,) = [rule for rule in host.rules("nat", "DOCKER") if "DNAT" in rule]
    assert rule.endswith("--to-destination 172.18.0.2:80")
    host.disconnect("web", "aa")
    (rule,) = [rule for rule in host.rules("nat", "DOCKER") if "DNAT" in rule]
    assert rule.endswith("--to-destination 172.17.0.2:80")
    assert published(host, "web") == ["0.0.0.0 8080", ":: 8080"]


def test_ports_go_with_the_last_network_and_come_back_with_the_next(host: Any) -> None:
    host.start("web", "bridge", **WEB)
    host.disconnect("web", "bridge")
    assert host.started["web"].ports() == {}
    host.connect("web", "bridge")
    assert published(host, "web") == ["0.0.0.0 8080", ":: 8080"]


def test_on_an_internal_network_nothing_is_published(host: Any) -> None:
    host.create("lab", Internal=True)
    host.start("web", "lab", **WEB)
    assert host.started["web"].ports() == {}


def test_a_container_left_on_an_internal_network_has_proxies_and_no_rules(host: Any) -> None:
    host.create("lab", Internal=True)
    host.start("web", "bridge", "lab", **WEB)
    host.disconnect("web", "bridge")
    assert published(host, "web") == ["0.0.0.0 8080", ":: 8080"]
    assert [rule for rule in host.rules("nat", "DOCKER") if "DNAT" in rule] == []


def test_a_port_that_is_taken_is_refused_and_leaves_nothing(host: Any) -> None:
    host.start("p1", "bridge", **WEB)
    before = (host.rules("nat", "DOCKER"), [device.name for device in host.machine.netns.listed()])
    host.prepare("p2", **WEB)
    with pytest.raises(EngineError) as refused:
        host.connect("p2", "bridge")
    failed, _, rest = refused.value.message.partition(" on endpoint p2 (")
    assert failed == "driver failed programming external connectivity"
    assert rest[64:] == "): Bind for 0.0.0.0:8080 failed: port is already allocated"
    assert before == (host.rules("nat", "DOCKER"), [device.name for device in host.machine.netns.listed()])
    host.stop("p1")
    host.connect("p2", "bridge")
    assert host.started["p2"].endpoints[0].ipv4 == "172.17.0.2/16"


def test_when_one_port_cannot_be_had_the_others_are_given_back(host: Any) -> None:
    host.start("p1", "bridge", **WEB)
    two = {
        "exposed": {"80/tcp": {}, "81/tcp": {}},
        "bindings": {"80/tcp": [{"HostPort": "8080"}], "81/tcp": [{"HostPort": "9090"}]},
    }
    host.prepare("p2", **two)
    with pytest.raises(EngineError, match="8080"):
        host.connect("p2", "bridge")
    assert [rule for rule in host.rules("nat", "DOCKER") if "9090" in rule] == []
    host.stop("p1")
    host.connect("p2", "bridge")


def test_a_network_that_cannot_publish_is_not_joined_and_the_ports_stay_where_they_are(host: Any) -> None:
    host.create("aa", Options={"com.docker.network.bridge.host_binding_ipv4": "10.0.2.99"})
    host.start("web", "bridge", **WEB)
    with pytest.raises(EngineError, match="cannot assign requested address"):
        host.connect("web", "aa")
    assert published(host, "web") == ["0.0.0.0 8080", ":: 8080"]
    assert routes(host, "web")[0] == "default via 172.17.0.1 dev eth0"
    assert [endpoint.network.name for endpoint in host.started["web"].endpoints] == ["bridge"]


def test_ports_of_the_engines_choice_go_on_after_a_restart(host: Any) -> None:
    any_port = {"exposed": {"80/tcp": {}}, "bindings": {"80/tcp": [{"HostIp": "", "HostPort": ""}]}}
    local = {"exposed": {"80/tcp": {}}, "bindings": {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": ""}]}}
    for name in ("p1", "p2"):
        host.start(name, "bridge", **any_port)
    host.start("p3", "bridge", **local)
    assert published(host, "p3") == ["127.0.0.1 32770"]
    host.stop("p1")
    host.start("p1", "bridge", **any_port)
    assert published(host, "p1") == ["0.0.0.0 32771", ":: 32770"]


def test_a_network_may_bind_ports_to_one_address(host: Any) -> None:
    host.create("hb", Options={"com.docker.network.bridge.host_binding_ipv4": "127.0.0.1"})
    host.start("q1", "hb", **WEB)
    assert published(host, "q1") == ["127.0.0.1 8080"]
    assert any(rule.startswith("-d 127.0.0.1/32 ! -i br-") for rule in host.rules("nat", "DOCKER"))


# -- files ------------------------------------------------------------------------------------------------------------


def test_the_own_line_comes_with_each_network(host: Any) -> None:
    host.create("n1")
    host.start("a1", "bridge", extra_hosts=(("10.0.2.2", "router"),))
    host.connect("a1", "n1")
    assert own_lines(host, "a1") == [
        "10.0.2.2\trouter",
        "172.17.0.2\t000000000001",
        "172.18.0.2\t000000000001",
    ]


def test_leaving_the_default_bridge_removes_no_line_and_leaving_another_all_of_the_own_name(host: Any) -> None:
    host.create("n1")
    host.start("a1", "bridge", "n1")
    host.disconnect("a1", "bridge")
    assert own_lines(host, "a1") == ["172.17.0.2\t000000000001", "172.18.0.2\t000000000001"]
    host.disconnect("a1", "n1")
    assert own_lines(host, "a1") == []


def test_resolv_conf_is_the_hosts_until_a_user_defined_network_comes(host: Any) -> None:
    host.create("n1")
    host.start("a1", "bridge")
    assert host.file("a1", "resolv.conf") == "nameserver 10.0.2.3\n"
    host.connect("a1", "n1")
    assert host.file("a1", "resolv.conf") == "nameserver 127.0.0.11\noptions ndots:0\n"
    host.disconnect("a1", "n1")
    assert host.file("a1", "resolv.conf") == "nameserver 127.0.0.11\noptions ndots:0\n"


def test_a_changed_resolv_conf_is_left_alone(host: Any) -> None:
    host.create("n1")
    host.create("n2")
    host.start("a1", "n1")
    path = host.started["a1"].config.resolv_path
    host.machine.disk.write(path, b"# edit\n", append=True)
    host.connect("a1", "n2")
    assert host.file("a1", "resolv.conf").endswith("# edit\n")


def test_a_loopback_server_that_was_chosen_is_the_containers_own(host: Any) -> None:
    host.create("n1")
    host.start("a1", "n1", dns=DnsOptions(("127.0.0.1", "1.1.1.1")))
    assert host.started["a1"].external_servers == [("127.0.0.1", False), ("1.1.1.1", False)]


def test_an_ndots_that_makes_no_sense_keeps_the_embedded_dns_off(host: Any) -> None:
    host.create("n1")
    host.start("a1", "n1", dns=DnsOptions(options=("ndots:x",)))
    assert host.file("a1", "resolv.conf") == "nameserver 10.0.2.3\noptions ndots:x\n"
    assert host.started["a1"].resolver is None


def test_in_the_hosts_network_the_files_are_the_hosts(host: Any) -> None:
    host.start("h1", "host", host=True)
    host.start("h2", "host", host=True, extra_hosts=(("1.2.3.4", "a"),), dns=DnsOptions(("10.0.2.2",)))
    assert host.file("h1", "hosts") == "127.0.0.1\tlocalhost\n127.0.1.1\tdocker-host\n"
    assert host.file("h1", "resolv.conf") == "nameserver 10.0.2.3\n"
    assert own_lines(host, "h2") == ["1.2.3.4\ta"]
    assert host.file("h2", "resolv.conf") == "nameserver 10.0.2.2\n"
    assert host.started["h1"].netns is host.machine.netns
    assert host.started["h1"].key == "/var/run/docker/netns/default"


def test_a_link_gets_the_new_address_of_a_container_that_started_again(host: Any) -> None:
    host.start("a2", "bridge", extra_hosts=(("172.17.0.9", "a1 a3ea3c4f2644"),))
    parent = host.started["a2"].container_id
    host.start("a1", parent_updates=(ParentUpdate(parent, "a1", "172.17.0.4"),))
    assert own_lines(host, "a2")[0] == "172.17.0.4\ta1 a3ea3c4f2644"


def test_refreshing_rewrites_the_files_and_renumbers_the_devices(host: Any) -> None:
    sandbox = host.start("a1", "bridge", extra_hosts=(("172.17.0.9", "first"),), **WEB)
    sandbox.refresh(replace(sandbox.config, extra_hosts=()))
    assert own_lines(host, "a1") == ["172.17.0.2\t000000000001"]
    assert list(devices(host, "a1")) == ["lo", "eth1"]
    assert published(host, "a1") == ["0.0.0.0 8080", ":: 8080"]


# -- the end ----------------------------------------------------------------------------------------------------------


def test_a_container_that_ends_leaves_nothing_on_the_host(host: Any) -> None:
    host.create("n1")
    fresh = (host.rules("nat", "DOCKER"), host.rules("filter", "DOCKER"), len(host.machine.netns.devices))
    processes = len(host.machine.processes)
    host.start("web", "bridge", "n1", **WEB)
    host.stop("web")
    host.clock.run(until=host.clock.now + 1)
    assert fresh == (host.rules("nat", "DOCKER"), host.rules("filter", "DOCKER"), len(host.machine.netns.devices))
    assert len(host.machine.processes) == processes
    assert host.machine.netns.sockets.list() == []


def test_another_container_that_shares_the_namespace_keeps_lo(host: Any) -> None:
    netns = host.start("web", "bridge").netns
    host.stop("web")
    assert [device.name for device in netns.listed()] == ["lo"]


def test_an_endpoint_is_attached_once(host: Any) -> None:
    host.start("a1", "bridge")
    with pytest.raises(EngineError, match="endpoint with name a1 already exists in network bridge"):
        host.connect("a1", "bridge")
    with pytest.raises(EngineError, match="another container is attached to the same network endpoint"):
        host.prepare("a2").attach(host.started["a1"].endpoints[0])


def test_a_rename_is_known_to_the_networks_at_once(host: Any) -> None:
    host.create("n1")
    sandbox = host.start("web", "n1")
    sandbox.rename("www")
    records = host.controller.find("n1").records
    assert (records.addresses("web"), records.addresses("www")) == ([], ["172.18.0.2"])
    assert records.name_of("2.0.18.172") == "www"
