"""What a HostConfig must hold to, and how the engine words it when it does not."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.engine.errors import EngineError

MEGABYTE = 1024 * 1024


@pytest.mark.parametrize(
    ("host", "text"),
    [
        ({"Memory": MEGABYTE}, "Minimum memory limit allowed is 6MB"),
        ({"Memory": 8 * MEGABYTE, "MemorySwap": 7}, "Minimum memoryswap limit should be larger than memory limit, see"),
        ({"NanoCpus": -1}, "Range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available"),
        ({"NanoCpus": 1, "CpuQuota": 2000}, "Conflicting options: Nano CPUs and CPU Quota cannot both be set"),
        ({"CpuPeriod": 1}, "CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)"),
        ({"CpusetCpus": "0-5"}, "Requested CPUs are not available - requested 0-5, available: 0-1"),
        ({"CpusetCpus": "x"}, "Invalid value x for cpuset cpus: invalid format: x"),
        ({"OomScoreAdj": 1001}, "Invalid value 1001, range for oom score adj is [-1000, 1000]"),
        ({"ShmSize": -1}, "SHM size can not be less than 0"),
        ({"Isolation": "hyperv"}, "Invalid isolation: \"hyperv\" - linux only supports 'default'"),
        ({"NetworkMode": "container"}, "Invalid network mode: invalid container format container:<name|id>"),
        ({"PidMode": "container:ghost"}, "No such container: ghost"),
        ({"IpcMode": "container:ghost"}, "No such container: ghost"),
        ({"Binds": ["/a:/b:ro,rw"]}, "invalid mode: ro,rw"),
        ({"Tmpfs": {"x": ""}}, "invalid mount path: 'x' mount path must be absolute"),
        ({"SecurityOpt": ["foo=bar"]}, 'invalid --security-opt 2: "foo=bar"'),
        ({"LogConfig": {"Type": "", "Config": {"mode": "bad"}}}, "logger: logging mode not supported: bad"),
    ],
)
def test_a_host_config_that_makes_no_sense_is_refused(world: Any, host: dict[str, Any], text: str) -> None:
    with pytest.raises(EngineError) as refused:
        world.create(name="c1", host=host)
    assert refused.value.message.startswith(text)
    assert world.engine.container_list(all=True) == []


@pytest.mark.parametrize(
    ("mount", "text"),
    [
        ({"Type": "bind", "Source": "", "Target": "/x"}, "field Source must not be empty"),
        ({"Type": "bind", "Source": "/nosuch", "Target": "/x"}, "bind source path does not exist: /nosuch"),
        ({"Type": "tmpfs", "Source": "x", "Target": "/x"}, "field Source must not be specified"),
        (
            {"Type": "volume", "Target": "/x", "ReadOnly": True},
            "must not set ReadOnly mode when using anonymous volumes",
        ),
        ({"Type": "volume", "Target": "/"}, "invalid specification: destination can't be '/'"),
        ({"Type": "strange", "Target": "/x"}, "mount type unknown"),
    ],
)
def test_a_mount_that_makes_no_sense_is_refused(world: Any, mount: dict[str, Any], text: str) -> None:
    with pytest.raises(EngineError) as refused:
        world.create(host={"Mounts": [mount]})
    assert refused.value.message == f'invalid mount config for type "{mount["Type"]}": {text}'


@pytest.mark.parametrize(
    ("host", "text"),
    [
        ({"IpcMode": "strange"}, "Invalid IPC mode: strange"),
        ({"Tmpfs": {"/x": "bad"}}, 'invalid tmpfs option ["bad"]'),
        ({"LogConfig": {"Type": "json-file", "Config": {"max-size": "x"}}}, "failed to initialize logging driver: "),
        ({"Devices": [{"PathOnHost": "/dev/nosuch"}]}, "error gathering device information while adding custom device"),
        ({"GroupAdd": ["nosuch"]}, "Unable to find group nosuch"),
        ({"Sysctls": {"net.nosuch": "1"}}, "failed to create shim task: "),
    ],
)
def test_some_things_are_found_wrong_only_at_starting(world: Any, host: dict[str, Any], text: str) -> None:
    world.create(name="c1", host=host)
    with pytest.raises(EngineError) as refused:
        world.wait(world.engine.container_start("c1"))
    assert refused.value.message.startswith(text)
    state = world.state("c1")
    assert (state["Status"], state["ExitCode"], state["Error"]) == ("created", 128, refused.value.message)


def test_what_the_kernel_lacks_is_warned_of_and_taken_out(world: Any) -> None:
    created = world.engine.container_create(
        {"Image": "alpine", "HostConfig": {"BlkioWeight": 300, "OomKillDisable": True}}
    )
    assert [warning.partition(" ")[0] for warning in created["Warnings"]] == ["OOM", "Your"]
    assert world.engine.container_inspect(created["Id"])["HostConfig"]["BlkioWeight"] == 0


def test_private_memory_is_not_shared(world: Any) -> None:
    world.start("sleep", "1000", name="a1", host={"IpcMode": "private"})
    identity = world.engine.container_inspect("a1")["Id"]
    world.create(name="b1", host={"IpcMode": "container:a1"})
    with pytest.raises(EngineError, match=f"can't join IPC of container {identity}: non-shareable IPC"):
        world.wait(world.engine.container_start("b1"))
