"""testcontainers/ryuk: the reaper of testcontainers, and nothing else on its disk."""

from __future__ import annotations

from simulator.engine.image import Image
from simulator.images import made
from simulator.kernel.disk import Disk
from simulator.versions import Version


def image(version: Version) -> Image:
    disk = Disk()
    disk.install("/bin/ryuk", "simulator.cli.ryuk:ryuk")
    return made.image(
        "testcontainers/ryuk:latest",
        disk,
        created="2024-04-25T09:07:23",
        size=14_561_280,
        layers=(6_841_344,),
        cmd=["/bin/ryuk"],
    )
