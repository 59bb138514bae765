"""The Docker Hub of a lab: which images there are, and which of them a host has from the start."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

from simulator.engine.image import Image, Registry
from simulator.images import alpine, centos, debian, httpd, made, mysql, nginx, small
from simulator.versions import Version

CATALOGUE: dict[str, Callable[[Version], Image]] = {
    "alpine": alpine.image,
    "busybox": small.shell,
    "centos": centos.image,
    "debian": debian.image,
    "hello-world": small.hello_world,
    "httpd": httpd.image,
    "mysql": mysql.image,
    "nginx": nginx.image,
    "ubuntu": debian.ubuntu,
}
# What the hosts of recorded sessions have. Nothing of these has to be pulled.
STANDARD = ("alpine", "httpd", "mysql", "centos")


def registry(version: Version, *, online: bool | None = None, preloaded: Iterable[str] = STANDARD) -> Registry:
    """The registry that an engine pulls from, if it is online; by default as the version's own host was.

    Raises ValueError with one clear line for an image that docklab has not.
    """
    names = tuple(preloaded)
    for name in names:
        if name not in CATALOGUE:
            raise ValueError(f"docklab has no image '{name}'; it has {', '.join(CATALOGUE)}")
    reachable = version.docker_hub if online is None else online
    chosen = CATALOGUE if reachable else names
    return Registry((_image(name, version) for name in chosen), online=reachable, preloaded=names)


@cache
def _image(name: str, version: Version) -> Image:
    """The reference host's images are stand-ins that were imported. Nobody changes one."""
    image = CATALOGUE[name](version)
    return image if version.debian_images or name not in STANDARD else made.imported(image, version)
