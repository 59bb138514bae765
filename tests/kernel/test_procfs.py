"""/proc and /sys show what processes and network namespaces have at the moment they are read."""

from __future__ import annotations

import pytest

from simulator.clock import Clock, S, Steps
from simulator.kernel.device import Card
from simulator.kernel.files import MemoryFile
from simulator.kernel.machine import Machine
from simulator.kernel.process import Process
from simulator.kernel.procfs import ProcFs
from simulator.kernel.sysfs import SysFs
from simulator.trace import Trace
from simulator.versions import version


def _sleep(process: Process) -> Steps:
    yield process.sleep(100 * S)


@pytest.fixture
def machine() -> Machine:
    machine = Machine("box", Clock(), Trace(), version=version("20.10"))
    card = Card(machine.netns, "eth0", mac="08:00:27:d1:e8:e8")
    machine.netns.loopback.set_up()
    card.set_up()
    card.add_address("10.0.2.15/24", broadcast="10.0.2.255")
    machine.netns.fib.default("10.0.2.2", card)
    machine.disk.mount("/proc", ProcFs(machine, machine.processes, machine.netns))
    machine.disk.mount("/sys", SysFs(machine.netns))
    return machine


@pytest.fixture
def process(machine: Machine) -> Process:
    return machine.spawn(["/bin/sleep", "100"], program=_sleep, env={"A": "1", "B": "two words"})


@pytest.mark.parametrize(
    ("file", "content"),
    [("cmdline", b"/bin/sleep\x00100\x00"), ("comm", b"sleep\n"), ("environ", b"A=1\x00B=two words\x00")],
)
def test_a_process_by_its_number_and_as_itself(machine: Machine, process: Process, file: str, content: bytes) -> None:
    assert machine.disk.read(f"/proc/{process.pid}/{file}") == content
    assert machine.disk.read(f"/proc/self/{file}", process) == content


def test_a_process_is_in_one_control_group_of_each_hierarchy(machine: Machine, process: Process) -> None:
    process.cgroup.path = "/docker/1"
    lines = machine.disk.read(f"/proc/{process.pid}/cgroup").decode().splitlines()
    assert lines[0] == "9:name=systemd:/docker/1" and lines[-2:] == ["1:cpu:/docker/1", "0::/docker/1"]


def test_what_a_process_has_open_takes_what_others_write(machine: Machine) -> None:
    output = MemoryFile(machine.clock)
    process = machine.spawn(["/bin/sleep", "100"], program=_sleep, files={1: output})
    machine.disk.write(f"/proc/{process.pid}/fd/1", "from outside\n")
    assert output.written == b"from outside\n"
    assert machine.disk.listdir(f"/proc/{process.pid}/fd") == ["1"]
    assert not machine.disk.exists(f"/proc/{process.pid}/fd/7")


def test_a_process_that_has_ended_is_gone(machine: Machine, process: Process) -> None:
    assert str(process.pid) in machine.disk.listdir("/proc")
    process.kill(9)
    machine.clock.run(until=S)
    assert not machine.disk.exists(f"/proc/{process.pid}")


def test_the_routes_in_the_kernels_layout(machine: Machine, process: Process) -> None:
    lines = machine.disk.read("/proc/net/route", process).decode().splitlines()
    assert {len(line) for line in lines} == {127}
    assert [line.split("\t")[:4] for line in lines[1:]] == [
        ["eth0", "00000000", "0202000A", "0003"],
        ["eth0", "0002000A", "00000000", "0001"],
    ]


def test_the_devices_in_the_kernels_layout(machine: Machine, process: Process) -> None:
    lines = machine.disk.read("/proc/net/dev", process).decode().splitlines()
    assert lines[0].startswith("Inter-|   Receive ")
    assert lines[2] == (
        "    lo:       0       0    0    0    0     0          0         0"
        "        0       0    0    0    0     0       0          0"
    )
    assert lines[3].startswith("  eth0:")


def test_settings_are_read_and_written(machine: Machine, process: Process) -> None:
    path = "/proc/sys/net/ipv4/ip_forward"
    assert machine.disk.read(path, process) == b"0\n"
    machine.disk.write(path, b"1\n", process=process)
    assert machine.netns.sysctl["net.ipv4.ip_forward"] == "1"


def test_each_device_has_its_settings(machine: Machine, process: Process) -> None:
    assert {"all", "default", "eth0", "lo"} <= set(machine.disk.listdir("/proc/sys/net/ipv4/conf"))
    machine.netns.sysctl["net.ipv4.conf.default.rp_filter"] = "2"
    assert machine.disk.read("/proc/sys/net/ipv4/conf/eth0/rp_filter", process) == b"2\n"


def test_settings_may_be_read_only(machine: Machine, process: Process) -> None:
    machine.disk.mount("/proc", ProcFs(machine, machine.processes, machine.netns, read_only=True))
    with pytest.raises(OSError, match="Read-only file system"):
        machine.disk.write("/proc/sys/net/ipv4/ip_forward", b"1", process=process)


@pytest.mark.parametrize(
    ("file", "content"),
    [("address", "08:00:27:d1:e8:e8"), ("mtu", "1500"), ("operstate", "down"), ("statistics/rx_packets", "0")],
)
def test_a_devices_figures(machine: Machine, file: str, content: str) -> None:
    assert machine.disk.read(f"/sys/class/net/eth0/{file}") == f"{content}\n".encode()


def test_what_is_not_there(machine: Machine) -> None:
    assert machine.disk.listdir("/sys/class/net") == ["eth0", "lo"]
    for path in ("/proc/nosuch", "/proc/net/nosuch", "/proc/99999/comm", "/sys/class/net/eth9", "/proc/sys/net/nosuch"):
        assert not machine.disk.exists(path)
    with pytest.raises(OSError, match="Operation not permitted"):
        machine.disk.remove("/proc/uptime")
