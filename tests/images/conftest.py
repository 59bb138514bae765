"""A Docker host with the real images."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from simulator.clock import Clock, Event, S
from simulator.engine.api import Engine
from simulator.images import host
from simulator.images.registry import CATALOGUE, registry
from simulator.kernel.machine import Machine
from simulator.trace import Trace
from simulator.versions import version


@dataclass
class Host:
    """The host, and what a client does on it."""

    machine: Machine
    engine: Engine

    def wait(self, event: Event) -> Any:
        while not event.processed:
            self.machine.clock.step()
        return event.value

    def run(self, image: str, *argv: str, typed: str = "", tty: bool = False, **config: Any) -> str:
        """What a container of the image shows within half a minute; `typed` is its input."""
        document = {"Image": image, "Cmd": list(argv) or None, "Tty": tty, "OpenStdin": bool(typed), **config}
        identity = self.engine.container_create(document)["Id"]
        wanted = {"stdin": bool(typed), "stdout": True, "stderr": True, "stream": True}
        stream = self.engine.container_attach(identity, **wanted)
        self.wait(self.engine.container_start(identity))
        stream.write(typed.encode())
        self.machine.clock.run(until=int(self.machine.clock.now) + 30 * S)
        shown = b"".join(data for _, data in stream._waiting)
        return shown.decode().replace("\r\n", "\n")


def make_host(name: str) -> Host:
    clock = Clock()
    own = version(name)
    machine = Machine("docker-host", clock, Trace(), version=own, disk=host.disk(own, docker=True))
    machine.netns.loopback.set_up()
    host.names(machine, nameserver="10.0.2.3")
    return Host(machine, Engine(machine, own, registry(own, preloaded=CATALOGUE)))


@pytest.fixture(params=["20.10", "18.09"])
def docker(request: pytest.FixtureRequest) -> Host:
    return make_host(request.param)


@pytest.fixture
def host_of() -> Callable[[str], Host]:
    return make_host
