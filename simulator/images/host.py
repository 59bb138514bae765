"""The disks of machines that are no containers: the Docker host, those beyond it, and the files that name them.

The host is a Debian: /bin and /sbin are links into /usr, the tools are GNU's, net-tools and iproute2 are both there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from ipaddress import ip_interface

from simulator.kernel import files
from simulator.kernel.disk import Disk
from simulator.kernel.machine import Machine
from simulator.kernel.procfs import ProcFs
from simulator.kernel.sysfs import SysFs
from simulator.userland.applets import BASH, DASH, GNU
from simulator.userland.applets_net import BUSYBOX_NET, HOST_NET
from simulator.versions import Version

CLIENT = "simulator.cli.docker:docker"
SERVICES = {
    "outside-dns": "simulator.userland.outside:outside_dns",
    "outside-web": "simulator.userland.outside:outside_web",
    "ftpd": "simulator.userland.ftpd:ftpd",
}
FOLDERS = (
    "/boot", "/dev", "/etc", "/home", "/mnt", "/opt", "/proc", "/root", "/run", "/srv", "/sys", "/tmp", "/usr/bin",
    "/usr/lib", "/usr/sbin", "/usr/local/bin", "/var/lib/docker", "/var/log", "/var/tmp",
)  # fmt: skip
DEVICES = (*files.DEVICES, "tty", "stdin", "stdout", "stderr")

# What belongs into /usr/sbin; the rest of the programs is in /usr/bin.
SYSTEM = frozenset(
    {
        "arp", "arping", "brctl", "bridge", "chroot", "conntrack", "ebtables", "ethtool", "ifconfig", "ip", "ip6tables",
        "ip6tables-save", "ipset", "iptables", "iptables-restore", "iptables-save", "nft", "route", "sysctl", "tcpdump",
        "traceroute",
    }
)  # fmt: skip

# Numbers of services that people meet, as /etc/services has them.
PORTS = (
    ("echo", 7, "tcp udp"), ("discard", 9, "tcp udp"), ("daytime", 13, "tcp udp"), ("ftp-data", 20, "tcp"),
    ("ftp", 21, "tcp"), ("ssh", 22, "tcp"), ("telnet", 23, "tcp"), ("smtp", 25, "tcp"), ("time", 37, "tcp udp"),
    ("domain", 53, "tcp udp"), ("bootps", 67, "udp"), ("bootpc", 68, "udp"), ("tftp", 69, "udp"), ("http", 80, "tcp"),
    ("pop3", 110, "tcp"), ("sunrpc", 111, "tcp udp"), ("ntp", 123, "udp"), ("imap2", 143, "tcp"), ("snmp", 161, "udp"),
    ("bgp", 179, "tcp"), ("ldap", 389, "tcp"), ("https", 443, "tcp udp"), ("syslog", 514, "udp"), ("ldaps", 636, "tcp"),
    ("domain-s", 853, "tcp"), ("imaps", 993, "tcp"), ("pop3s", 995, "tcp"), ("openvpn", 1194, "tcp udp"),
    ("ms-sql-s", 1433, "tcp"), ("nfs", 2049, "tcp udp"), ("mysql", 3306, "tcp"), ("postgresql", 5432, "tcp"),
    ("redis", 6379, "tcp"), ("http-alt", 8080, "tcp udp"), ("amqp", 5672, "tcp"), ("mdns", 5353, "udp"),
)  # fmt: skip

PROTOCOLS = (
    "ip 0 IP\nicmp 1 ICMP\nigmp 2 IGMP\ntcp 6 TCP\nudp 17 UDP\nipv6 41 IPv6\nipv6-icmp 58 IPv6-ICMP\nsctp 132 SCTP\n"
)
NETWORKS = "default 0.0.0.0\nloopback 127.0.0.0\nlink-local 169.254.0.0\n"
ACCOUNTS = "root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n"
GROUPS = "root:x:0:\ndocker:x:999:\nnogroup:x:65534:\n"


def disk(version: Version, *, docker: bool) -> Disk:
    """The disk of a machine, with the docker client if it has an engine. What is installed, all machines share."""
    return Disk(_installed(version, docker))


@cache
def _installed(version: Version, docker: bool) -> Disk:
    """What every machine's disk begins with; nobody writes to it but through a disk above."""
    made = Disk()
    for folder in FOLDERS:
        made.make_directory(folder, parents=True)
    for name, target in (("bin", "usr/bin"), ("sbin", "usr/sbin"), ("lib", "usr/lib")):
        made.symlink(target, f"/{name}")
    made.symlink("/run", "/var/run")
    for name in DEVICES:
        made.device(f"/dev/{name}", name)
    for name, program in {**GNU, **HOST_NET, "bash": BASH, "sh": DASH, **SERVICES}.items():
        made.install(f"/usr/{'sbin' if name in SYSTEM else 'bin'}/{name}", program)
    if docker:
        made.install("/usr/bin/docker", CLIENT)
    _write_settings(made, version)
    return made


def _write_settings(disk: Disk, version: Version) -> None:
    name = version.operating_system.partition(" (")[0].rstrip("0123456789. ")
    number = "".join(c for c in version.operating_system if c.isdigit())
    disk.write("/etc/os-release", f'PRETTY_NAME="{version.operating_system}"\nNAME="{name}"\nVERSION_ID="{number}"\n')
    disk.write("/etc/passwd", ACCOUNTS)
    disk.write("/etc/group", GROUPS)
    disk.write("/etc/host.conf", "multi on\n")
    disk.write("/etc/nsswitch.conf", "hosts:          files dns\n")
    disk.write("/etc/services", "".join(_services()))
    disk.write("/etc/protocols", PROTOCOLS)
    disk.write("/etc/networks", NETWORKS)


def _services() -> Iterator[str]:
    for name, number, protocols in PORTS:
        for protocol in protocols.split():
            yield f"{name}\t\t{number}/{protocol}\n"


def names(machine: Machine, *, nameserver: str = "") -> None:
    """The files that say what the machine is called and whom it asks for names."""
    lines = (
        "127.0.0.1\tlocalhost",
        f"127.0.1.1\t{machine.name}",
        "::1\t\tlocalhost ip6-localhost ip6-loopback",
        "ff02::1\t\tip6-allnodes",
        "ff02::2\t\tip6-allrouters",
    )
    machine.disk.write("/etc/hosts", "".join(f"{line}\n" for line in lines))
    machine.disk.write("/etc/hostname", f"{machine.name}\n")
    machine.disk.write("/etc/resolv.conf", f"nameserver {nameserver}\n" if nameserver else "")


def mount_kernel(machine: Machine) -> None:
    """/proc and /sys of the machine."""
    machine.disk.mount("/proc", ProcFs(machine, machine.processes, machine.netns))
    machine.disk.mount("/sys", SysFs(machine.netns))


def broadcast(address: str) -> str:
    """The broadcast address that belongs to an interface text: 10.0.2.255 to 10.0.2.15/24."""
    return str(ip_interface(address).network.broadcast_address)


def install(disk: Disk, names: Iterable[str]) -> None:
    """Network programs that somebody has installed besides, in busybox's flavour. Raises ValueError for an unknown one."""
    for name in names:
        if name not in BUSYBOX_NET:
            raise ValueError(f"there is no program '{name}' to install; there are {', '.join(sorted(BUSYBOX_NET))}")
        disk.install(f"/usr/bin/{name}", BUSYBOX_NET[name])
