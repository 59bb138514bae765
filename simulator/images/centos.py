"""centos: bash, with the prompt of Red Hat's systems."""

from __future__ import annotations

from simulator.engine.image import Image
from simulator.images import busybox, made
from simulator.userland.applets import BASH
from simulator.versions import Version

RELEASE = 'NAME="CentOS Linux"\nVERSION="7 (Core)"\nID="centos"\nVERSION_ID="7"\n'
PROMPT = 'PS1="[\\u@\\h \\W]\\\\$ "\n'


def image(version: Version) -> Image:
    disk = busybox.disk({"/etc/os-release": RELEASE, "/root/.bashrc": PROMPT})
    disk.install("/bin/bash", BASH)
    return made.image(
        "centos:latest",
        disk,
        created="2018-10-09T18:19:48",
        size=199_678_471,
        layers=(74_694_251,),
        cmd=["/bin/bash"],
    )
