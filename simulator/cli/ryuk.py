"""ryuk, the reaper of testcontainers: it removes what a program's tests have left when the program has gone.

Mirrors moby-ryuk 0.8's main.go: a program that keeps a connection tells by filters what is its own, and some seconds
after the last connection has ended all of that is removed. Left out: signals, RYUK_VERBOSE, the trying again.
"""

from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from msgspec import Struct, field

from simulator.clock import MS, S, Steps
from simulator.engine.errors import EngineError

if TYPE_CHECKING:
    from simulator.clock import Event, Timer
    from simulator.engine.api import Engine
    from simulator.kernel.process import Process

SOCKET = "/var/run/docker.sock"
OWN = "org.testcontainers.ryuk"  # the label of reapers, which are left alone
UNITS = {"h": 3600 * S, "m": 60 * S, "s": S, "ms": MS}
FAILURE = 2  # of a Go program that panics

Filters = dict[str, list[str]]


class DeathNote(Struct):
    """What is to be removed. `over` comes when no client has been there for long enough."""

    over: Event
    timer: Timer
    patience: int
    filters: dict[str, Filters] = field(default_factory=dict)
    clients: int = 0


def ryuk(process: Process) -> Steps:
    """ryuk, with RYUK_PORT, RYUK_CONNECTION_TIMEOUT and RYUK_RECONNECTION_TIMEOUT."""
    _log(process, "Pinging Docker...")
    try:
        engine: Engine = process.unix_connect(SOCKET)
    except OSError:
        process.error(f"panic: Cannot connect to the Docker daemon at unix://{SOCKET}. Is the docker daemon running?")
        return FAILURE
    _log(process, "Docker daemon is available!")
    note = _note(process)
    process.spawn(process.argv, program=partial(_listen, note))
    yield note.over
    _log(process, "Timeout waiting for connection")
    counts = dict.fromkeys(("container(s)", "network(s)", "volume(s)", "image(s)"), 0)
    for filters in note.filters.values():
        counts["container(s)"] += yield from _remove_containers(engine, filters)
        counts["network(s)"] += len(engine.networks_prune(filters)["NetworksDeleted"] or [])
        counts["volume(s)"] += len(engine.volumes_prune(filters)["VolumesDeleted"] or [])
        images = engine.images_prune({**filters, "dangling": ["false"]})["ImagesDeleted"] or []
        counts["image(s)"] += sum("Untagged" in image for image in images)
    _log(process, "Removed {}, {}, {} {}".format(*(f"{count} {kind}" for kind, count in counts.items())))
    return 0


def _note(process: Process) -> DeathNote:
    clock, env = process.clock, process.env
    over = clock.waiter()
    first = clock.after(_duration(env.get("RYUK_CONNECTION_TIMEOUT", "60s")), over.succeed)
    return DeathNote(over, first, _duration(env.get("RYUK_RECONNECTION_TIMEOUT", "10s")))


def _duration(text: str) -> int:
    """Go's time.ParseDuration of the units that are of use here, in ns."""
    return int(sum(float(number) * UNITS[unit] for number, unit in re.findall(r"([\d.]+)(h|ms|m|s)", text)))


def _log(process: Process, text: str) -> None:
    """A line as Go's log package writes it."""
    process.error(f"{process.clock.at(process.clock.wall()):%Y/%m/%d %H:%M:%S} {text}")


def _listen(note: DeathNote, process: Process) -> Steps:
    port = int(process.env.get("RYUK_PORT", "8080"))
    _log(process, f"Starting on port {port}...")
    listener: Any = process.socket("inet6", "stream")
    listener.bind("", port)
    listener.listen()
    _log(process, "Started!")
    while True:
        connection = yield listener.accept()
        note.clients += 1
        note.timer.cancel()
        _log(process, f"New client connected: {_address(connection)}")
        connection.give(process.spawn(process.argv, program=partial(_take, note, connection)))


def _address(connection: Any) -> str:
    """A peer as Go's net.Addr writes it: IPv4 as such, also on a socket of IPv6."""
    host, port = connection.peer[:2]
    host = host.removeprefix("::ffff:")
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _take(note: DeathNote, connection: Any, process: Process) -> Steps:
    """Takes one client's filters, a line each."""
    held = b""
    while True:
        try:
            data = yield connection.recv()
        except OSError:
            data = b""
        *lines, held = (held + data).split(b"\n")
        for line in lines if data else [*lines, held]:
            _add(note, connection, line.decode("utf-8", "replace").strip(), process)
        if not data:
            break
    _log(process, f"Client disconnected: {_address(connection)}")
    note.clients -= 1
    if not note.clients:
        note.timer = process.clock.after(note.patience, note.over.succeed)
    return 0


def _add(note: DeathNote, connection: Any, line: str, process: Process) -> None:
    if not line:
        return
    filters: Filters = parse_qs(line)
    shown = json.dumps({kind: dict.fromkeys(values, True) for kind, values in filters.items()}, separators=(",", ":"))
    _log(process, f"Adding {shown}")
    note.filters[shown] = filters
    connection.send(b"ACK\n")


def _remove_containers(engine: Engine, filters: Filters) -> Steps:
    removed = 0
    for container in engine.container_list(True, filters=filters):
        if container["Labels"].get(OWN) == "true":
            continue
        removed += 1
        try:
            yield engine.container_remove(container["Id"], volumes=True, force=True)
        except EngineError:
            continue
    return removed
