"""A host with a shell and iptables, in an otherwise empty world."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from simulator.clock import Clock
from simulator.kernel.credentials import Credentials
from simulator.kernel.disk import Disk
from simulator.kernel.files import MemoryFile, OpenFile
from simulator.kernel.machine import Machine
from simulator.trace import Trace
from simulator.userland.applets import BASH, GNU
from simulator.versions import VERSIONS, Version

PROGRAMS = ("iptables", "iptables-save", "iptables-restore", "ip6tables", "ip6tables-save", "ip6tables-restore")
SERVICES = (
    "tcpmux 1/tcp\nssh 22/tcp\ndomain 53/tcp\ndomain 53/udp\nhttp 80/tcp www\nhttps 443/tcp\n"
    "cisco-sccp 2000/tcp\nhttp-alt 8080/tcp webcache\n"
)
ACCOUNTS = "root:x:0:0::/root:/bin/bash\nnobody:x:65534:65534::/:/bin/false\n"
GROUPS = "root:x:0:\ntty:x:5:\nnogroup:x:65534:\n"
HOSTS = "127.0.0.1 localhost\n::1 localhost\n127.0.1.1 docker-host\n"

Run = Callable[[str], tuple[str, int]]


def disk() -> Disk:
    made = Disk()
    for folder in ("/usr/bin", "/usr/sbin", "/root", "/etc"):
        made.make_directory(folder, parents=True)
    for name, program in {**GNU, "bash": BASH}.items():
        made.install(f"/usr/bin/{name}", program)
    for name in PROGRAMS:
        made.install(f"/usr/sbin/{name}", f"simulator.userland.iptables:{name.replace('-', '_')}")
    made.install("/usr/sbin/conntrack", "simulator.userland.conntrack:conntrack")
    files = {"services": SERVICES, "passwd": ACCOUNTS, "group": GROUPS, "hosts": HOSTS, "resolv.conf": ""}
    for name, text in files.items():
        made.write(f"/etc/{name}", text.encode())
    return made


def host(version: Version) -> Machine:
    return Machine("docker-host", Clock(), Trace(), version=version, disk=disk())


def run(machine: Machine, command: str | list[str], *, uid: int = 0, stdin: str = "") -> tuple[str, int]:
    """A shell's command, or a program with its arguments: what a terminal shows, and the status."""
    argv = ["bash", "-c", command] if isinstance(command, str) else command
    screen = MemoryFile(machine.clock)
    files: dict[int, OpenFile] = {0: MemoryFile(machine.clock, stdin.encode()), 1: screen, 2: screen}
    environment = {"PATH": "/usr/sbin:/usr/bin", "HOME": "/root"}
    process = machine.spawn(argv, files=files, env=environment, cwd="/root", credentials=Credentials(uid=uid))
    machine.clock.run(until=process.exited)
    assert process.status is not None
    return screen.written.decode(), process.status


@pytest.fixture
def machine() -> Machine:
    return host(VERSIONS["20.10"])


@pytest.fixture
def shell(machine: Machine) -> Run:
    return lambda command: run(machine, command)
