"""Ports are read, chosen and shown as the real engine does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.engine.errors import System
from simulator.engine.network.ports import ContainerPort, PortAllocator, PortBinding, port_settings, ports_document


def test_a_port_of_the_engines_own_choice_goes_on_behind_the_last() -> None:
    ports = PortAllocator()
    assert [ports.request("0.0.0.0", "tcp") for _ in range(3)] == [32768, 32769, 32770]
    ports.release("0.0.0.0", "tcp", 32769)
    assert ports.request("0.0.0.0", "tcp") == 32771


def test_addresses_and_protocols_are_counted_apart() -> None:
    ports = PortAllocator()
    assert {ports.request(ip, proto) for ip in ("0.0.0.0", "::", "127.0.0.1") for proto in ("tcp", "udp")} == {32768}


def test_a_port_is_given_once_per_address_and_protocol() -> None:
    ports = PortAllocator()
    ports.request("0.0.0.0", "tcp", 80, 80)
    ports.request("127.0.0.1", "tcp", 80, 80)
    ports.request("0.0.0.0", "udp", 80, 80)
    with pytest.raises(System, match=r"^Bind for 0\.0\.0\.0:80 failed: port is already allocated$"):
        ports.request("0.0.0.0", "tcp", 80, 80)


def test_a_range_remembers_what_it_gave_and_is_one_with_single_ports() -> None:
    ports = PortAllocator()
    ports.request("0.0.0.0", "tcp", 7001, 7001)
    assert [ports.request("0.0.0.0", "tcp", 7000, 7003) for _ in range(2)] == [7000, 7002]
    ports.release("0.0.0.0", "tcp", 7000)
    assert ports.request("0.0.0.0", "tcp", 7000, 7003) == 7003
    assert ports.request("0.0.0.0", "tcp", 7000, 7003) == 7000
    with pytest.raises(System, match="all ports are allocated"):
        ports.request("0.0.0.0", "tcp", 7000, 7003)


@given(st.lists(st.one_of(st.none(), st.integers(0, 9)), max_size=60))
def test_no_port_is_held_twice(steps: list[int | None]) -> None:
    """None: any; n: give back the n-th that is held."""
    ports, held = PortAllocator(40000, 40004), []
    for step in steps:
        if step is None and len(held) == 5:
            with pytest.raises(System):
                ports.request("0.0.0.0", "tcp")
        elif step is None:
            number = ports.request("0.0.0.0", "tcp")
            assert number not in held
            assert 40000 <= number <= 40004
            held.append(number)
        elif held:
            ports.release("0.0.0.0", "tcp", held.pop(step % len(held)))


def test_bindings_are_made_from_the_highest_host_port_down() -> None:
    exposed = {"443/tcp": {}, "80/tcp": {}, "9000/udp": {}}
    bindings = {
        "80/tcp": [{"HostIp": "", "HostPort": "80"}, {"HostIp": "", "HostPort": "81"}],
        "443/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8443"}],
    }
    settings = port_settings(exposed, bindings)
    assert [(str(each.port), each.host_ip, each.first) for each in settings.bindings] == [
        ("443/tcp", "127.0.0.1", 8443),
        ("80/tcp", "", 81),
        ("80/tcp", "", 80),
    ]


@pytest.mark.parametrize(("proto", "order"), [("tcp", [80, 82, 81]), ("udp", [82, 81, 80])])
def test_bindings_of_one_tcp_port_are_made_from_the_last_on(proto: str, order: list[int]) -> None:
    wanted = [{"HostPort": text} for text in ("81", "82", "80")]
    settings = port_settings({f"7/{proto}": {}}, {f"7/{proto}": wanted})
    assert [each.first for each in settings.bindings] == order


def test_publish_all_binds_what_is_exposed_and_not_bound() -> None:
    settings = port_settings({"80/tcp": {}, "81/tcp": {}}, {"80/tcp": [{"HostPort": "8080"}]}, publish_all=True)
    assert [(str(each.port), each.first) for each in settings.bindings] == [("80/tcp", 8080), ("81/tcp", 0)]


@pytest.mark.parametrize(("text", "bounds"), [("", (0, 0)), ("8080", (8080, 8080)), ("8000-8010", (8000, 8010))])
def test_a_host_port_may_be_none_one_or_a_range(text: str, bounds: tuple[int, int]) -> None:
    (binding,) = port_settings({"80/tcp": {}}, {"80/tcp": [{"HostPort": text}]}).bindings
    assert (binding.first, binding.last) == bounds


@pytest.mark.parametrize("text", ["x", "70000", "9-8", "1-"])
def test_what_is_no_host_port_is_refused(text: str) -> None:
    with pytest.raises(System):
        port_settings({"80/tcp": {}}, {"80/tcp": [{"HostPort": text}]})


@pytest.mark.parametrize(("text", "port"), [("81", "81/tcp"), ("80/foo", "80/0"), ("53/UDP", "53/udp"), ("x", "0/tcp")])
def test_ports_are_read_leniently(text: str, port: str) -> None:
    assert [str(each) for each in port_settings({text: {}}, None).exposed] == [port]


def test_a_binding_of_a_port_that_is_not_exposed_counts_for_nothing() -> None:
    assert port_settings({}, {"80/tcp": [{"HostPort": "8080"}]}).bindings == ()


def test_the_document_has_every_exposed_port_and_its_addresses() -> None:
    web, dns = ContainerPort(80, "tcp"), ContainerPort(53, "udp")
    bound = [PortBinding(web, "0.0.0.0", 8080, 8080), PortBinding(web, "::", 8080, 8080)]
    assert ports_document([web, dns], bound) == {
        "53/udp": None,
        "80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}, {"HostIp": "::", "HostPort": "8080"}],
    }
