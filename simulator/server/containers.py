"""Endpoints of containers: /containers/... (moby's api/server/router/container)."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

from simulator.clock import Event
from simulator.engine.api import Engine
from simulator.engine.errors import EngineError, InvalidParameter, System
from simulator.engine.stream import Documents
from simulator.server import replies, structs
from simulator.server.gojson import encoded
from simulator.server.platforms import platform_of
from simulator.server.replies import Answer, Early, Flow, Joined, Reply, Waiting
from simulator.server.request import Request, integer


def listed(engine: Engine, request: Request) -> Reply:
    limit = request.number("limit") or 0
    size, everything = request.boolean("size"), request.boolean("all")
    return replies.document(engine.container_list(everything, max(limit, 0), size, request.filters()))


def create(engine: Engine, request: Request) -> Reply:
    config = request.document(structs.CREATE, refusal=System)
    host = config.get("HostConfig")
    if isinstance(host, dict):
        config["HostConfig"] = _of_old_clients(host, request)
    platform = None if request.before("1.41") else platform_of(request)
    return replies.document(engine.container_create(config, request.text("name"), platform), 201)


def _of_old_clients(host: Mapping[str, Any], request: Request) -> dict[str, Any]:
    """What clients that speak an older API mean: they know no --rm of the engine, and share their IPC namespace."""
    meant = dict(host)
    if request.before("1.25"):
        meant["AutoRemove"] = False
    if request.before("1.40"):
        meant["KernelMemoryTCP"], meant["IpcMode"] = 0, host.get("IpcMode") or "shareable"
    return meant


def inspect(engine: Engine, request: Request, name: str) -> Reply:
    return replies.document(engine.container_inspect(name, request.boolean("size")))


def top(engine: Engine, request: Request, name: str) -> Reply:
    return replies.document(engine.container_top(name, request.text("ps_args")))


def changes(engine: Engine, request: Request, name: str) -> Reply:
    return replies.document(engine.container_changes(name))


def stats(engine: Engine, request: Request, name: str) -> Reply:
    one_shot = request.boolean("one-shot") and not request.before("1.41")
    found = engine.container_stats(name, request.boolean("stream", True), one_shot)
    if isinstance(found, Documents):
        return Flow(found, encoded, rush=replies.never)
    return Waiting(found, replies.document) if isinstance(found, Event) else replies.document(found)


def logs(engine: Engine, request: Request, name: str) -> Reply:
    stream = engine.container_logs(
        name,
        stdout=request.boolean("stdout"),
        stderr=request.boolean("stderr"),
        since=request.text("since"),
        until=request.text("until"),
        timestamps=request.boolean("timestamps"),
        details=request.boolean("details"),
        tail=request.text("tail") or "all",
        follow=request.boolean("follow"),
    )
    encode = replies.unframed if stream.tty else replies.frame
    return Flow(stream, encode, "", _runs(engine, name))


def start(engine: Engine, request: Request, name: str) -> Reply:
    return Waiting(engine.container_start(name, request.text("detachKeys")), lambda _: replies.done())


def stop(engine: Engine, request: Request, name: str) -> Reply:
    return Waiting(engine.container_stop(name, request.number("t")), lambda _: replies.done())


def restart(engine: Engine, request: Request, name: str) -> Reply:
    return Waiting(engine.container_restart(name, request.number("t")), lambda _: replies.done())


def kill(engine: Engine, request: Request, name: str) -> Reply:
    killed = engine.container_kill(name, request.text("signal") or "SIGKILL")
    return Waiting(killed, lambda _: replies.done())


def pause(engine: Engine, request: Request, name: str) -> Reply:
    engine.container_pause(name)
    return replies.done()


def unpause(engine: Engine, request: Request, name: str) -> Reply:
    engine.container_unpause(name)
    return replies.done()


def rename(engine: Engine, request: Request, name: str) -> Reply:
    engine.container_rename(name, request.text("name"))
    return replies.done()


def update(engine: Engine, request: Request, name: str) -> Reply:
    document = request.document(structs.UPDATE, refusal=System)
    if request.before("1.40"):
        document.pop("PidsLimit", None)
    return replies.document(engine.container_update(name, document))


def remove(engine: Engine, request: Request, name: str) -> Reply:
    removed = engine.container_remove(
        name, volumes=request.boolean("v"), link=request.boolean("link"), force=request.boolean("force")
    )
    return Waiting(removed, lambda _: replies.done())


def prune(engine: Engine, request: Request) -> Reply:
    return replies.document(engine.containers_prune(request.filters()))


def wait(engine: Engine, request: Request, name: str) -> Reply:
    """`docker run -d` waits, too, and goes away: time runs ahead only for who asked for nothing but the end.

    Clients before API 1.30 know no condition, and get the head with the end.
    """
    if request.before("1.30"):
        return Waiting(engine.container_wait(name), replies.document)
    condition = request.text("condition") or "not-running"
    rush = _runs(engine, name) if condition == "not-running" else _ending(engine, name)
    return Early(engine.container_wait(name, condition), rush)


def resize(engine: Engine, request: Request, name: str) -> Reply:
    height, width = size(request)
    engine.container_resize(name, height, width)
    return replies.done(200)


def size(request: Request) -> tuple[int, int]:
    """The rows and columns of a resize. Raises InvalidParameter."""
    return integer(request.text("h"), InvalidParameter), integer(request.text("w"), InvalidParameter)


def attach(engine: Engine, request: Request, name: str) -> Reply:
    """The connection is the client's before anything can be refused, so refusals are plain text and end it."""
    try:
        stream = engine.container_attach(
            name,
            stdin=request.boolean("stdin"),
            stdout=request.boolean("stdout"),
            stderr=request.boolean("stderr"),
            stream=request.boolean("stream"),
            logs=request.boolean("logs"),
            detach_keys=request.text("detachKeys"),
        )
    except EngineError as refused:
        kind = (("Content-Type", replies.RAW_STREAM),)
        return Answer(refused.status, f"{refused.message}\r\n".encode(), kind, closing=True, anonymous=True)
    # Somebody who sits at a terminal sees time pass as it does for him.
    watched = stream.tty and request.boolean("stdin")
    return Joined(stream, framed=not stream.tty, rush=replies.never if watched else _runs(engine, name))


def copy(engine: Engine, request: Request, name: str) -> Reply:
    """What archives took the place of: gone since API 1.24, without a word."""
    return replies.done(404)


def export(engine: Engine, request: Request, name: str) -> Reply:
    return Answer(200, engine.container_export(name), (("Content-Type", replies.OCTETS),))


def archive_stat(engine: Engine, request: Request, name: str) -> Reply:
    stat = engine.container_archive_stat(name, _path(request))
    return Answer(200, b"", (_stat_header(stat),))


def archive_get(engine: Engine, request: Request, name: str) -> Reply:
    stat, data = engine.container_archive_get(name, _path(request))
    return Answer(200, data, (("Content-Type", replies.TAR), _stat_header(stat)))


def archive_put(engine: Engine, request: Request, name: str) -> Reply:
    engine.container_archive_put(name, _path(request), request.body)
    return replies.done(200)


def _path(request: Request) -> str:
    path = request.text("path")
    if not path:
        raise InvalidParameter("bad parameter: pathcannot be empty")
    return path


def _stat_header(stat: object) -> tuple[str, str]:
    return "X-Docker-Container-Path-Stat", base64.b64encode(encoded(stat).rstrip()).decode()


def _runs(engine: Engine, name: str) -> Callable[[], bool]:
    """Whether time may run ahead until this container ends: not for one that has not begun, nor at a terminal."""
    config = engine.container_inspect(name)["Config"]
    if config["Tty"] and config["OpenStdin"]:
        return replies.never

    def runs() -> bool:
        try:
            return bool(engine.container_inspect(name)["State"]["Running"])
        except EngineError:
            return True  # it is gone; what is left to say comes at once

    return runs


def _ending(engine: Engine, name: str) -> Callable[[], bool]:
    """Whether a container has run and is about to be removed."""

    def ending() -> bool:
        try:
            return str(engine.container_inspect(name)["State"]["Status"]) in ("exited", "removing", "dead")
        except EngineError:
            return True

    return ending
