"""httpd: a web server on port 80 that serves one page. The server is busybox's, under Apache's name."""

from __future__ import annotations

from simulator.engine.image import Image
from simulator.images import debian, made
from simulator.versions import Version

PAGE = "<html><body><h1>It works!</h1></body></html>\n"
FOREGROUND = "#!/bin/sh\nexec httpd -f -p 80 -h /var/www\n"


def image(version: Version) -> Image:
    disk = debian.base(version)
    disk.write("/var/www/index.html", PAGE)
    disk.write("/usr/local/bin/httpd-foreground", FOREGROUND, mode=0o755)
    return made.image(
        "httpd:latest",
        disk,
        created="2018-10-16T04:41:13",
        size=132_407_474,
        layers=(22_486_277, 146, 10_224_345, 15_263_110, 299),
        cmd=["httpd-foreground"],
        expose=["80/tcp"],
    )
