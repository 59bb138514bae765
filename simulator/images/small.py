"""Images with next to nothing in them: busybox and hello-world."""

from __future__ import annotations

from simulator.clock import Steps
from simulator.engine.image import Image
from simulator.images import busybox, made
from simulator.kernel.disk import Disk
from simulator.kernel.process import Process
from simulator.versions import Version

# The users of buildroot's skeleton, of which the image is made.
PASSWD = """root:x:0:0:root:/root:/bin/sh
daemon:x:1:1:daemon:/usr/sbin:/bin/false
bin:x:2:2:bin:/bin:/bin/false
sys:x:3:3:sys:/dev:/bin/false
sync:x:4:100:sync:/bin:/bin/sync
mail:x:8:8:mail:/var/spool/mail:/bin/false
www-data:x:33:33:www-data:/var/www:/bin/false
operator:x:37:37:Operator:/var:/bin/false
nobody:x:65534:65534:nobody:/home:/bin/false
"""
GROUP = "".join(
    f"{name}:x:{number}:\n"
    for name, number in {
        "root": 0, "daemon": 1, "bin": 2, "sys": 3, "adm": 4, "tty": 5, "disk": 6, "lp": 7, "mail": 8, "kmem": 9,
        "wheel": 10, "cdrom": 11, "dialout": 18, "floppy": 19, "video": 28, "audio": 29, "tape": 32, "www-data": 33,
        "operator": 37, "utmp": 43, "plugdev": 46, "staff": 50, "lock": 54, "netdev": 82, "users": 100, "nobody": 65534,
    }.items()
)  # fmt: skip
HELLO = "\nHello from Docker!\nThis message shows that your installation appears to be working correctly.\n"


def shell(version: Version) -> Image:
    return made.image(
        "busybox:latest",
        busybox.disk({"/etc/passwd": PASSWD, "/etc/group": GROUP}),
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
        digest="sha256:083de497cff944f969d8499ab94f07134c50bcf5e6b9559b27182d3fa80ce3f7",
    )
