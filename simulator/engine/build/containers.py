"""The containers that carry out the steps of a build. Mirrors moby's builder/dockerfile/containerbackend.go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.clock import Event
from simulator.engine import attach, create, lifecycle, remove
from simulator.engine.build.options import Options
from simulator.engine.build.output import Output
from simulator.engine.errors import System
from simulator.engine.fields import CONFIG, Document, filled
from simulator.engine.image import Image
from simulator.engine.layer import scratch
from simulator.engine.stream import STDERR, Stream

if TYPE_CHECKING:
    from simulator.engine.build.configure import State
    from simulator.engine.container import Container
    from simulator.engine.daemon import Daemon


class Containers:
    """Those of one build. `current` is the step's."""

    current: Container

    def __init__(self, daemon: Daemon, options: Options, output: Output) -> None:
        self._daemon, self._options, self._output = daemon, options, output
        self._all: list[Container] = []
        self._running: Container | None = None

    def make(self, config: Document, state: State) -> None:
        host = {"NetworkMode": self._options.network, "LogConfig": {"Type": "none"}, **self._options.host}
        empty = None if state.image else Image("", scratch(), filled({}, CONFIG))
        made = create.create(self._daemon, {**config, "HostConfig": host}, image=empty)
        self.current = self._daemon.containers.find(made["Id"])
        self._all.append(self.current)
        for warning in made["Warnings"]:
            self._output.say(f" ---> [Warning] {warning}\n")
        self._output.say(f" ---> Running in {self.current.short_id}\n")

    def start(self) -> tuple[Stream, Event]:
        """What the step's container will write, and when it has begun."""
        container = self.current
        stream = attach.attach(
            self._daemon,
            container,
            container.id,
            stdin=False,
            stdout=True,
            stderr=True,
            stream=True,
            logs=False,
            keys="",
        )
        self._running = container
        return stream, lifecycle.start(self._daemon, container)

    def tell(self, channel: int, data: bytes) -> None:
        """Passes on what the container wrote."""
        text = data.decode("utf-8", "replace")
        (self._output.warn if channel == STDERR else self._output.say)(text)

    def ended(self) -> Event:
        return remove.wait(self._daemon, self.current, "not-running")

    def clear(self) -> Event | None:
        """A step is done: its container goes, unless it is to be kept."""
        self._running = None
        if not (self._options.remove or self._options.force_remove) or not self._all:
            return None
        container = self._all.pop()
        gone = remove.remove(self._daemon, container, container.id, volumes=True, force=True)
        assert gone.callbacks is not None
        gone.callbacks.append(lambda _: self._output.say(f"Removing intermediate container {container.short_id}\n"))
        return gone

    def cancel(self) -> None:
        """Nobody waits for the build any more: what runs is killed and removed."""
        container = self._running
        if container is not None and container.running:
            remove.remove(self._daemon, container, container.id, volumes=True, force=True)


class Failed(System):
    """A command of RUN that ended with another status than 0, which becomes the client's."""

    def __init__(self, words: list[str], code: int) -> None:
        super().__init__(f"The command '{' '.join(words)}' returned a non-zero code: {code}")
        self.code = code
