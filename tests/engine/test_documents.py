"""`docker inspect` and its kin: which keys, in which order, with which values."""

from __future__ import annotations

from typing import Any

from simulator.clock import S
from simulator.engine.fields import CONFIG, HOST_CONFIG

TOP = [
    "Id", "Created", "Path", "Args", "State", "Image", "ResolvConfPath", "HostnamePath", "HostsPath", "LogPath", "Name",
    "RestartCount", "Driver", "Platform", "MountLabel", "ProcessLabel", "AppArmorProfile", "ExecIDs", "HostConfig",
    "GraphDriver", "Mounts", "Config", "NetworkSettings",
]  # fmt: skip
NETWORK_SETTINGS = [
    "Bridge", "SandboxID", "HairpinMode", "LinkLocalIPv6Address", "LinkLocalIPv6PrefixLen", "Ports", "SandboxKey",
    "SecondaryIPAddresses", "SecondaryIPv6Addresses", "EndpointID", "Gateway", "GlobalIPv6Address",
    "GlobalIPv6PrefixLen", "IPAddress", "IPPrefixLen", "IPv6Gateway", "MacAddress", "Networks",
]  # fmt: skip
LEFT_OUT = {name for table in (CONFIG, HOST_CONFIG) for name, _, omitted in table if omitted}


def test_the_keys_stand_in_the_engines_order(world: Any) -> None:
    world.start("sleep", "100", name="c1")
    document = world.engine.container_inspect("c1")
    assert list(document) == TOP
    assert list(document["NetworkSettings"]) == NETWORK_SETTINGS
    assert list(document["State"])[:5] == ["Status", "Running", "Paused", "Restarting", "OOMKilled"]
    assert list(document["Config"]) == [name for name, _, _ in CONFIG if name not in LEFT_OUT]
    shown = [name for name, _, _ in HOST_CONFIG if name not in LEFT_OUT or name == "Runtime"]
    assert list(document["HostConfig"]) == shown


def test_sizes_only_when_asked_for(world: Any) -> None:
    world.run("write", "/new", "hello", name="c1")
    assert "SizeRw" not in world.engine.container_inspect("c1")
    document = world.engine.container_inspect("c1", size=True)
    assert (document["SizeRw"], document["SizeRootFs"]) == (5, 1_000_005)


def test_a_container_that_was_only_made_has_no_files_yet(world: Any) -> None:
    identity = world.create(name="c1")
    document = world.engine.container_inspect("c1")
    paths = [document[key] for key in ("ResolvConfPath", "HostnamePath", "HostsPath", "LogPath")]
    assert paths == ["", "", "", ""]
    assert document["State"]["StartedAt"] == document["State"]["FinishedAt"] == "0001-01-01T00:00:00Z"
    world.wait(world.engine.container_start("c1"))
    hosts = world.engine.container_inspect("c1")["HostsPath"]
    assert hosts == f"/var/lib/docker/containers/{identity}/hosts"
    assert b"172.17.0.2" in world.machine.disk.read(hosts)


def test_what_is_shown_of_a_network_comes_and_goes_with_the_endpoint(world: Any) -> None:
    world.engine.network_create({"Name": "n1"})
    identity = world.start("sleep", "100", name="c1", host={"NetworkMode": "n1"})
    before = world.engine.container_inspect("c1")["NetworkSettings"]["Networks"]["n1"]
    assert before["IPAddress"] == "172.18.0.2"
    assert before["MacAddress"] == "02:42:ac:12:00:02"
    assert before["Aliases"] == [identity[:12]]
    world.wait(world.engine.container_stop("c1", 0))
    after = world.engine.container_inspect("c1")["NetworkSettings"]
    assert (after["Networks"]["n1"]["IPAddress"], after["Ports"]) == ("", {})
    assert after["Networks"]["n1"]["NetworkID"] == before["NetworkID"]
    assert after["SandboxID"] != ""


def test_the_older_fields_repeat_the_default_bridge(world: Any) -> None:
    world.start("sleep", "100", name="c1")
    settings = world.engine.container_inspect("c1")["NetworkSettings"]
    bridge = settings["Networks"]["bridge"]
    for key in ("EndpointID", "Gateway", "IPAddress", "IPPrefixLen", "MacAddress"):
        assert settings[key] == bridge[key] != ""


def test_host_and_container_modes(world: Any) -> None:
    first = world.start("sleep", "100", name="web")
    world.start("sleep", "100", name="h1", host={"NetworkMode": "host"})
    world.start("sleep", "100", name="side", host={"NetworkMode": "container:web"})
    host, side = (world.engine.container_inspect(name) for name in ("h1", "side"))
    assert host["Config"]["Hostname"] == "docker-host"
    assert host["NetworkSettings"]["SandboxKey"] == "/var/run/docker/netns/default"
    assert side["Config"]["Hostname"] == first[:12]
    assert side["NetworkSettings"]["Networks"] == {}
    assert side["HostsPath"] == world.engine.container_inspect("web")["HostsPath"]
    assert "172.17.0.2" in world.exec("side", "cat", "/etc/hosts")


def test_a_shared_namespace_outlives_its_owners_networks(world: Any) -> None:
    world.start("sleep", "100", name="web")
    side = world.start("sleep", "100", name="side", host={"NetworkMode": "container:web"})
    world.wait(world.engine.container_stop("web", 0))
    netns = world.engine.daemon.containers.find(side).netns
    assert [device.name for device in netns.listed()] == ["lo"]
    assert "localhost" in world.exec("side", "cat", "/etc/hosts")


def test_privileged_and_its_consequences(world: Any) -> None:
    identity = world.create(host={"Privileged": True})
    host = world.engine.container_inspect(identity)["HostConfig"]
    assert (host["MaskedPaths"], host["ReadonlyPaths"], host["SecurityOpt"]) == (None, None, ["label=disable"])


def test_version_and_info(world: Any) -> None:
    world.start("sleep", "100", name="c1")
    world.create(name="c2")
    assert world.engine.version()["ApiVersion"] == "1.41"
    info = world.engine.info()
    counts = [info[key] for key in ("Containers", "ContainersRunning", "ContainersStopped", "Images")]
    assert (counts, info["Name"]) == ([2, 1, 1, 1], "docker-host")


def test_top_lists_the_processes_with_the_hosts_numbers(world: Any) -> None:
    world.start("sleep", "100", name="c1")
    document = world.engine.container_top("c1")
    assert document["Titles"] == ["UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD"]
    row = document["Processes"][0]
    pid = world.engine.container_inspect("c1")["State"]["Pid"]
    assert (row[0], row[1], row[5], row[7]) == ("root", str(pid), "?", "sleep 100")
    assert world.machine.processes[int(row[2])].argv[0].endswith("containerd-shim-runc-v2")


def test_stats_count_what_went_through_the_devices(world: Any) -> None:
    world.start("sleep", "100", name="c1")
    world.advance(5 * S)
    document = world.engine.container_stats("c1", stream=False, one_shot=True)
    assert document["pids_stats"] == {"current": 1}
    assert document["networks"]["eth0"]["rx_packets"] > 0
    compared = world.wait(world.engine.container_stats("c1", stream=False))
    assert compared["precpu_stats"]["system_cpu_usage"] < compared["cpu_stats"]["system_cpu_usage"]
    feed = world.engine.container_stats("c1")
    first, second = world.wait(feed.read()), world.wait(feed.read())
    assert second["preread"] == first["read"]


def test_diff_tells_what_was_changed(world: Any) -> None:
    world.start("sleep", "100", name="c1")
    assert world.engine.container_changes("c1") is None
    world.exec("c1", "write", "/tmp/new", "x")
    world.exec("c1", "write", "/etc/passwd", "x")
    assert world.engine.container_changes("c1") == [
        {"Path": "/etc", "Kind": 0},
        {"Path": "/etc/passwd", "Kind": 0},
        {"Path": "/tmp", "Kind": 0},
        {"Path": "/tmp/new", "Kind": 1},
    ]


def test_files_come_out_and_go_in_as_archives(world: Any) -> None:
    world.create(name="c1")
    world.create(name="c2")
    stat, data = world.engine.container_archive_get("c1", "/data")
    assert (stat["name"], stat["mode"] & 0o777) == ("data", 0o755)
    world.engine.container_archive_put("c2", "/tmp", data)
    disk = world.engine.daemon.containers.find("c2").disk
    assert disk.read("/tmp/data/seed") == b"from the image\n"


def test_health_goes_from_starting_to_healthy_to_unhealthy(world: Any) -> None:
    check = {"Test": ["CMD", "cat", "/tmp/well"], "Interval": 2 * S, "Retries": 2}
    world.start("sleep", "100", name="c1", Healthcheck=check)
    assert world.state("c1")["Health"]["Status"] == "starting"
    assert "(health: starting)" in world.engine.container_list()[0]["Status"]
    world.exec("c1", "write", "/tmp/well", "yes")
    world.advance(3 * S)
    health = world.state("c1")["Health"]
    assert (health["Status"], health["Log"][0]["Output"]) == ("healthy", "yes")
    world.engine.daemon.containers.find("c1").disk.remove("/tmp/well")
    world.advance(2 * S)
    health = world.state("c1")["Health"]
    assert (health["Status"], health["FailingStreak"]) == ("healthy", 1)
    world.advance(3 * S)
    assert world.state("c1")["Health"]["Status"] == "unhealthy"
    told = world.actions("container")
    assert "container health_status: unhealthy" in told
    assert told.count("container exec_create: cat /tmp/well") == told.count("container exec_start: cat /tmp/well") > 1


def test_a_check_that_takes_too_long_has_failed(world: Any) -> None:
    check = {"Test": ["CMD", "sleep", "9"], "Interval": 2 * S, "Timeout": S, "Retries": 1}
    world.start("sleep", "100", name="c1", Healthcheck=check)
    world.advance(4 * S)
    health = world.state("c1")["Health"]
    assert health["Status"] == "unhealthy"
    assert (health["Log"][0]["ExitCode"], health["Log"][0]["Output"]) == (-1, "Health check exceeded timeout (1s)")


def test_who_has_stopped_is_unhealthy(world: Any) -> None:
    world.start("sleep", "100", name="c1", Healthcheck={"Test": ["CMD", "say", "well"], "Interval": S})
    world.advance(2 * S)
    assert world.state("c1")["Health"]["Status"] == "healthy"
    world.engine.container_kill("c1")
    world.advance(S)
    assert world.state("c1")["Health"]["Status"] == "unhealthy"


def test_update_changes_what_it_is_given(world: Any) -> None:
    world.create(name="c1", host={"RestartPolicy": {"Name": "always"}})
    world.engine.container_update("c1", {"Memory": 10**8, "MemorySwap": -1, "RestartPolicy": {"Name": "no"}})
    host = world.engine.container_inspect("c1")["HostConfig"]
    assert (host["Memory"], host["RestartPolicy"]) == (10**8, {"Name": "no", "MaximumRetryCount": 0})


def test_what_a_request_leaves_open_the_engine_fills_in(world: Any) -> None:
    identity = world.engine.container_create({"Image": "alpine", "HostConfig": {}})["Id"]
    host = world.engine.container_inspect(identity)["HostConfig"]
    filled = {key: host[key] for key in ("NetworkMode", "CgroupnsMode", "IpcMode", "ShmSize", "Runtime", "LogConfig")}
    assert filled == {
        "NetworkMode": "default",
        "CgroupnsMode": "host",
        "IpcMode": "private",
        "ShmSize": 67108864,
        "Runtime": "runc",
        "LogConfig": {"Type": "json-file", "Config": {}},
    }
    assert (host["MaskedPaths"][0], host["ReadonlyPaths"][0]) == ("/proc/asound", "/proc/bus")
    assert (host["PidsLimit"], host["MemorySwappiness"], host["Links"]) == (None, None, None)


def test_what_a_request_gives_stays(world: Any) -> None:
    given = {
        "IpcMode": "host",
        "ShmSize": 1,
        "Memory": 10**7,
        "MaskedPaths": ["/x"],
        "MemorySwappiness": -1,
        "PidsLimit": 5,
    }
    identity = world.create(host=given)
    host = world.engine.container_inspect(identity)["HostConfig"]
    assert {key: host[key] for key in given} == {**given, "MemorySwappiness": None}
    assert (host["MemorySwap"], host["SecurityOpt"]) == (2 * 10**7, ["label=disable"])
