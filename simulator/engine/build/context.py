"""What a build works on: the files that came with the request, and the Dockerfile among them.

Mirrors moby's builder/remotecontext.
"""

from __future__ import annotations

import posixpath

from simulator.engine.build.parser import Dockerfile, ParseError, parse
from simulator.engine.errors import InvalidParameter, System
from simulator.golang.match import ignore_patterns, ignored
from simulator.kernel.archive import NoArchive, unpack
from simulator.kernel.disk import Disk

DOCKERFILE, IGNORE = "Dockerfile", ".dockerignore"


def context_from_archive(data: bytes) -> Disk:
    """Raises System."""
    disk = Disk()
    try:
        for name, node in unpack(data) if data else ():
            if name:
                disk.make_directory(posixpath.dirname(f"/{name}"), parents=True)
                disk.place(f"/{name}", node)
    except (NoArchive, OSError):
        raise System("unexpected EOF") from None
    return disk


def read_dockerfile(context: Disk, name: str) -> Dockerfile:
    """The Dockerfile; what .dockerignore leaves out of it and itself leaves the context. Raises InvalidParameter, System."""
    path = _located(context, name or DOCKERFILE)
    data = context.read(f"/{path}")
    if not data:
        raise InvalidParameter(f"the Dockerfile ({path}) cannot be empty")
    try:
        dockerfile = parse(data.decode("utf-8", "replace"))
    except ParseError as failure:
        raise InvalidParameter(f"failed to parse {path}: {failure}") from None
    _forget(context, path)
    return dockerfile


def _located(context: Disk, name: str) -> str:
    for path in (name, name.lower()) if name == DOCKERFILE else (name,):
        if posixpath.normpath(path).startswith(".."):
            raise System(f"forbidden path outside the build context: {path} ()")
        if context.exists(f"/{path}"):
            if context.is_directory(f"/{path}"):
                raise System(f"read {path}: is a directory")
            return path
    raise System(f"Cannot locate specified Dockerfile: {name}")


def _forget(context: Disk, dockerfile: str) -> None:
    if not context.exists(f"/{IGNORE}"):
        return
    patterns = ignore_patterns(context.read(f"/{IGNORE}").decode("utf-8", "replace"))
    for path in (IGNORE, dockerfile):
        if ignored(path, patterns) and context.exists(f"/{path}"):
            context.remove(f"/{path}")
