"""The arping of busybox 1.35 (networking/arping.c): asks a neighbour by ARP requests of its own."""

from __future__ import annotations

from contextlib import suppress

from simulator.clock import US, S, Steps
from simulator.kernel.device import Device
from simulator.kernel.errors import strerror
from simulator.kernel.packet import ARP_REPLY, ARP_REQUEST, BROADCAST_MAC, NO_MAC, Arp, Frame, arp, frame
from simulator.kernel.packet_socket import PacketSocket
from simulator.kernel.process import Process
from simulator.kernel.route import source_on
from simulator.kernel.running import Signalled
from simulator.kernel.signals import SIGINT
from simulator.userland.getopt import Options
from simulator.userland.ping.echo import milliseconds
from simulator.userland.program import BUSYBOX
from simulator.userland.resolver import Unresolved, numeric, resolve

INTERVAL = 1 * S
FAILED = 2


class Bad(Exception):
    """Ends the program with a line on standard error."""


def arping(process: Process) -> Steps:
    given = BUSYBOX.options(process, "DUAqfbc:w:I:s:")
    if len(given.operands) != 1:
        BUSYBOX.refuse(process)
    try:
        status: int = yield from _Arping(process, given).run()
    except Bad as bad:
        process.error(f"arping: {bad}")
        return FAILED
    return status


class _Arping:
    """One run. Raises Bad."""

    def __init__(self, process: Process, given: Options) -> None:
        self.process, self.given = process, given
        self.device = self._device(given.get("I", "eth0"))
        self.count = int(given.get("c")) if given.get("c").isdigit() else 0
        try:
            self.socket: PacketSocket = process.socket("packet", "raw")
        except PermissionError as refusal:
            raise Bad(f"socket: {strerror(refusal.errno or 0)}") from None
        self.limit = int(given.get("w")) * S if given.get("w").isdigit() else 0
        self.detects, self.announces = "D" in given, "U" in given or "A" in given
        self.sent = self.broadcasts = self.received = 0
        self.known = ""  # the MAC address that answered
        self.asked = 0  # when, in ns
        self.goal = self.source = ""

    def _device(self, name: str) -> Device:
        try:
            device = self.process.netns.device(name)
        except OSError as refusal:
            raise Bad(f"interface {name} not found: {strerror(refusal.errno or 0)}") from None
        if not device.up:
            raise Bad(f"interface {name} is down")
        if not device.arp or device.kind == "loopback":
            raise Bad(f"interface {name} is not ARPable")
        return device

    def run(self) -> Steps:
        host = self.given.operands[0]
        try:
            self.goal = (yield from resolve(self.process, host, "inet"))[0]
        except Unresolved:
            raise Bad(f"bad address '{host}'") from None
        self.source = self._own_address()
        self.socket.bind(self.device.name)
        if "q" not in self.given:
            self.process.print(f"ARPING {self.goal} from {self.source} {self.device.name}")
        self.process.signals.catch(SIGINT)
        with suppress(Signalled):
            yield from self._talk()
        return self._score()

    def _own_address(self) -> str:
        wanted = numeric(self.given.get("s")) if "s" in self.given else None
        if wanted and not self.process.netns.is_local(wanted):
            raise Bad("bind: Cannot assign requested address")
        if self.detects:
            return "0.0.0.0"
        return wanted or (self.goal if self.announces else source_on(self.device, self.goal) or "0.0.0.0")

    def _talk(self) -> Steps:
        clock = self.process.clock
        start = int(clock.now)
        while not (self.count and self.sent >= self.count) and not (self.limit and clock.now - start >= self.limit):
            self._ask()
            until = int(clock.now) + INTERVAL
            while clock.now < until:
                yield from self.process.poll([self.socket], int(until - clock.now))
                if self._heard_enough():
                    return

    def _heard_enough(self) -> bool:
        while self.socket.readable:
            _, _, direction, received = self.socket.receive_nowait()
            if direction == "in" and self._is_answer(received):
                self._tell(received)
                if "f" in self.given or self.detects:
                    return True
        return False

    def _ask(self) -> None:
        mac = self.known if self.known and "b" not in self.given else ""
        kind = ARP_REPLY if "A" in self.given else ARP_REQUEST
        own = self.device.mac
        question = arp(kind, hwsrc=own, psrc=self.source, hwdst=mac or NO_MAC, pdst=self.goal)
        self.asked = int(self.process.clock.now)
        self.sent += 1
        self.broadcasts += not mac
        self.socket.send(frame(question, src=own, dst=mac or BROADCAST_MAC))

    def _is_answer(self, received: Frame) -> bool:
        message = received.payload
        return isinstance(message, Arp) and message.op == ARP_REPLY and message.psrc == self.goal

    def _tell(self, received: Frame) -> None:
        message = received.payload
        assert isinstance(message, Arp)
        self.received += 1
        self.known = message.hwsrc
        if "q" not in self.given:
            rtt = milliseconds((int(self.process.clock.now) - self.asked) // US)
            kind = "Broadcast" if received.dst == BROADCAST_MAC else "Unicast"
            self.process.print(f"{kind} reply from {message.psrc} [{message.hwsrc}] {rtt}ms")

    def _score(self) -> int:
        if "q" not in self.given:
            # With a count it forgets to count broadcasts.
            broadcasts = 0 if "c" in self.given else self.broadcasts
            self.process.print(f"Sent {self.sent} probe(s) ({broadcasts} broadcast(s))")
            self.process.print(f"Received {self.received} response(s) (0 request(s), 0 broadcast(s))")
        if self.detects:
            return int(self.received > 0)
        return 0 if self.announces else int(self.received == 0)
