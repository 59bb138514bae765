"""The composition root: machines, cables and an engine become one world.

It knows every package and is known by few. Nothing below it knows that it is in a lab.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from msgspec import Struct

from simulator.clock import DEFAULT_START, US, Clock, S, Zone
from simulator.digest import digest
from simulator.engine.api import Engine
from simulator.images import host
from simulator.images.registry import registry
from simulator.kernel import sysctl
from simulator.kernel.device import Card, connect
from simulator.kernel.files import MemoryFile
from simulator.kernel.machine import Machine
from simulator.layout import STANDARD, Layout, MachinePlan
from simulator.terminal import COLUMNS, ENVIRONMENT, ROWS, StillRunning, Terminal, advance, run_until
from simulator.trace import Trace
from simulator.versions import DEFAULT_VERSION, version

CABLE_DELAY = 60 * US
MAKE_RULES = frozenset({"run", "start", "restart", "connect", "create"})  # docker's commands
RULES_MADE = 120 * S  # a client that has been there for longer is attached to something
BOOT = 20 * S  # machines have been up for so long when their engines start: the noise of booting is over


class Result(Struct, frozen=True):
    """What a command printed and its exit status."""

    stdout: str
    stderr: str
    status: int

    @property
    def output(self) -> str:
        return self.stdout + self.stderr


class Lab:
    """A world of machines, one of them with a Docker engine that starts at `start` (ns since the Unix epoch).

    The same arguments and commands give the same bytes.

    Raises ValueError with one clear line for an unknown engine version.
    """

    def __init__(
        self,
        *,
        engine: str = DEFAULT_VERSION,
        seed: int = 0,
        start: int = DEFAULT_START,
        zone: Zone | None = None,
        layout: Layout = STANDARD,
        presets: Mapping[str, Iterable[Any]] | None = None,
    ) -> None:
        self.version = version(engine)
        self.layout = layout
        self.clock = Clock(seed=seed, start=start - BOOT, zone=zone)
        for kind, values in (presets or {}).items():
            self.clock.chance.preset(kind, values)
        self.trace = Trace()
        self.machines: dict[str, Machine] = {plan.name: self._machine(plan) for plan in layout.machines}
        self._lay_cables()
        for plan in layout.machines:
            self._boot(plan)
        advance(self.clock, BOOT)
        self.engines: dict[str, Engine] = {plan.name: self._engine(plan) for plan in layout.machines if plan.docker}

    # -- parts ------------------------------------------------------------------------------------------------------

    def machine(self, name: str) -> Machine:
        """Raises KeyError for a machine that the lab has not."""
        return self.machines[name]

    @property
    def engine(self) -> Engine:
        """The lab's first engine."""
        return next(iter(self.engines.values()))

    def terminal(self, machine: str = "", *, rows: int = ROWS, columns: int = COLUMNS) -> Terminal:
        """A new terminal of a machine; by default of the Docker host."""
        return Terminal(self.machine(machine or self.layout.first), rows=rows, columns=columns)

    def run(self, command: str, machine: str = "", *, stdin: str = "", limit: int = 600 * S) -> Result:
        """Runs a shell command to its end. Raises StillRunning after limit ns of simulated time."""
        host_machine = self.machine(machine or self.layout.first)
        files = [MemoryFile(self.clock, stdin.encode()), MemoryFile(self.clock), MemoryFile(self.clock)]
        argv = ["bash", "-c", command]
        process = host_machine.spawn(argv, env=ENVIRONMENT, cwd="/root", files=dict(enumerate(files)))
        if not run_until(self.clock, process.exited, limit):
            raise StillRunning(command)
        assert process.status is not None
        stdout, stderr = (bytes(file.written).decode("utf-8", "replace") for file in files[1:])
        return Result(stdout, stderr, process.status)

    def digest(self) -> str:
        """A hash of all state: two labs with the same digest will do the same from now on."""
        return digest(self)

    def advance(self, duration: int) -> None:
        """Lets duration ns of simulated time pass."""
        advance(self.clock, duration)

    def listen_at(self, path: str) -> None:
        """The first engine listens at one more socket of its host, as `dockerd -H unix://PATH` does."""
        disk = self.machine(self.layout.first).disk
        if path and not disk.exists(path):
            disk.bind(path, self.engine)

    # -- building ---------------------------------------------------------------------------------------------------

    def _machine(self, plan: MachinePlan) -> Machine:
        disk = host.disk(self.version, docker=plan.docker)
        machine = Machine(plan.name, self.clock, self.trace, version=self.version, disk=disk)
        for card in plan.cards:
            Card(machine.netns, card.name, mac=card.mac)
        return machine

    def _lay_cables(self) -> None:
        for one, other in self.layout.cables:
            connect(self._card(one), self._card(other), delay=CABLE_DELAY)

    def _card(self, text: str) -> Card:
        machine, _, name = text.partition("/")
        card = self.machines[machine].netns.device(name)
        assert isinstance(card, Card)
        return card

    def _boot(self, plan: MachinePlan) -> None:
        """What a machine does when it is switched on: its network, its names, its services."""
        machine = self.machines[plan.name]
        machine.netns.loopback.set_up()
        for card in plan.cards:
            device = machine.netns.device(card.name)
            device.set_up()
            for address in card.addresses:
                device.add_address(address, broadcast=host.broadcast(address))
        if plan.gateway:
            machine.netns.fib.default(plan.gateway, machine.netns.device(plan.cards[0].name))
        if plan.forwarding:
            sysctl.write(machine.netns, sysctl.FORWARD, "1")
        host.mount_kernel(machine)
        host.names(machine, nameserver=plan.nameserver)
        for path, text in plan.files.items():
            machine.disk.make_directory(path.rpartition("/")[0] or "/", parents=True)
            machine.disk.write(path, text)
        host.install(machine.disk, plan.programs)
        for service in plan.services:
            machine.spawn(service.split(), env=ENVIRONMENT)

    def _engine(self, plan: MachinePlan) -> Engine:
        machine = self.machines[plan.name]
        engine = Engine(machine, self.version, registry(self.version))
        machine.disk.bind("/var/run/docker.sock", engine)
        engine.daemon.networks.typed = partial(_typed, machine)
        return engine


def _typed(machine: Machine) -> str:
    """The docker command that is at work on a machine, if it is one that has the engine make rules."""
    for process in reversed(machine.processes.values()):
        if machine.clock.now - process.started >= RULES_MADE:
            break
        if process.argv[0] == "docker" and not MAKE_RULES.isdisjoint(process.argv[1:3]):
            return shlex.join(process.argv)
    return ""
