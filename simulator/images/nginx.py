"""nginx: serves its welcome page on port 80. The server is busybox's httpd, under nginx's name."""

from __future__ import annotations

from simulator.engine.image import Image
from simulator.images import busybox, debian, made
from simulator.versions import Version

PAGE = """\
<!DOCTYPE html>
<html>
<head>
<title>Welcome to nginx!</title>
</head>
<body>
<h1>Welcome to nginx!</h1>
</body>
</html>
"""
SERVER = "#!/bin/sh\nexec httpd -f -p 80 -h /usr/share/nginx/html\n"


def image(version: Version) -> Image:
    disk = debian.base(version)
    busybox.put(disk, {"/usr/share/nginx/html/index.html": PAGE})
    disk.write("/usr/sbin/nginx", SERVER, mode=0o755)
    return made.image(
        "nginx:latest",
        disk,
        created="2018-10-02T19:20:55",
        size=109_129_446,
        layers=(22_486_277, 22_204_973, 203),
        cmd=["nginx", "-g", "daemon off;"],
        env=["NGINX_VERSION=1.15.5-1~stretch"],
        expose=["80/tcp"],
        stop_signal="SIGTERM",
    )
