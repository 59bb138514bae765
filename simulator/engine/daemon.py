"""The engine's parts in one place: what it has, and how its changes are told.

The behaviour stands in the modules that take a Daemon: create, lifecycle, stop, remove, exec and so on. Mirrors moby's
daemon.Daemon without its methods.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.clock import rfc3339
from simulator.engine.container import Container, Status
from simulator.engine.errors import EngineError, InvalidParameter
from simulator.engine.events import EventLog
from simulator.engine.exec import Exec
from simulator.engine.image import Registry
from simulator.engine.image_store import ImageStore
from simulator.engine.names import ContainerNames
from simulator.engine.network.controller import NetworkController
from simulator.engine.network.network import Network
from simulator.engine.volumes import Volumes
from simulator.kernel.machine import Machine
from simulator.versions import Version

# Changes of state that are events by themselves; the others come with more to tell and are published where they happen.
_EVENTS = {
    (Status.RUNNING, Status.PAUSED): "pause",
    (Status.PAUSED, Status.RUNNING): "unpause",
    (Status.REMOVING, Status.DEAD): "destroy",
}

_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


class Daemon:
    """dockerd on one machine."""

    def __init__(self, machine: Machine, version: Version, registry: Registry) -> None:
        self.machine, self.version, self.registry = machine, version, registry
        self.clock = machine.clock
        self.events = EventLog(machine.clock, machine.trace, machine.name)
        self.images = ImageStore(machine.clock)
        self.volumes = Volumes(machine.clock, machine.disk, self.events, self.local)
        self.containers: ContainerNames[Container] = ContainerNames()
        self.programs: dict[bytes, Any] = {}  # those that went out in an archive, by what their files hold
        self.execs: dict[str, Exec] = {}
        self.identity = _identity(machine.clock.chance.hex("engine id", 60))
        self.networks = NetworkController(machine, version)
        self.networks.listener = self.network_event

    # -- looking up -------------------------------------------------------------------------------------------------

    def find_for_option(self, text: str) -> Container:
        """A container that an option names: that there is none is then the option's mistake."""
        try:
            return self.containers.find(text)
        except EngineError as refused:
            raise InvalidParameter(refused.message) from None

    @property
    def nameserver(self) -> str:
        """The host's first name server."""
        for line in self.machine.disk.read("/etc/resolv.conf").decode().splitlines():
            if line.startswith("nameserver"):
                return line.split()[1]
        return "127.0.0.1"

    def local(self, wall: int) -> str:
        """A moment in the host's zone, as the API writes it."""
        return rfc3339(self.clock, wall)

    # -- telling ----------------------------------------------------------------------------------------------------

    def container_event(self, container: Container, action: str, **more: str) -> None:
        """An event of a container: its labels, its image and its name, and what the action adds."""
        attributes = {**(container.config["Labels"] or {}), "image": container.config["Image"], "name": container.name}
        self.events.publish("container", action, container.id, attributes | more)

    def network_event(self, network: Network, action: str, attributes: Mapping[str, str] | None = None) -> None:
        told = {"name": network.name, "type": network.driver_name, **(attributes or {})}
        self.events.publish("network", action, network.id, told)

    def image_event(self, action: str, actor: str, image_id: str, *, name: str = "") -> None:
        """An event of an image: its name and labels."""
        known = self.images.by_id(image_id)
        labels = known.config["Labels"] or {} if known else {}
        self.events.publish("image", action, actor, {**labels, "name": name or actor})

    def state_changed(self, container: Container, before: Status, after: Status) -> None:
        action = _EVENTS.get((before, after))
        if action:
            self.container_event(container, action)


def _identity(digits: str) -> str:
    """The engine's id: twelve groups of four letters of base32."""
    number = int(digits, 16)
    letters = [_BASE32[number >> 5 * index & 31] for index in range(48)]
    return ":".join("".join(letters[start : start + 4]) for start in range(0, 48, 4))
