"""What can be made to go wrong: cables, containers' wires, the engine, single calls, address pools.

Each fault is a context manager; when it ends, what it did is undone. What a fault does to packets, the devices do:
a packet that dies dies on a wire.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

from simulator.engine.errors import EngineError
from simulator.kernel.device import Device, Fault
from simulator.server.request import Request

if TYPE_CHECKING:
    from simulator.lab import Lab

SOCKET = "/var/run/docker.sock"


class Refused(EngineError):
    """A call that fails because a test wants it to."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Faults:
    """The faults of one lab."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.stopped = False  # nobody answers for the engine
        self._planned: list[tuple[re.Pattern[str], Refused]] = []

    # -- wires ------------------------------------------------------------------------------------------------------

    def cut(self, *ends: str) -> AbstractContextManager[None]:
        """Nothing passes these wires: "web" is a container's, "docker-host/eth0" a machine's card."""
        return self._spoil(ends, Fault(cut=True))

    def slow(self, *ends: str, delay: int) -> AbstractContextManager[None]:
        """Every frame takes so many ns more."""
        return self._spoil(ends, Fault(delay=delay))

    def lose(self, *ends: str, share: float) -> AbstractContextManager[None]:
        """This share (0 to 1) of the frames is lost; which, the lab's seed says."""
        return self._spoil(ends, Fault(loss=share))

    @contextmanager
    def partition(self, network: str, *containers: str) -> Iterator[None]:
        """Each of these containers is cut off from a network."""
        devices = [device for name in containers for device in self._wires(name, network)]
        with self._set(devices, Fault(cut=True)):
            yield

    # -- the engine -------------------------------------------------------------------------------------------------

    @contextmanager
    def engine_stopped(self) -> Iterator[None]:
        """Nobody answers at the engine's socket; the containers run on (live-restore)."""
        self.stopped = True
        disk = self.lab.machine(self.lab.layout.first).disk
        disk.remove(SOCKET)
        try:
            yield
        finally:
            self.stopped = False
            disk.bind(SOCKET, self.lab.engine)

    def fail_next(self, call: str, *, status: int = 500, message: str = "a fault was asked for") -> None:
        """The next API call whose "METHOD /path" this regular expression finds is refused, once."""
        self._planned.append((re.compile(call), Refused(status, message)))

    @contextmanager
    def pools_full(self) -> Iterator[None]:
        """The engine has no address pool left: networks that nobody uses hold them all."""
        engine = self.lab.engine
        made: list[str] = []
        try:
            while True:
                try:
                    made.append(engine.network_create({"Name": f"fault-pool-{len(made)}"})["Id"])
                except EngineError:
                    break
            yield
        finally:
            for network in made:
                engine.network_remove(network)

    def refusal(self, request: Request) -> Refused | None:
        """What is planned for this call."""
        for entry in self._planned:
            if entry[0].search(f"{request.method} {request.path}"):
                self._planned.remove(entry)
                return entry[1]
        return None

    # -- inside -----------------------------------------------------------------------------------------------------

    def _spoil(self, ends: Iterable[str], fault: Fault) -> AbstractContextManager[None]:
        return self._set([device for end in ends for device in self._wires(end)], fault)

    @contextmanager
    def _set(self, devices: list[Device], fault: Fault) -> Iterator[None]:
        before = [(device, device.fault) for device in devices]
        for device in devices:
            device.fault = fault
        try:
            yield
        finally:
            for device, own in before:
                device.fault = own

    def _wires(self, end: str, network: str = "") -> list[Device]:
        """The devices of "machine/card" or of a container. Raises ValueError if there is nothing of this name."""
        machine, slash, card = end.partition("/")
        if slash:
            return [self.lab.machine(machine).netns.device(card)]
        try:
            document = self.lab.engine.container_inspect(end)
        except EngineError as refused:
            raise ValueError(refused.message) from None
        joined = document["NetworkSettings"]["Networks"]
        macs = {one["MacAddress"] for name, one in joined.items() if network in ("", name)}
        netns = self.lab.engine.daemon.containers.find(end).netns
        found = [device for device in netns.listed() if device.mac in macs] if netns is not None else []
        if not found:
            raise ValueError(f"container '{end}' has no wire{' to ' + network if network else ''}")
        return found
