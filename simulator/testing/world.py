"""A lab for tests: with clients, a server thread, faults, and images declared in a line."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from simulator.clock import MS
from simulator.images import busybox, made
from simulator.images.registry import registry
from simulator.kernel.running import Program
from simulator.lab import Lab, Result
from simulator.server import replies
from simulator.server.address import Address
from simulator.server.loop import Server
from simulator.server.pace import Tempo
from simulator.server.replies import Reply
from simulator.server.request import Request
from simulator.testing.faults import Faults
from simulator.versions import DEFAULT_VERSION

if TYPE_CHECKING:
    import docker

REQUEST = 10 * MS  # the simulated time that a request takes: who asks again and again sees time pass
PROGRAM = "/usr/local/bin/program"
_FOREVER = "sleep 2147483647"


class World(Lab):
    """A lab whose engine has everything of the catalogue at hand. The same test gets the same bytes in every run."""

    def __init__(self, *, engine: str = DEFAULT_VERSION, seed: int = 0, **settings: Any) -> None:
        super().__init__(engine=engine, seed=seed, **settings)
        self.engine.daemon.registry = registry(self.version, online=True, preloaded=())
        self.faults = Faults(self)
        self.lock = threading.RLock()
        self.cost = REQUEST
        self._servers: list[Server] = []
        self._clients: list[docker.DockerClient] = []

    def __enter__(self) -> World:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the clients that it gave."""
        for client in self._clients:
            client.close()
        self._clients.clear()

    # -- time and commands ------------------------------------------------------------------------------------------

    def run(self, command: str, machine: str = "", **settings: Any) -> Result:
        """Runs a shell command on a machine to its end, as `Lab.run` does."""
        with self._held():
            return super().run(command, machine, **settings)

    def advance(self, duration: int) -> None:
        """Lets duration ns of simulated time pass."""
        with self._held():
            super().advance(duration)

    @contextmanager
    def freeze(self) -> Iterator[None]:
        """Time stands, but for what a request itself takes."""
        before, self.cost = self.cost, 0
        self._apply(frozen=True)
        try:
            yield
        finally:
            self.cost = before
            self._apply(frozen=False)

    # -- clients ----------------------------------------------------------------------------------------------------

    def docker_client(self) -> docker.DockerClient:
        """A client of the docker SDK, joined in the process: no socket, no thread."""
        from simulator.testing.sdk import client

        made_client = client(self)
        self._clients.append(made_client)
        return made_client

    @contextmanager
    def serve(self, *, expose: bool = False) -> Iterator[str]:
        """A server thread; the address for DOCKER_HOST. `expose`: published ports are those of 127.0.0.1, too."""
        folder = tempfile.mkdtemp(prefix="docklab-")
        unix = hasattr(socket, "AF_UNIX")
        address = Address(path=os.path.join(folder, "docker.sock")) if unix else Address(host="127.0.0.1")
        server = _Server(self, address, expose=expose)
        thread = threading.Thread(target=server.run, name="docklab", daemon=True)
        thread.start()
        self._servers.append(server)
        try:
            yield str(server.address)
        finally:
            self._servers.remove(server)
            server.stop()
            thread.join(10)
            shutil.rmtree(folder, ignore_errors=True)

    # -- images -----------------------------------------------------------------------------------------------------

    def image(
        self,
        name: str,
        *,
        program: Program | None = None,
        ports: Iterable[int | str] = (),
        environment: Mapping[str, str] | None = None,
        files: Mapping[str, str] | None = None,
        command: list[str] | None = None,
    ) -> None:
        """Declares an image, busybox and a Python function: `def program(process)`, a generator, is what runs."""
        disk = busybox.disk(dict(files or {}))
        if program is not None:
            disk.install(PROGRAM, program)
        self.engine.load(
            made.image(
                name if ":" in name.rpartition("/")[2] else f"{name}:latest",
                disk,
                created="2023-01-01T00:00:00",
                size=5_000_000,
                layers=(2_000_000,),
                cmd=command or ([PROGRAM] if program is not None else _FOREVER.split()),
                env=[f"{key}={value}" for key, value in (environment or {}).items()],
                expose=[str(port) if "/" in str(port) else f"{port}/tcp" for port in ports],
            )
        )

    def refusal(self, request: Request) -> Reply | None:
        """What a fault has this call answered with."""
        refused = self.faults.refusal(request)
        return replies.refusal(refused) if refused is not None else None

    # -- inside -----------------------------------------------------------------------------------------------------

    @contextmanager
    def _held(self) -> Iterator[None]:
        """The lab is touched by one thread at a time; servers then send what came of it."""
        with self.lock:
            yield
        for server in self._servers:
            server.wake()

    def _apply(self, *, frozen: bool) -> None:
        with self._held():
            for server in self._servers:
                server.cost, server.pace.frozen = self.cost, frozen


class _Server(Server):
    """A server that obeys the faults of its world."""

    def __init__(self, world: World, address: Address, *, expose: bool) -> None:
        outside = world.machine(world.layout.beyond).netns if expose else None
        super().__init__(
            world.engine, address, tempo=Tempo.ON_DEMAND, cost=world.cost, lock=world.lock, outside=outside
        )
        self._world = world

    def reply(self, request: Request) -> Reply:
        if self._world.faults.stopped:
            return replies.Answer(503, b"", closing=True)
        return self._world.refusal(request) or super().reply(request)
