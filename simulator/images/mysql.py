"""mysql: its entrypoint insists on a password as the real one does; the server echoes what it gets on port 3306."""

from __future__ import annotations

from simulator.engine.image import Image
from simulator.images import debian, made
from simulator.versions import Version

ENTRYPOINT = """\
#!/bin/sh
if [ "$1" = mysqld ] && [ -z "$MYSQL_ROOT_PASSWORD$MYSQL_ALLOW_EMPTY_PASSWORD$MYSQL_RANDOM_ROOT_PASSWORD" ]; then
  echo >&2 'error: database is uninitialized and password option is not specified '
  echo >&2 '  You need to specify one of MYSQL_ROOT_PASSWORD, MYSQL_ALLOW_EMPTY_PASSWORD and MYSQL_RANDOM_ROOT_PASSWORD'
  exit 1
fi
[ "$1" = mysqld ] && exec nc -ll -p 3306 -e /bin/cat
exec "$@"
"""


def image(version: Version) -> Image:
    disk = debian.base(version)
    disk.write("/usr/local/bin/docker-entrypoint.sh", ENTRYPOINT, mode=0o755)
    return made.image(
        "mysql:latest",
        disk,
        created="2018-10-16T05:26:46",
        size=484_400_291,
        layers=(22_486_277, 1_740, 4_499_000, 1_353_000, 112, 12_136_000, 2_450_000, 202, 113_600_000, 4_800, 121, 83),
        cmd=["mysqld"],
        entrypoint=["docker-entrypoint.sh"],
        env=["GOSU_VERSION=1.7", "MYSQL_MAJOR=8.0", "MYSQL_VERSION=8.0.12-1debian9"],
        expose=["3306/tcp", "33060/tcp"],
    )
