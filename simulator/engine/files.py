"""A container's folder on the host, and the files from it that the container has in /etc.

/var/lib/docker/containers/ID holds hosts, hostname and resolv.conf; they are bind-mounted, so that whoever writes
them on either side is seen on the other. Mirrors moby's BuildHostnameFile and the network mounts of the OCI
specification.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from simulator.engine.container import Container
from simulator.kernel.disk import Disk

if TYPE_CHECKING:
    from simulator.engine.daemon import Daemon

ROOT = "/var/lib/docker/containers"


def folder(container: Container) -> str:
    return f"{ROOT}/{container.id}"


def make_folder(daemon: Daemon, container: Container) -> None:
    """The folder, and the paths of the files that the sandbox writes first."""
    where = folder(container)
    daemon.machine.disk.make_directory(where, parents=True)
    container.hosts_path, container.resolv_path = f"{where}/hosts", f"{where}/resolv.conf"


def write_names(daemon: Daemon, container: Container) -> None:
    """The host name's file; then all three become the container's own."""
    where, config = folder(container), container.config
    container.hostname_path = f"{where}/hostname"
    container.log_path = _log_path(container)
    daemon.machine.disk.write(container.hostname_path, f"{config['Hostname']}\n")
    _mount(daemon, container)


def share_names(daemon: Daemon, container: Container, other: Container) -> None:
    """The files of the container whose network this one shares."""
    container.hosts_path, container.hostname_path = other.hosts_path, other.hostname_path
    container.resolv_path = other.resolv_path
    container.log_path = _log_path(container)
    _mount(daemon, container)


def _log_path(container: Container) -> str:
    """Where the logging driver json-file writes; others tell of no file."""
    kept = container.host["LogConfig"]["Type"] == "json-file"
    return f"{folder(container)}/{container.id}-json.log" if kept else ""


def root(image: Disk, wall: Callable[[], int]) -> Disk:
    """The disk of a new container: its own layer over the image's.

    In between stands a layer with the places where files and file systems will be put, for an image that lacks some;
    it is no part of what the container has changed (moby's init layer).
    """
    targets = [*FOLDERS, *TARGETS, *(f"/dev/{name}" for name in DEVICES)]
    if not all(image.exists(path) for path in targets):
        image = Disk(image, wall=wall)
        for folder in FOLDERS:
            image.make_directory(folder, parents=True)
        for path in TARGETS:
            if not image.exists(path):
                image.write(path, b"", mode=0o755)
        for name in DEVICES:
            image.device(f"/dev/{name}", name)
    return Disk(image, wall=wall)


def _mount(daemon: Daemon, container: Container) -> None:
    sources = {"hosts": container.hosts_path, "hostname": container.hostname_path, "resolv.conf": container.resolv_path}
    for name, source in sources.items():
        container.disk.mount(f"/etc/{name}", daemon.machine.disk, source)


def remove_folder(daemon: Daemon, container: Container) -> None:
    """The container is removed."""
    if daemon.machine.disk.exists(folder(container)):
        daemon.machine.disk.remove(folder(container), recursive=True)


FOLDERS = ("/etc", "/dev", "/proc", "/sys")
TARGETS = ("/etc/hosts", "/etc/hostname", "/etc/resolv.conf", "/.dockerenv")
DEVICES = ("null", "tty", "stdin", "stdout", "stderr")
MOUNTED = frozenset({*FOLDERS[1:], *TARGETS, "/dev/shm"})
