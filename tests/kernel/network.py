"""Small worlds for tests of sockets and network programs: machines on one cable, without an engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from simulator.clock import Clock, Event, S
from simulator.kernel.device import Card, connect
from simulator.kernel.files import MemoryFile
from simulator.kernel.machine import Machine
from simulator.kernel.packet import Frame, Packet
from simulator.kernel.process import Process
from simulator.kernel.running import Program
from simulator.trace import FrameSent, Trace
from simulator.versions import DEFAULT_VERSION, version


class World:
    """Machine "a" is 10.0.0.1, "b" is 10.0.0.2, one cable joins them. `packets` are those that were sent, as text."""

    def __init__(self, names: Iterable[str] = ("a", "b"), *, seed: int = 0, engine: str = DEFAULT_VERSION) -> None:
        self.clock = Clock(seed=seed)
        self.trace = Trace()
        self.machines = {name: Machine(name, self.clock, self.trace, version=version(engine)) for name in names}
        cards = []
        for number, machine in enumerate(self.machines.values(), 1):
            card = Card(machine.netns, "eth0", mac=f"02:00:00:00:00:{number:02x}")
            machine.netns.loopback.set_up()
            card.set_up()
            card.add_address(f"10.0.0.{number}/24")
            cards.append(card)
        if len(cards) == 2:
            connect(cards[0], cards[1])
        self.packets: list[Packet] = []
        self.trace.subscribe(self._saw, FrameSent)
        self.clock.run(until=self.clock.now + 5 * S)
        self.packets.clear()

    def _saw(self, record: FrameSent) -> None:
        frame: Frame = record.frame
        if isinstance(frame.payload, Packet) and frame.payload.version == 4:
            self.packets.append(frame.payload)

    def spawn(self, name: str, program: Program, *argv: str, stdin: bytes = b"", **rest: Any) -> Process:
        """Starts a program on a machine; what it prints is in `output` of its files 1 and 2."""
        files = {0: MemoryFile(self.clock, stdin), 1: MemoryFile(self.clock), 2: MemoryFile(self.clock)}
        return self.machines[name].spawn(list(argv) or ["test"], program=program, files=dict(files), **rest)

    def run(
        self, name: str, program: Program, *argv: str, stdin: bytes = b"", limit: int = 600 * S
    ) -> tuple[str, str, int]:
        """Runs a program to its end; standard output, standard error, status."""
        process = self.spawn(name, program, *argv, stdin=stdin)
        out, err = process.stdout, process.stderr
        self.until(process.exited, limit)
        assert process.status is not None
        assert isinstance(out, MemoryFile) and isinstance(err, MemoryFile)
        return bytes(out.written).decode(), bytes(err.written).decode(), process.status

    def until(self, event: Event, limit: int = 600 * S) -> Any:
        """Lets time pass until an event; its value, or its failure raised."""
        self.clock.run(until=event | self.clock.sleep(limit))
        assert event.triggered, "nothing happened"
        if not event.ok:
            raise event.value
        return event.value

    @staticmethod
    def waiting(event: Event) -> Event:
        """The event, with somebody who waits for it from now on."""
        assert event.callbacks is not None
        event.callbacks.append(lambda _: None)
        return event

    def advance(self, duration: int) -> None:
        self.clock.run(until=self.clock.now + duration)

    def socket(self, name: str, family: str = "inet", kind: str = "stream", proto: int = 0) -> Any:
        """A socket that no process owns."""
        return self.machines[name].netns.sockets.create(family, kind, proto)


def matching(packets: list[Packet], test: Callable[[Packet], bool]) -> list[Packet]:
    return [packet for packet in packets if test(packet)]
