"""`docker container cp`: copy files/folders between a container and the local filesystem."""

from __future__ import annotations

import posixpath

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.container.tar import is_directory, pack, unpack
from simulator.cli.errors import CommandError, lookup
from simulator.cli.options import Parsed
from simulator.clock import Steps
from simulator.engine.errors import NotFound
from simulator.golang.quote import quote
from simulator.userland.program import read_all

COMMAND = Command(
    usage="[OPTIONS] CONTAINER:SRC_PATH DEST_PATH|-\n\tdocker cp [OPTIONS] SRC_PATH|- CONTAINER:DEST_PATH",
    options=(
        Option("archive", "bool", "Archive mode (copy all uid/gid information)", short="a"),
        Option("follow-link", "bool", "Always follow symbol link in SRC_PATH", short="L"),
    ),
    least=2,
    most=2,
    long="""\
Copy files/folders between a container and the local filesystem

Use '-' as the source to read a tar archive from stdin
and extract it to a directory destination in a container.
Use '-' as the destination to stream a tar archive of a
container source to stdout.""",
)


STANDARD = "-"
GO_DIRECTORY = 1 << 31  # a bit of Go's os.FileMode


def run(client: Client, options: Parsed) -> Steps:
    (source, source_path), (target, target_path) = (_split(argument) for argument in options.arguments)
    if source and target:
        raise CommandError("copying between containers is not supported")
    if source:
        _copy_out(client, source, source_path, target_path)
    elif target:
        data = (yield from read_all(client.stdin)) if source_path == STANDARD else None
        _copy_in(client, (target, target_path), source_path, data=data, follow=options["follow-link"])
    else:
        raise CommandError("must specify at least one container source")


def _split(argument: str) -> tuple[str, str]:
    """Container and path; a path of the host has no container."""
    container, colon, path = argument.partition(":")
    if argument.startswith("/") or not colon or container.startswith("."):
        return "", argument
    return container, path


def _copy_out(client: Client, container: str, path: str, target: str) -> None:
    process = client.process
    if target != STANDARD:
        folder = posixpath.dirname(target.rstrip("/")) or "."
        if folder not in (".", "/") and not process.disk.exists(process.path(folder)):
            raise CommandError(f"invalid output path: directory {quote(folder)} does not exist")
    with lookup("container:path", f"{container}:{path}"):
        _, data = client.engine.container_archive_get(container, path)
    if target == STANDARD:
        process.write(data)
        return
    full = process.path(target)
    exists = process.disk.exists(full)
    place = _place(
        full,
        slash=target.endswith("/"),
        exists=exists,
        is_folder=exists and process.disk.is_directory(full),
        source=path,
        source_is_folder=is_directory(data),
    )
    unpack(process.disk, data, place)


def _copy_in(client: Client, target: tuple[str, str], source: str, *, data: bytes | None, follow: bool) -> None:
    container, path = target
    exists, is_folder = _look(client, container, path)
    full = posixpath.normpath(posixpath.join("/", path))
    if data is not None:
        if not is_folder:
            raise CommandError(f'destination "{container}:{path}" must be a directory')
        place, folder = full, full
    else:
        place = _place(
            full,
            slash=path.endswith("/"),
            exists=exists,
            is_folder=is_folder,
            source=source,
            source_is_folder=_is_folder(client, source, follow=follow),
        )
        data = pack(client.process.disk, client.process.path(source), posixpath.basename(place) or ".", follow=follow)
        folder = posixpath.dirname(place)
    with lookup("container:path", f"{container}:{folder}"):
        client.engine.container_archive_put(container, folder, data)


def _look(client: Client, container: str, path: str) -> tuple[bool, bool]:
    """Whether a path of a container is there, and whether it is a directory."""
    try:
        found = client.engine.container_archive_stat(container, path)
    except NotFound:
        return False, False
    return True, bool(found["mode"] & GO_DIRECTORY)


def _is_folder(client: Client, path: str, *, follow: bool) -> bool:
    """Whether a path of the host is a directory. Raises CommandError if it is not there."""
    full = client.process.path(path)
    try:
        return client.process.disk.lookup(full, follow=follow).kind == "directory"
    except OSError as error:
        raise CommandError(f"lstat {full}: {(error.strerror or '').lower()}") from None


def _place(full: str, *, slash: bool, exists: bool, is_folder: bool, source: str, source_is_folder: bool) -> str:
    """Where what is copied will stand. Raises CommandError. `slash`: the target was written as a directory."""
    contents = posixpath.basename(source) == "."
    if is_folder:
        return full if contents else posixpath.join(full, posixpath.basename(source.rstrip("/")))
    if exists and source_is_folder:
        raise CommandError("cannot copy directory")
    if not exists and slash and not source_is_folder:
        raise CommandError("no such directory")
    return full
