"""alpine: busybox and nothing else."""

from __future__ import annotations

from simulator.engine.image import Image
from simulator.images import busybox, made
from simulator.versions import Version

LATEST = "3.8.1"


def image(version: Version, release: str = LATEST) -> Image:
    files = {
        "/etc/os-release": f'NAME="Alpine Linux"\nID=alpine\nVERSION_ID={release}\n',
        "/etc/alpine-release": f"{release}\n",
    }
    return made.image(
        "alpine:latest",
        busybox.disk(files),
        created="2018-09-11T22:19:50",
        size=4_413_370,
        layers=(2_206_931,),
        cmd=["/bin/sh"],
    )
