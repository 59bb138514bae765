"""`docker container cp`: copy files/folders between a container and the local filesystem."""

from __future__ import annotations

import posixpath
from typing import Any

from simulator.cli.client import Client
from simulator.cli.command import Command, Option
from simulator.cli.container.copy_info import (
    CopyInfo,
    absolute,
    link_target,
    prepare,
    rebased,
    source_info,
    split_entry,
    target_info,
)
from simulator.cli.container.tar import pack, rename, unpack
from simulator.cli.errors import CommandError, lookup
from simulator.cli.options import Parsed
from simulator.clock import Steps
from simulator.engine.errors import EngineError
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
_GO_DIRECTORY, _GO_LINK = 1 << 31, 1 << 27  # bits of Go's os.FileMode


def run(client: Client, options: Parsed) -> Steps:
    for name, argument in zip(("source", "destination"), options.arguments, strict=True):
        if not argument:
            raise CommandError(f"{name} can not be empty")
    (source, source_path), (target, target_path) = (_split(argument) for argument in options.arguments)
    follow = options["follow-link"]
    if source and target:
        raise CommandError("copying between containers is not supported")
    if source:
        _copy_out(client, source, source_path, target_path, follow=follow)
    elif target and source_path == STANDARD:
        _extract(client, target, target_path, (yield from read_all(client.stdin)))
    elif target:
        _copy_in(client, target, target_path, source_path, follow=follow)
    else:
        raise CommandError("must specify at least one container source")


def _split(argument: str) -> tuple[str, str]:
    """Container and path; a path of the host has no container."""
    container, colon, path = argument.partition(":")
    if argument.startswith("/") or not colon or container.startswith("."):
        return "", argument
    return container, path


# -- out of a container ------------------------------------------------------------------------------------------------


def _copy_out(client: Client, container: str, path: str, target: str, *, follow: bool) -> None:
    process = client.process
    if target != STANDARD:
        target = absolute(target, process.cwd)
        folder = posixpath.dirname(posixpath.normpath(target))
        if not process.disk.exists(folder):
            raise CommandError(f"invalid output path: directory {quote(folder)} does not exist")
    path, rebase = _followed(client, container, path) if follow else (path, "")
    with lookup("container:path", f"{container}:{path}"):
        found, data = client.engine.container_archive_get(container, path)
    if target == STANDARD:
        process.write(data)
        return
    if rebase:
        data = rename(data, split_entry(path)[1], rebase)
    source = CopyInfo(path, is_folder=bool(found["mode"] & _GO_DIRECTORY), rebase=rebase)
    folder, old, new = prepare(source, target_info(process.disk, target))
    unpack(process.disk, rename(data, old, new) if new else data, folder)


def _followed(client: Client, container: str, path: str) -> tuple[str, str]:
    """Where a link of a container leads, and the name it has there; any other path is itself."""
    found = _stat(client, container, path)
    if found is None or not found["mode"] & _GO_LINK:
        return path, ""
    return rebased(path, link_target(path, found["linkTarget"]))


def _stat(client: Client, container: str, path: str) -> dict[str, Any] | None:
    try:
        return client.engine.container_archive_stat(container, path)
    except EngineError:
        return None


# -- into a container --------------------------------------------------------------------------------------------------


def _extract(client: Client, container: str, path: str, data: bytes) -> None:
    target = _container_info(client, container, path)
    if not target.is_folder:
        raise CommandError(f'destination "{container}:{path}" must be a directory')
    _put(client, container, target.path, data)


def _copy_in(client: Client, container: str, path: str, source: str, *, follow: bool) -> None:
    process = client.process
    target = _container_info(client, container, path)
    info = source_info(process.disk, absolute(source, process.cwd), follow=follow)
    data = pack(process.disk, info.path, info.rebase or split_entry(info.path)[1])
    folder, old, new = prepare(info, target)
    _put(client, container, folder, rename(data, old, new) if new else data)


def _container_info(client: Client, container: str, path: str) -> CopyInfo:
    """A target in a container, through a link at its end."""
    found = _stat(client, container, path)
    if found is not None and found["mode"] & _GO_LINK:
        path = link_target(path, found["linkTarget"])
        found = _stat(client, container, path)
    if found is None:
        return CopyInfo(path, exists=False)
    return CopyInfo(path, is_folder=bool(found["mode"] & _GO_DIRECTORY))


def _put(client: Client, container: str, folder: str, data: bytes) -> None:
    with lookup("container:path", f"{container}:{folder}"):
        client.engine.container_archive_put(container, folder, data)
