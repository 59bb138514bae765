"""Files by URL: ADD http://... has the engine fetch them, from its host. Mirrors moby's remotecontext.GetWithStatusError.

The request is made by the host's own curl, as the engine has no client of its own. Left out: https, redirects.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from msgspec import Struct

from simulator.clock import Event
from simulator.engine.fields import Document
from simulator.engine.image_pull import human_size
from simulator.engine.stream import Output
from simulator.kernel.execve import DEFAULT_PATH, load_program
from simulator.kernel.files import Null

if TYPE_CHECKING:
    from simulator.engine.daemon import Daemon

REFUSED, UNRESOLVED, TIMED_OUT = 7, 6, 28  # curl's exit statuses


class Download(Struct):
    """One file, and how it went. `done` comes when it has come, or will not."""

    url: str
    done: Event
    data: bytes = b""
    modified: int = 0  # ns since the epoch
    error: str = ""

    @property
    def name(self) -> str:
        """What the file is called there."""
        path = urlsplit(self.url).path
        return "" if path.endswith("/") else posixpath.basename(path)

    def report(self) -> Document:
        """The last report of its progress."""
        size = len(self.data)
        progress = f"{human_size(size):>8}/{human_size(size)}"
        return {"status": "Downloading", "progressDetail": {"current": size, "total": size}, "progress": progress}


def download(daemon: Daemon, url: str) -> Download:
    """Begins to fetch a file."""
    machine, clock = daemon.machine, daemon.clock
    under_way, came = Download(url, clock.waiter()), bytearray()
    argv = ["curl", "-s", "-i", url]
    try:
        program, argv = load_program(machine.disk, argv, search=DEFAULT_PATH, cwd="/")
    except OSError:
        under_way.error = f'Get "{url}": docklab\'s engine needs curl on its host'
        under_way.done.succeed()
        return under_way
    out = Output(clock, came.extend)
    process = machine.spawn(
        argv, program=program, files={0: Null(clock), 1: out, 2: Null(clock)}, env={"PATH": DEFAULT_PATH}
    )

    def finish(exited: Any) -> None:
        _finish(daemon, under_way, bytes(came), int(exited.value))
        under_way.done.succeed()

    assert process.exited.callbacks is not None
    process.exited.callbacks.append(finish)
    return under_way


def _finish(daemon: Daemon, under_way: Download, came: bytes, status: int) -> None:
    if status:
        under_way.error = f'Get "{under_way.url}": {_reason(daemon, under_way.url, status)}'
        return
    head, _, body = came.partition(b"\r\n\r\n")
    line = head.split(b"\r\n", 1)[0].decode("latin-1")
    answer = line.partition(" ")[2]
    if answer[:1] in ("4", "5"):
        text = body.decode("utf-8", "replace").strip()
        under_way.error = f"failed to GET {under_way.url} with status {answer}: {text}"
    under_way.data = body


def _reason(daemon: Daemon, url: str, status: int) -> str:
    """Go's words for what curl says by its status."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    if status == UNRESOLVED:
        return f"dial tcp: lookup {parts.hostname} on {daemon.nameserver}:53: no such host"
    if status == REFUSED:
        return f"dial tcp {parts.hostname}:{port}: connect: connection refused"
    if status == TIMED_OUT:
        return f"dial tcp {parts.hostname}:{port}: i/o timeout"
    return f"dial tcp {parts.hostname}:{port}: connect: no route to host"
