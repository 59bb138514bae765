"""debian and ubuntu, and the base of images built on Debian.

The user land is busybox's here as well, with bash in front; where the lab's version says so, ping is that of GNU
inetutils, which counts `icmp_seq`.
"""

from __future__ import annotations

from simulator.engine.image import Image
from simulator.images import busybox, made
from simulator.kernel.disk import Disk
from simulator.userland.applets import BASH
from simulator.userland.applets_net import INETUTILS
from simulator.versions import Version

DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 9 (stretch)"\nNAME="Debian GNU/Linux"\nVERSION_ID="9"\nID=debian\n'
UBUNTU = 'NAME="Ubuntu"\nVERSION="18.04.1 LTS (Bionic Beaver)"\nID=ubuntu\nID_LIKE=debian\nVERSION_ID="18.04"\n'


def base(version: Version) -> Disk:
    """The disk that httpd and mysql are built on."""
    if not version.debian_images:
        return busybox.disk({"/etc/os-release": 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.8.1\n'})
    disk = busybox.disk({"/etc/os-release": DEBIAN})
    disk.install("/bin/bash", BASH)
    for name, program in INETUTILS.items():
        disk.install(f"/bin/{name}", program)
    return disk


def image(version: Version) -> Image:
    disk = busybox.disk({"/etc/os-release": DEBIAN, "/etc/debian_version": "9.5\n"})
    disk.install("/bin/bash", BASH)
    return made.image(
        "debian:latest",
        disk,
        created="2018-10-16T01:14:11",
        size=100_647_302,
        layers=(45_316_412,),
        cmd=["bash"],
    )


def ubuntu(version: Version) -> Image:
    disk = busybox.disk({"/etc/os-release": UBUNTU})
    disk.install("/bin/bash", BASH)
    return made.image(
        "ubuntu:latest",
        disk,
        created="2018-10-19T00:47:45",
        size=84_128_113,
        layers=(31_573_419, 842, 470, 162),
        cmd=["/bin/bash"],
    )
