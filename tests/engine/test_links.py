"""Links of the default bridge: names, hosts lines, variables; and the environment they are part of."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.engine.environment import replaced_or_appended
from simulator.engine.errors import EngineError, System
from simulator.engine.links import link_from_text

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@pytest.mark.parametrize(
    ("text", "link"), [("a1", ("a1", "a1")), ("a1:db", ("a1", "db")), ("/a1:/a2/db", ("/a1", "db"))]
)
def test_a_link_is_a_name_and_an_alias(text: str, link: tuple[str, str]) -> None:
    assert link_from_text(text) == link


def test_the_environment_in_its_order(world: Any) -> None:
    world.start("sleep", "100", name="db", ExposedPorts={"3306/tcp": {}}, Env=["PASS=x", "HOME=/h"])
    shown = world.run(
        "env", name="c1", Hostname="box", Tty=True, Env=["A=1", "HOSTNAME=z"], host={"Links": ["db:my-db"]}
    )
    assert shown.split("\r\n")[:-1] == [
        f"PATH={PATH}",
        "HOSTNAME=z",
        "TERM=xterm",
        "MY_DB_PORT=tcp://172.17.0.2:3306",
        "MY_DB_PORT_3306_TCP=tcp://172.17.0.2:3306",
        "MY_DB_PORT_3306_TCP_ADDR=172.17.0.2",
        "MY_DB_PORT_3306_TCP_PORT=3306",
        "MY_DB_PORT_3306_TCP_PROTO=tcp",
        "MY_DB_NAME=/c1/my-db",
        "MY_DB_ENV_PASS=x",
        "A=1",
        "HOME=/root",
    ]


def test_three_ports_in_a_row_are_told_as_a_range_too(world: Any) -> None:
    ports = {"80/tcp": {}, "81/tcp": {}, "82/tcp": {}, "90/udp": {}}
    world.start("sleep", "100", name="web", ExposedPorts=ports)
    shown = world.run("env", host={"Links": ["web"]}).splitlines()
    assert [line for line in shown if "_80_TCP_" in line and ("START" in line or "END" in line)] == [
        "WEB_PORT_80_TCP_START=tcp://172.17.0.2:80",
        "WEB_PORT_80_TCP_PORT_START=80",
        "WEB_PORT_80_TCP_END=tcp://172.17.0.2:82",
        "WEB_PORT_80_TCP_PORT_END=82",
    ]
    assert "WEB_PORT_90_UDP_PROTO=udp" in shown


@pytest.mark.parametrize(
    ("defaults", "overrides", "result"),
    [
        (["A=1", "B=2"], ["B=3", "C=4"], ["A=1", "B=3", "C=4"]),
        (["A=1", "B=2"], ["A"], ["B=2"]),
        (["A=1"], ["B"], ["A=1"]),
    ],
)
def test_variables_replace_append_and_take_out(defaults: list[str], overrides: list[str], result: list[str]) -> None:
    assert replaced_or_appended(defaults, overrides) == result


def test_hosts_lines_have_alias_host_name_and_name(world: Any) -> None:
    first = world.start("sleep", "100", name="a1")
    world.start("sleep", "100", name="db", Hostname="dbhost")
    shown = world.run("cat", "/etc/hosts", Hostname="box", host={"Links": ["a1", "db:store"]})
    assert shown.splitlines()[-3:] == [f"172.17.0.2\ta1 {first[:12]}", "172.17.0.3\tstore dbhost db", "172.17.0.4\tbox"]


def test_a_link_follows_the_other_to_its_new_address(world: Any) -> None:
    world.start("sleep", "100", name="a1")
    world.start("sleep", "100", name="a2", host={"Links": ["a1"]})
    world.wait(world.engine.container_stop("a1", 0))
    world.start("sleep", "100", name="a3")
    world.wait(world.engine.container_start("a1"))
    hosts = world.exec("a2", "cat", "/etc/hosts")
    assert hosts.splitlines()[-2].startswith("172.17.0.4\ta1 ")


def test_a_link_is_a_name_of_the_other(world: Any) -> None:
    world.start("sleep", "100", name="a1")
    world.start("sleep", "100", name="a2", host={"Links": ["a1:first"]})
    assert world.engine.container_inspect("a2/first")["Name"] == "/a1"
    assert world.engine.container_inspect("a2")["HostConfig"]["Links"] == ["/a1:/a2/first"]
    assert [c["Names"] for c in world.engine.container_list()] == [["/a2"], ["/a1", "/a2/first"]]


def test_a_link_can_be_removed(world: Any) -> None:
    world.start("sleep", "100", name="a1")
    world.start("sleep", "100", name="a2", host={"Links": ["a1:first"]})
    world.engine.container_remove("a2/first", link=True)
    assert world.engine.container_inspect("a2")["HostConfig"]["Links"] is None
    assert "first" not in world.exec("a2", "cat", "/etc/hosts")
    with pytest.raises(System, match="Conflict, cannot remove the default link name of the container"):
        world.engine.container_remove("a2", link=True)


def test_a_running_container_that_loses_a_link_joins_its_networks_again(world: Any) -> None:
    for name in ("a1", "a2"):
        world.start("sleep", "100", name=name)
    ports = {"80/tcp": [{"HostPort": "8080"}]}
    world.start("sleep", "100", name="a3", host={"Links": ["a1", "a2:second"], "PortBindings": ports})
    before = world.engine.container_inspect("a3")["NetworkSettings"]
    sandbox = world.engine.daemon.containers.find("a3").sandbox
    assert [device.name for device in sandbox.netns.listed()] == ["lo", "eth0"]
    world.engine.container_kill("a1")
    world.wait(world.engine.container_wait("a1"))
    world.engine.container_remove("a3/second", link=True)
    assert [device.name for device in sandbox.netns.listed()] == ["lo", "eth1"]
    assert world.engine.container_inspect("a3")["NetworkSettings"] == before
    hosts = world.machine.disk.read(world.engine.daemon.containers.find("a3").hosts_path).decode().splitlines()
    assert [line.split()[0] for line in hosts if line.startswith("172")] == [before["IPAddress"]]


def test_nothing_is_joined_again_while_another_link_leads_off_the_default_network(world: Any) -> None:
    for name in ("a1", "a2"):
        world.start("sleep", "100", name=name)
    world.start("sleep", "100", name="a3", host={"Links": ["a1", "a2:second"]})
    hosts = world.exec("a3", "cat", "/etc/hosts")
    world.engine.network_disconnect("bridge", {"Container": "a1"})
    world.engine.container_remove("a3/second", link=True)
    assert world.engine.container_inspect("a3")["HostConfig"]["Links"] == ["/a1:/a3/a1"]
    path = world.engine.daemon.containers.find("a3").hosts_path
    assert world.machine.disk.read(path).decode() == hosts


def test_links_are_renamed_with_their_container(world: Any) -> None:
    world.start("sleep", "100", name="a1")
    world.start("sleep", "100", name="a2", host={"Links": ["a1:first"]})
    world.engine.container_rename("a2", "b2")
    assert world.engine.container_inspect("b2")["HostConfig"]["Links"] == ["/a1:/b2/first"]


def test_a_container_with_a_dead_link_runs_nothing_more(world: Any) -> None:
    world.start("sleep", "100", name="a1")
    world.start("sleep", "100", name="a2", host={"Links": ["a1"]})
    world.engine.container_kill("a1")
    world.wait(world.engine.container_wait("a1"))
    dead = "Cannot link to a non running container: /a1 AS /a2/a1"
    with pytest.raises(System) as refused:
        world.exec("a2", "env")
    assert refused.value.message == dead
    with pytest.raises(EngineError) as refused:
        world.wait(world.engine.container_restart("a2", 0))
    assert refused.value.message == f"Cannot restart container a2: {dead}"
    assert world.state("a2")["Status"] == "exited"


def test_a_link_to_one_off_the_default_bridge_is_refused_at_the_start(world: Any) -> None:
    world.engine.network_create({"Name": "n1"})
    world.create("sleep", "100", name="web", host={"NetworkMode": "n1"})
    with pytest.raises(System) as refused:
        world.start("sleep", "100", name="a1", host={"Links": ["web"]})
    assert refused.value.message == "Cannot link to /web, as it does not belong to the default network"


def test_a_link_to_one_that_was_made_again_stays_dead(world: Any) -> None:
    world.start("sleep", "100", name="a1")
    world.start("sleep", "100", name="a2", host={"Links": ["a1"]})
    world.wait(world.engine.container_remove("a1", force=True))
    world.start("sleep", "100", name="a1")
    with pytest.raises(System, match="Cannot link to a non running container: /a1 AS /a2/a1"):
        world.exec("a2", "env")


def test_a_link_on_a_users_network_is_left_to_the_network(world: Any) -> None:
    world.engine.network_create({"Name": "n1"})
    world.start("sleep", "100", name="web", host={"NetworkMode": "n1"})
    host = {"NetworkMode": "n1", "Links": ["web:www"]}
    identity = world.start("sleep", "9", host=host, networks={"n1": {"Links": ["web:www"]}})
    document = world.engine.container_inspect(identity)
    assert document["HostConfig"]["Links"] is None
    assert document["NetworkSettings"]["Networks"]["n1"]["Links"] == ["web:www"]
    assert "WWW" not in world.exec(identity, "env")
