"""A Docker host with one small image whose programs are written here, and what a client does to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from simulator.clock import Clock, Event, S, Steps
from simulator.engine.api import Engine
from simulator.engine.image import Blob, Image, Registry, image_config
from simulator.engine.layer import RootFs
from simulator.engine.stream import Stream
from simulator.kernel.disk import Disk
from simulator.kernel.machine import Machine
from simulator.kernel.process import Process
from simulator.kernel.running import Signalled
from simulator.trace import Trace
from simulator.versions import version

PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def _env(process: Process) -> Steps:
    for name, value in process.env.items():
        process.print(f"{name}={value}")
    return 0
    yield


def _sleep(process: Process) -> Steps:
    yield process.sleep(int(float(process.argv[1]) * S))


def _cat(process: Process) -> Steps:
    """Copies its input, or the files named."""
    for path in process.argv[1:]:
        process.write(process.disk.read(process.path(path), process))
    while len(process.argv) == 1:
        data = yield process.stdin.read()
        if not data:
            return 0
        process.write(data)
    return 0


def _say(process: Process) -> Steps:
    """say TEXT [STATUS]: the text, and on standard error its upper case."""
    process.print(process.argv[1])
    process.error(process.argv[1].upper())
    return int((*process.argv, "0")[2])
    yield


def _polite(process: Process) -> Steps:
    """Ends with status 3 when it is asked to."""
    process.signals.catch(15)
    try:
        yield process.sleep(1000 * S)
    except Signalled:
        process.print("bye")
    return 3


def _leave(process: Process) -> Steps:
    """leave SECONDS: ends at once, but has a child that speaks only then."""

    def child(late: Process) -> Steps:
        yield late.sleep(int(late.argv[1]) * S)
        late.print("late")

    process.spawn(process.argv, program=child)
    process.print("now")
    return 0
    yield


def _write(process: Process) -> Steps:
    process.disk.write(process.path(process.argv[1]), process.argv[2])
    return 0
    yield


def _id(process: Process) -> Steps:
    process.print(f"{process.uid} {process.user} {process.cwd} {process.uts.hostname}")
    return 0
    yield


PROGRAMS = {
    "env": _env,
    "sleep": _sleep,
    "cat": _cat,
    "say": _say,
    "polite": _polite,
    "leave": _leave,
    "write": _write,
    "id": _id,
}


def alpine(name: str = "alpine:latest", **config: Any) -> Image:
    """An image with the programs above."""
    disk = Disk()
    for folder in ("/etc", "/bin", "/root", "/tmp", "/data"):
        disk.make_directory(folder)
    disk.write("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\nbob:x:1000:1000::/home/bob:/bin/sh\n")
    disk.write("/data/seed", "from the image\n")
    disk.write("/bin/script", "#!/bin/say\n", mode=0o755)
    disk.write("/bin/odd", "no program\n", mode=0o755)
    for program, steps in PROGRAMS.items():
        disk.install(f"/bin/{program}", steps)
    settings: dict[str, Any] = {"Cmd": ["cat"], "Env": [PATH], **config}
    return Image(name, RootFs(disk, size=1_000_000), image_config(**settings), blobs=(Blob(400_000),))


@dataclass
class World:
    """The host, its engine, and a client that waits for what it asks."""

    machine: Machine
    engine: Engine

    @property
    def clock(self) -> Clock:
        return self.machine.clock

    def wait(self, event: Event) -> Any:
        """Lets time pass until the event has come; its value. Raises what it failed with."""
        while not event.processed:
            self.clock.step()
        if isinstance(event.value, Exception):
            raise event.value
        return event.value

    def advance(self, duration: int) -> None:
        self.clock.run(until=int(self.clock.now) + duration)

    def create(self, *argv: str, name: str = "", host: Any = None, networks: Any = None, **config: Any) -> str:
        """The id of a new container; `host` is its HostConfig, `networks` its EndpointsConfig."""
        document = {"Image": "alpine", "Cmd": list(argv) or None, **config}
        document |= {"HostConfig": host or {}, "NetworkingConfig": {"EndpointsConfig": networks or {}}}
        return str(self.engine.container_create(document, name)["Id"])

    def start(self, *argv: str, **settings: Any) -> str:
        """The id of a new container whose program runs."""
        identity = self.create(*argv, **settings)
        self.wait(self.engine.container_start(identity))
        return identity

    def run(self, *argv: str, **settings: Any) -> str:
        """What a new container prints until it ends, both streams in one."""
        identity = self.create(*argv, **settings)
        stream = self.engine.container_attach(identity, stdout=True, stderr=True, stream=True)
        self.wait(self.engine.container_start(identity))
        text = self.drain(stream)
        self.wait(self.engine.container_wait(identity))
        return text

    def drain(self, stream: Stream) -> str:
        """All that comes until the end."""
        text = b""
        while (piece := self.wait(stream.read())) is not None:
            text += piece[1]
        return text.decode()

    def exec(self, container: str, *argv: str, **config: Any) -> str:
        """What a further program prints until it ends."""
        request = {"Cmd": list(argv), "AttachStdout": True, "AttachStderr": True, **config}
        made = self.engine.exec_create(container, request)["Id"]
        return self.drain(self.wait(self.engine.exec_start(made)))

    def state(self, container: str) -> dict[str, Any]:
        return dict(self.engine.container_inspect(container)["State"])

    def actions(self, *kinds: str) -> list[str]:
        """What has happened so far, as `type action`."""
        feed = self.engine.events(since="0", until=str(self.clock.wall() // S + 1))
        found = []
        while feed._waiting:
            document = self.wait(feed.read())
            if not kinds or document["Type"] in kinds:
                found.append(f"{document['Type']} {document['Action']}")
        return found


@pytest.fixture
def world() -> World:
    return make_world()


def make_world(*, engine: str = "20.10", online: bool = False, **config: Any) -> World:
    clock, disk = Clock(), Disk()
    disk.make_directory("/etc")
    disk.write("/etc/resolv.conf", "nameserver 10.0.2.3\n")
    disk.write("/etc/hosts", "127.0.0.1\tlocalhost\n")
    machine = Machine("docker-host", clock, Trace(), version=version(engine), disk=disk)
    registry = Registry([alpine(**config), alpine("other:latest")], online=online, preloaded=["alpine"])
    return World(machine, Engine(machine, version(engine), registry))


@pytest.fixture
def online() -> World:
    """The same with a registry that can be reached."""
    return make_world(online=True)


@pytest.fixture
def make() -> Callable[..., World]:
    """Makes a host whose image has other settings, or another version's engine."""
    return make_world
