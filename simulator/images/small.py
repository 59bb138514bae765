"""Images with next to nothing in them: busybox and hello-world."""

from __future__ import annotations

from simulator.clock import Steps
from simulator.engine.image import Image
from simulator.images import busybox, made
from simulator.kernel.disk import Disk
from simulator.kernel.process import Process
from simulator.versions import Version

HELLO = "\nHello from Docker!\nThis message shows that your installation appears to be working correctly.\n"


def shell(version: Version) -> Image:
    return made.image(
        "busybox:latest",
        busybox.disk({}),
        created="2018-10-02T17:20:32",
        size=1_154_353,
        layers=(727_978,),
        cmd=["sh"],
    )


def hello(process: Process) -> Steps:
    """/hello: says that the engine works. The real one goes on to explain how."""
    process.print(HELLO)
    return 0
    yield


def hello_world(version: Version) -> Image:
    disk = Disk()
    disk.install("/hello", "simulator.images.small:hello")
    return made.image(
        "hello-world:latest",
        disk,
        created="2018-09-07T19:25:39",
        size=1_848,
        layers=(977,),
        cmd=["/hello"],
    )
