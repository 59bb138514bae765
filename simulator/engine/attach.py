"""Clients at a container's standard streams: attach, resize, logs.

Mirrors moby's daemon/attach.go, resize.go, logs.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.clock import Clock
from simulator.engine import errors
from simulator.engine.container import Container, Status
from simulator.engine.errors import Conflict
from simulator.engine.filters import moment
from simulator.engine.log_options import extra_attributes
from simulator.engine.logs import Selection
from simulator.engine.stream import STDERR, STDOUT, Stream, detach_keys
from simulator.kernel.tty import Tty

if TYPE_CHECKING:
    from simulator.engine.daemon import Daemon

READABLE = ("json-file", "local", "journald")  # logging drivers that can be read again


def attach(
    daemon: Daemon,
    container: Container,
    name: str,
    *,
    stdin: bool,
    stdout: bool,
    stderr: bool,
    stream: bool,
    logs: bool,
    keys: str,
) -> Stream:
    """A client joins: first what was written before, if asked for, then what comes while the container runs."""
    escape = detach_keys(keys)
    if container.paused:
        raise Conflict(f"container {name} is paused, unpause the container before attach")
    if container.status is Status.RESTARTING:
        raise Conflict(f"container {name} is restarting, wait until the container is running before attach")
    client = container.streams.attach(stdin=stdin, stdout=stdout, stderr=stderr, keys=escape)
    wanted = {STDOUT: stdout, STDERR: stderr}
    if logs:
        for line in container.log.lines:
            if wanted[line.channel]:
                client.push(line.channel, line.data)
    if not (stream and (stdin or stdout or stderr)):
        client.close()
        return client
    daemon.container_event(container, "attach")
    if container.tty:
        client.on_detach(lambda: daemon.container_event(container, "detach"))
    return client


def resize(daemon: Daemon, container: Container, *, height: int, width: int) -> None:
    """The client's window has another size. Raises Conflict unless the container runs."""
    if not container.running or container.process is None:
        raise Conflict(f"Container {container.id} is not running")
    fit(container.streams.tty, height, width)
    daemon.container_event(container, "resize", height=str(height), width=str(width))


def fit(tty: Tty | None, height: int, width: int) -> None:
    if tty is not None:
        tty.resize(height, width)


def logs(
    clock: Clock,
    container: Container,
    *,
    stdout: bool,
    stderr: bool,
    since: str = "",
    until: str = "",
    timestamps: bool = False,
    details: bool = False,
    tail: str = "all",
    follow: bool = False,
) -> Stream:
    """What the container has written. Raises NotImplemented for another driver."""
    if container.host["LogConfig"]["Type"] not in READABLE:
        raise errors.NotImplemented("configured logging driver does not support reading")
    selection = Selection(
        channels=frozenset(channel for channel, wanted in ((STDOUT, stdout), (STDERR, stderr)) if wanted),
        since=_moment(since),
        until=_moment(until),
        tail=int(tail) if tail.isdecimal() else -1,
        timestamps=timestamps,
        details=extra_attributes(container.config, container.host["LogConfig"]) if details else None,
        follow=follow,
    )
    running = container.process is not None or container.starting is not None  # nobody writes after its end
    return container.log.read(selection, tty=container.tty, running=running)


def _moment(text: str) -> int | None:
    return moment(text) if text and text != "0" else None
