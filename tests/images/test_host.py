"""The disks of machines that are no containers."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.images import host
from simulator.kernel.execve import find_program
from simulator.versions import VERSIONS, version

PATH = "/usr/sbin:/usr/bin:/sbin:/bin"


@pytest.mark.parametrize("name", sorted(VERSIONS))
@pytest.mark.parametrize("program", ["bash", "sh", "ls", "grep", "docker", "curl", "ip", "iptables", "ping", "tcpdump"])
def test_a_docker_host_has_what_people_type(name: str, program: str) -> None:
    disk = host.disk(version(name), docker=True)
    assert find_program(disk, program, search=PATH, cwd="/")


def test_only_docker_hosts_have_the_client() -> None:
    disk = host.disk(version("20.10"), docker=False)
    assert find_program(disk, "docker", search=PATH, cwd="/") is None


@pytest.mark.parametrize(("name", "line"), [("18.09", 'NAME="CentOS Linux"'), ("20.10", 'NAME="Debian GNU/Linux"')])
def test_the_host_is_what_its_version_came_with(name: str, line: str) -> None:
    text = host.disk(version(name), docker=True).read("/etc/os-release").decode()
    assert line in text.splitlines()


def test_the_files_that_name_things(docker: Any) -> None:
    disk = docker.machine.disk
    assert disk.read("/etc/hosts").decode().splitlines()[:2] == ["127.0.0.1\tlocalhost", "127.0.1.1\tdocker-host"]
    assert disk.read("/etc/resolv.conf") == b"nameserver 10.0.2.3\n"
    assert b"http\t\t80/tcp\n" in disk.read("/etc/services")


def test_the_broadcast_address_of_an_interface() -> None:
    assert host.broadcast("10.0.2.15/24") == "10.0.2.255"
