"""alpine: busybox and nothing else."""

from __future__ import annotations

from simulator.engine.image import Image
from simulator.images import busybox, made
from simulator.versions import Version

RELEASE = 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.8.1\n'


def image(version: Version) -> Image:
    return made.image(
        "alpine:latest",
        busybox.disk({"/etc/os-release": RELEASE, "/etc/alpine-release": "3.8.1\n"}),
        created="2018-09-11T22:19:50",
        size=4_413_370,
        layers=(2_206_931,),
        cmd=["/bin/sh"],
    )
