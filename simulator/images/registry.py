"""The Docker Hub of a lab: which images there are, and which of them a host has from the start."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, partial

from simulator.engine.image import Image, Registry
from simulator.engine.reference import reference_from_text
from simulator.images import alpine, centos, debian, httpd, made, mysql, nginx, ryuk, small
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
    "testcontainers/ryuk": ryuk.image,
    "ubuntu": debian.ubuntu,
}
# The tags beside `latest` by which Docker Hub has the same images; what differs between releases is left out.
TAGS: dict[str, str] = {
    "busybox": "1 glibc musl stable stable-glibc stable-musl stable-uclibc uclibc",
    "centos": "7 centos7 8 centos8",
    "debian": "9 stretch stretch-slim 10 buster buster-slim 11 bullseye bullseye-slim 12 bookworm bookworm-slim stable",
    "hello-world": "linux",
    "httpd": "2 2.4 2.4-alpine alpine",
    "mysql": "5.7 8 8.0",
    "nginx": "1 1-alpine alpine mainline stable stable-alpine",
    "testcontainers/ryuk": "0.5.1 0.6.0 0.7.0 0.8.0 0.8.1 0.9.0 0.10.0 0.10.1 0.10.2 0.11.0 0.12.0 0.13.0 0.14.0",
    "ubuntu": "18.04 bionic 20.04 focal 22.04 jammy 24.04 noble",
}
# The last release of each of busybox's series: all since the series' first have their tags, once for each libc, too.
BUSYBOX = "1.26.2 1.27.2 1.28.4 1.29.3 1.30.1 1.31.1 1.32.1 1.33.1 1.34.1 1.35.0 1.36.1 1.37.0"
LIBCS = ("", "-glibc", "-musl", "-uclibc")
# Likewise Alpine's: what they call themselves is on their disks.
ALPINE = "3.7.3 3.8.5 3.9.6 3.10.9 3.11.13 3.12.12 3.13.12 3.14.10 3.15.11 3.16.9 3.17.10 3.18.12 3.19.7 3.20.6 3.21.3"
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
    hub = Registry((_image(name, version) for name in chosen), online=reachable, preloaded=names)
    if reachable:
        _offer_tags(hub)
    return hub


def _offer_tags(hub: Registry) -> None:
    """`alpine:3.10` is the newest 3.10; the others' tags all are what `latest` is."""
    tags = TAGS | {"busybox": f"{TAGS['busybox']} {' '.join(_busybox_tags())}"}
    for name, own in tags.items():
        latest = reference_from_text(f"{name}:latest")
        for tag in own.split():
            hub.offer(f"{name}:{tag}", partial(hub.find, latest))
    for last in ALPINE.split():
        for release in _releases(last):
            hub.offer(f"alpine:{release}", partial(alpine.release, release))
        hub.offer(f"alpine:{last.rpartition('.')[0]}", partial(hub.find, reference_from_text(f"alpine:{last}")))


def _releases(last: str) -> list[str]:
    """A series' releases, up to its last one."""
    series, _, patch = last.rpartition(".")
    return [f"{series}.{number}" for number in range(int(patch) + 1)]


def _busybox_tags() -> list[str]:
    numbers = [[last.rpartition(".")[0], *_releases(last)] for last in BUSYBOX.split()]
    return [number + libc for series in numbers for number in series for libc in LIBCS]


@cache
def _image(name: str, version: Version) -> Image:
    """The reference host's images are stand-ins that were imported. Nobody changes one."""
    image = CATALOGUE[name](version)
    return image if version.debian_images or name not in STANDARD else made.imported(image, version)
