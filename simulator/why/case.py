"""A packet that died, with what there is to know of the lab around it; and advice: what to type so that it lives."""

from __future__ import annotations

from msgspec import Struct

from simulator.engine.container import Container
from simulator.kernel.netns import NetNamespace
from simulator.lab import Lab
from simulator.trace import Dropped
from simulator.why.road import Road


class Advice(Struct, frozen=True):
    """A command to type first on a machine, or a line to type in place of the one that failed."""

    machine: str
    command: str = ""
    instead: str = ""

    @property
    def text(self) -> str:
        if self.instead:
            return f"if you typed '{self.instead}' instead"
        return f"if you first typed '{self.command}' on {self.machine}"

    def document(self) -> dict[str, str]:
        return {"machine": self.machine, "command": self.command, "instead": self.instead, "tried": "works"}


class Case(Struct, frozen=True):
    """A packet that died, the lab in which it did, and the line that sent it."""

    lab: Lab
    road: Road
    line: str
    died: Dropped

    @property
    def host(self) -> str:
        return self.lab.layout.first

    @property
    def containers(self) -> list[Container]:
        return [each for engine in self.lab.engines.values() for each in engine.daemon.containers]

    @property
    def destination(self) -> str:
        return self.road.addresses[1]

    @property
    def sender(self) -> Container | None:
        first = self.road.phases[0] if self.road.phases else None
        return self.container(first.netns if first else self.died.netns)

    def container(self, name: str) -> Container | None:
        return next((each for each in self.containers if each.name == name), None)

    def owner(self, address: str) -> Container | None:
        """The container that has an address."""
        for each in self.containers:
            if each.netns and each.netns is not self.lab.machine(self.host).netns and each.netns.is_local(address):
                return each
        return None

    def netns(self) -> NetNamespace:
        """Where it died."""
        inside = self.container(self.died.netns)
        return inside.netns if inside and inside.netns else self.lab.machine(self.died.machine).netns

    def there(self, command: str) -> Advice:
        """A command typed where the packet died."""
        if self.died.netns:
            return Advice(self.host, f"docker exec --privileged {self.died.netns} {command}")
        return Advice(self.died.machine, command)

    def networks(self, container: Container) -> list[str]:
        return list(container.attachments)
