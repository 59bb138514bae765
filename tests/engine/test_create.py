# ruff: noqa: E501 - the texts are the engine's own, to the letter
"""What a request to make a container must hold to, and what becomes of it."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.engine.errors import Conflict, EngineError, InvalidParameter, NotFound, System

JOIN = {"NetworkMode": "container:x"}
UNDEFINED = "This would result in undefined behavior"


@pytest.mark.parametrize(
    ("config", "host", "message"),
    [
        ({"Hostname": "h"}, JOIN, "conflicting options: hostname and the network mode"),
        ({}, JOIN | {"Links": ["a:b"]}, f"conflicting options: container type network can't be used with links. {UNDEFINED}"),
        ({}, {"NetworkMode": "host", "Links": ["a:b"]}, f"conflicting options: host type networking can't be used with links. {UNDEFINED}"),
        ({}, JOIN | {"Dns": ["1.1.1.1"]}, "conflicting options: dns and the network mode"),
        ({}, JOIN | {"ExtraHosts": ["a:1.1.1.1"]}, "conflicting options: custom host-to-IP mapping and the network mode"),
        ({"MacAddress": "02:42:00:00:00:01"}, JOIN, "conflicting options: mac-address and the network mode"),
        ({"MacAddress": "02:42:00:00:00:01"}, {"NetworkMode": "host"}, "conflicting options: mac-address and the network mode"),
        ({}, JOIN | {"PublishAllPorts": True}, "conflicting options: port publishing and the container type network mode"),
        ({"ExposedPorts": {"80/tcp": {}}}, JOIN, "conflicting options: port exposing and the container type network mode"),
        ({"Hostname": "x"}, {"UTSMode": "host"}, "conflicting options: hostname and the UTS mode"),
        ({}, {"NetworkMode": "container:"}, "Invalid network mode: invalid container format container:<name|id>"),
        ({"WorkingDir": "rel"}, {}, "the working directory 'rel' is invalid, it needs to be an absolute path"),
        ({"StopSignal": "SIGNOPE"}, {}, "Invalid signal: SIGNOPE"),
        ({"Env": ["=x"]}, {}, "invalid environment variable: =x"),
        ({"Env": [""]}, {}, "invalid environment variable: "),
        ({"Healthcheck": {"Test": ["CMD", "x"], "Interval": 5}}, {}, "Interval in Healthcheck cannot be less than 1ms"),
        ({}, {"AutoRemove": True, "RestartPolicy": {"Name": "always"}}, "can't create 'AutoRemove' container with restart policy"),
        ({}, {"RestartPolicy": {"Name": "maybe"}}, "invalid restart policy 'maybe'"),
        ({}, {"RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": -1}}, "maximum retry count cannot be negative"),
        ({}, {"RestartPolicy": {"Name": "always", "MaximumRetryCount": 3}}, "maximum retry count cannot be used with restart policy 'always'"),
        ({}, {"ExtraHosts": ["a"]}, 'bad format for add-host: "a"'),
        ({}, {"ExtraHosts": ["a:b"]}, 'invalid IP address in add-host: "b"'),
        ({}, {"PortBindings": {"80/tcp": [{"HostPort": "99999"}]}}, 'invalid port specification: "99999"'),
        ({}, {"PortBindings": {"abc": [{"HostPort": "80"}]}}, 'invalid port specification: "abc"'),
        ({}, {"Memory": 1000}, "Minimum memory limit allowed is 6MB"),
        ({}, {"Memory": 10**7, "MemorySwap": 5 * 10**6}, "Minimum memoryswap limit should be larger than memory limit, see usage"),
        ({}, {"CapAdd": ["nosuch"]}, 'invalid CapAdd: unknown capability: "CAP_NOSUCH"'),
        ({}, {"LogConfig": {"Type": "nosuch"}}, 'error looking up logging plugin nosuch: plugin "nosuch" not found'),
        ({}, {"LogConfig": {"Type": "", "Config": {"x": "y"}}}, "unknown log opt 'x' for json-file log driver"),
        ({}, {"Links": ["ghost:g"]}, "could not get container for ghost: No such container: ghost"),
        ({}, {"Links": [":"]}, 'could not get container for : invalid name or ID supplied: ""'),
        ({}, {"PidMode": "container:x"}, "No such container: x"),
        ({}, {"VolumesFrom": ["nosuch"]}, "No such container: nosuch"),
        ({"Entrypoint": [""]}, {}, "No command specified"),
        ({"Image": ""}, {}, "No command specified"),
        ({"Image": "UPPER"}, {}, "invalid reference format: repository name must be lowercase"),
        ({"Image": ":x"}, {}, "invalid reference format"),
    ],
)  # fmt: skip
def test_bad_parameters_are_refused_in_the_engines_words(
    world: Any, config: dict[str, Any], host: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidParameter) as refused:
        world.create(host=host, **config)
    assert refused.value.message == message
    assert world.engine.container_list(all=True) == []


@pytest.mark.parametrize(
    ("kind", "config", "host", "message"),
    [
        (NotFound, {"Image": "nosuch"}, {}, "No such image: nosuch:latest"),
        (NotFound, {"Image": "nosuch:tag"}, {}, "No such image: nosuch:tag"),
        (System, {"WorkingDir": "/etc/passwd"}, {}, "Cannot mkdir: /etc/passwd is not a directory"),
        (System, {}, {"Links": ["a:b:c"]}, "bad format for links: a:b:c"),
        (System, {}, {"Links": [""]}, "empty string specified for links"),
        (System, {}, {"Binds": ["v:/x:foo"]}, "invalid mode: foo"),
    ],
)
def test_other_kinds_of_refusal(
    world: Any, kind: type[EngineError], config: dict[str, Any], host: dict[str, Any], message: str
) -> None:
    with pytest.raises(kind) as refused:
        world.create(host=host, **config)
    assert refused.value.message == message


def test_an_empty_request_is_none(world: Any) -> None:
    with pytest.raises(InvalidParameter, match="Config cannot be empty in order to create a container"):
        world.engine.container_create({})


@pytest.mark.parametrize("name", ["a", "a b", "-x", "_x", "ü1"])
def test_names_that_are_not_allowed(world: Any, name: str) -> None:
    with pytest.raises(InvalidParameter) as refused:
        world.create(name=name)
    assert refused.value.message == f"Invalid container name ({name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed"


def test_a_name_that_is_taken(world: Any) -> None:
    first = world.create(name="/b1")
    with pytest.raises(Conflict) as refused:
        world.create(name="b1")
    assert refused.value.message == (
        f'Conflict. The container name "/b1" is already in use by container "{first}". '
        "You have to remove (or rename) that container to be able to reuse that name."
    )


def test_a_container_without_a_name_gets_one(world: Any) -> None:
    world.create()
    name = world.engine.container_list(all=True)[0]["Names"][0]
    assert name[0] == "/" and "_" in name


@pytest.mark.parametrize(
    ("image", "request_", "command"),
    [
        ({"Cmd": ["cat"]}, {}, ("cat", [])),
        ({"Cmd": ["cat"]}, {"Cmd": ["say", "x"]}, ("say", ["x"])),
        ({"Cmd": ["x"], "Entrypoint": ["run.sh"]}, {}, ("run.sh", ["x"])),
        ({"Cmd": ["x"], "Entrypoint": ["run.sh"]}, {"Cmd": ["y"]}, ("run.sh", ["y"])),
        ({"Cmd": ["x"], "Entrypoint": ["run.sh"]}, {"Entrypoint": ["say"]}, ("say", [])),
        ({"Cmd": ["x"], "Entrypoint": ["run.sh"]}, {"Entrypoint": [""], "Cmd": ["say"]}, ("say", [])),
        ({"Cmd": ["x"], "Entrypoint": ["run.sh"]}, {"Entrypoint": ["say"], "Cmd": ["y"]}, ("say", ["y"])),
    ],
)
def test_entrypoint_and_command_of_image_and_request(
    image: dict[str, Any], request_: dict[str, Any], command: tuple[str, list[str]], make: Any
) -> None:
    world = make(**image)
    identity = world.engine.container_create({"Image": "alpine", **request_})["Id"]
    document = world.engine.container_inspect(identity)
    assert (document["Path"], document["Args"]) == command


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("bridge", "bridge"),
        ("default", "bridge"),
        ("host", "host"),
        ("none", "none"),
        ("n1", "n1"),
        ("ghost", "ghost"),
    ],
)
def test_the_network_mode_is_the_network(world: Any, given: str, shown: str) -> None:
    world.engine.network_create({"Name": "n1"})
    identity = world.create(host={"NetworkMode": given})
    document = world.engine.container_inspect(identity)
    assert document["HostConfig"]["NetworkMode"] == given
    assert list(document["NetworkSettings"]["Networks"]) == [shown]


def test_joining_a_container_is_kept_by_its_id(world: Any) -> None:
    first = world.create(name="c1")
    second = world.create(host={"NetworkMode": "container:c1"})
    assert world.engine.container_inspect(second)["HostConfig"]["NetworkMode"] == f"container:{first}"
    with pytest.raises(Conflict, match=f"cannot join network of a non running container: {first}"):
        world.engine.container_start(second)


def test_one_network_at_most_when_it_is_made(world: Any) -> None:
    with pytest.raises(InvalidParameter, match="Container cannot be connected to network endpoints: bridge, n1"):
        world.create(networks={"n1": {}, "bridge": {}})


@pytest.mark.parametrize(
    ("host", "networks", "kind", "message"),
    [
        ({"NetworkMode": "ghost"}, {}, NotFound, "network ghost not found"),
        ({"NetworkMode": "container:ghost"}, {}, NotFound, "No such container: ghost"),
        (
            {"NetworkMode": "bridge"},
            {"bridge": {"IPAMConfig": {"IPv4Address": "172.17.0.9"}}},
            InvalidParameter,
            "user specified IP address is supported on user defined networks only",
        ),
        (
            {"NetworkMode": "bridge"},
            {"bridge": {"Aliases": ["x"]}},
            InvalidParameter,
            "network-scoped alias is supported only for containers in user defined networks",
        ),
        (
            {"NetworkMode": "n1"},
            {"n1": {"IPAMConfig": {"IPv4Address": "172.18.0.9"}}},
            InvalidParameter,
            "user specified IP address is supported only when connecting to networks with user configured subnets",
        ),
    ],
)
def test_networks_are_looked_at_when_it_starts(
    world: Any, host: dict[str, Any], networks: dict[str, Any], kind: type[EngineError], message: str
) -> None:
    world.engine.network_create({"Name": "n1"})
    identity = world.create(host=host, networks=networks)
    with pytest.raises(kind) as refused:
        world.engine.container_start(identity)
    assert refused.value.message == message
    assert (world.state(identity)["ExitCode"], world.state(identity)["Error"]) == (128, message)


def test_settings_that_will_do_nothing_are_pointed_out(world: Any) -> None:
    def warnings(**host: Any) -> Any:
        return world.engine.container_create({"Image": "alpine", "HostConfig": host})["Warnings"]

    ports = {"80/tcp": [{"HostIp": "", "HostPort": "80"}]}
    assert warnings(PortBindings=ports) == []
    assert warnings(NetworkMode="host", PortBindings=ports) == [
        "Published ports are discarded when using host network mode"
    ]
    world.machine.netns.sysctl["net.ipv4.ip_forward"] = "0"
    assert warnings() == ["IPv4 forwarding is disabled. Networking will not work."]
    assert warnings(NetworkMode="host") == warnings(NetworkMode="none") == []


@pytest.mark.parametrize(
    ("settings", "shown"),
    [
        ({"Healthcheck": {"Test": ["CMD", "true"], "Interval": None, "Retries": None}}, {"Test": ["CMD", "true"]}),
        ({"healthcheck": {"test": ["NONE"], "retries": 2}}, {"Test": ["NONE"], "Retries": 2}),
    ],
)
def test_null_is_nothing_and_the_case_of_keys_does_not_matter(
    world: Any, settings: dict[str, Any], shown: dict[str, Any]
) -> None:
    world.create("env", name="c1", **settings)
    assert world.engine.container_inspect("c1")["Config"]["Healthcheck"] == shown


@pytest.mark.parametrize(
    ("request_document", "field", "value"),
    [
        ({"Runtime": "runc"}, "Runtime", "runc"),
        ({"Memory": 8_000_000, "HostConfig": None}, "Memory", 8_000_000),
        ({"Memory": 8_000_000, "HostConfig": {"Memory": 9_000_000}}, "Memory", 9_000_000),
        ({"CpuShares": 5, "HostConfig": {"Privileged": True}}, "CpuShares", 5),
        ({"Privileged": True, "HostConfig": {"CpuShares": 5}}, "Privileged", False),
    ],
)
def test_old_clients_have_host_settings_among_the_containers(
    world: Any, request_document: dict[str, Any], field: str, value: Any
) -> None:
    made = world.engine.container_create({"Image": "alpine", **request_document})["Id"]
    assert world.engine.container_inspect(made)["HostConfig"][field] == value


def test_a_mac_address_asked_for_on_a_network_is_shown_until_the_start(world: Any) -> None:
    world.engine.network_create({"Name": "net"})
    world.create("env", name="c1")
    world.engine.network_connect("net", {"Container": "c1", "EndpointConfig": {"MacAddress": "02:42:ac:11:00:09"}})
    networks = world.engine.container_inspect("c1")["NetworkSettings"]["Networks"]
    assert networks["net"]["MacAddress"] == "02:42:ac:11:00:09"


def test_what_the_lists_of_host_config_hold_is_shown_whole(world: Any) -> None:
    host = {"PortBindings": {"80/tcp": [{"HostPort": "8080"}]}, "Ulimits": [{"Soft": 1, "Name": "nofile", "Hard": 2}]}
    world.create("env", name="c1", host=host)
    shown = world.engine.container_inspect("c1")["HostConfig"]
    assert shown["PortBindings"] == {"80/tcp": [{"HostIp": "", "HostPort": "8080"}]}
    assert list(shown["Ulimits"][0].items()) == [("Name", "nofile"), ("Hard", 2), ("Soft", 1)]


@pytest.mark.parametrize(("asked", "shown"), [("/etc/../tmp/", "/tmp"), ("//tmp", "/tmp"), ("/", "/"), ("", "")])
def test_the_working_directory_is_shown_without_detours(world: Any, asked: str, shown: str) -> None:
    identity = world.create(name="c1", WorkingDir=asked)
    assert world.engine.container_inspect(identity)["Config"]["WorkingDir"] == shown


@pytest.mark.parametrize("host", [{"BlkioDeviceReadBps": [None]}, {"Ulimits": [None]}, {"Devices": [{}]}])
def test_nothing_in_a_list_stays_nothing(world: Any, host: dict[str, Any]) -> None:
    shown = world.engine.container_inspect(world.create("env", host=host))["HostConfig"]
    assert [len(shown[name]) for name in host] == [1]
