"""The traceroute 2.1 for Linux (traceroute.c): many probes at a time, printed in their order."""

from __future__ import annotations

from msgspec import Struct

from simulator.clock import MS, US, Steps
from simulator.kernel.errors import strerror
from simulator.kernel.process import Process
from simulator.userland.ping.echo import milliseconds
from simulator.userland.resolver import Unresolved, resolve, reverse
from simulator.userland.traceroute.modern_options import Bad, Settings, read_settings
from simulator.userland.traceroute.probes import METHODS, Method, Probe

PRECISION = 1 * MS  # added to a round trip before it is made a limit for others: DEF_WAIT_PREC


def traceroute(process: Process) -> Steps:
    return (yield from _main(process, ""))


def traceroute6(process: Process) -> Steps:
    return (yield from _main(process, "inet6"))


def _main(process: Process, family: str) -> Steps:
    try:
        settings = read_settings(process, family)
        goal = yield from _resolve(process, settings)
        yield from _Trace(process, settings, goal).run()
    except Bad as bad:
        if str(bad):
            process.error(str(bad))
        return bad.status
    return 0


def _resolve(process: Process, settings: Settings) -> Steps:
    try:
        found = yield from resolve(process, settings.host, settings.family)
    except Unresolved as unknown:
        place = f"on position {settings.position} (argc {settings.argument})"
        complaint = f'{settings.host}: {unknown.strerror}\nCannot handle "host" cmdline arg `{settings.host}\' {place}'
        raise Bad(complaint) from None
    return next((address for address in found if ":" not in address), found[0])


class Slot(Struct):
    """The place of one probe in the output."""

    hop: int
    sent: int = -1
    done: bool = False
    answer: Probe | None = None

    @property
    def is_waiting(self) -> bool:
        return self.sent >= 0 and not self.done


class _Trace:
    """One run. Raises Bad."""

    def __init__(self, process: Process, settings: Settings, goal: str) -> None:
        self.process, self.settings, self.goal = process, settings, goal
        hops = range(settings.first, settings.hops + 1)
        self.slots = [Slot(hop) for hop in hops for _ in range(settings.probes)]
        self.printed = 0
        self.last_address = ""
        self.names: dict[str, str] = {}
        self.method: Method

    def run(self) -> Steps:
        settings = self.settings
        length = max(settings.length or 0, self._least)
        shown = f"traceroute to {settings.host} ({self.goal}), {settings.hops} hops max, {length} byte packets"
        self.process.print(shown, end="")
        try:
            self.method = METHODS[settings.method](self.process, settings, self.goal, length)
        except OSError as refusal:
            self.process.print()
            raise Bad(f"{refusal.filename or 'connect'}: {strerror(refusal.errno or 0)}", 1) from None
        while self.printed < len(self.slots):
            self._send_some()
            yield from self._print_done()
            if self.printed < len(self.slots):
                yield from self._hear()
        self.process.print()

    @property
    def _least(self) -> int:
        if self.settings.length is None:
            return 80 if ":" in self.goal else 60
        return 48 if ":" in self.goal else 28

    # -- probes -----------------------------------------------------------------------------------------------------

    def _send_some(self) -> None:
        """As many probes as may be under way at once, in their order."""
        waiting = sum(slot.is_waiting for slot in self.slots)
        for number, slot in enumerate(self.slots):
            if waiting >= self.settings.at_once:
                return
            if slot.sent < 0:
                slot.sent = int(self.process.clock.now)
                waiting += 1
                try:
                    self.method.send(number, slot.hop)
                except OSError as refusal:
                    self.process.print()
                    raise Bad(f"send: {strerror(refusal.errno or 0)}", 1) from None

    def _hear(self) -> Steps:
        """Waits for the next answer or the next probe whose time is over."""
        now = int(self.process.clock.now)
        waiting = [slot for slot in self.slots if slot.is_waiting]
        until = min(slot.sent + self._limit(slot) for slot in waiting)
        yield from self.process.poll(self.method.sockets, max(until - now, 0))
        for answer in self.method.answers():
            self._take(answer)
        now = int(self.process.clock.now)
        for slot in waiting:
            if slot.is_waiting and now >= slot.sent + self._limit(slot):
                slot.done = True

    def _take(self, answer: Probe) -> None:
        if answer.number >= len(self.slots):
            return
        slot = self.slots[answer.number]
        if slot.done:
            return
        slot.done, slot.answer = True, answer
        answer.rtt = (int(self.process.clock.now) - slot.sent) // US
        if answer.final:
            per_hop = self.settings.probes
            end = (answer.number // per_hop + 1) * per_hop
            del self.slots[end:]

    def _limit(self, slot: Slot) -> int:
        """How long to wait for a probe: less if others of this hop, or of a later one, have been answered."""
        settings = self.settings
        here = next((each for each in self.slots if each.hop == slot.hop and each.answer), None)
        if here and here.answer and settings.here:
            return min(int((here.answer.rtt * US + PRECISION) * settings.here), settings.wait)
        near = next((each for each in self.slots if each.hop > slot.hop and each.answer), None)
        if near and near.answer and settings.near:
            return min(int((near.answer.rtt * US + PRECISION) * settings.near), settings.wait)
        return settings.wait

    # -- output -----------------------------------------------------------------------------------------------------

    def _print_done(self) -> Steps:
        """The probes whose fate is known, up to the first that is still on its way."""
        while self.printed < len(self.slots) and self.slots[self.printed].done:
            slot = self.slots[self.printed]
            if self.printed % self.settings.probes == 0:
                self.process.print(f"\n{slot.hop:2d} ", end="")
                self.last_address = ""
            self.printed += 1
            if slot.answer is None:
                self.process.print(" *", end="")
                continue
            yield from self._print_answer(slot.answer)

    def _print_answer(self, answer: Probe) -> Steps:
        if answer.address != self.last_address:
            self.last_address = answer.address
            shown = yield from self._shown(answer.address)
            self.process.print(f" {shown}", end="")
        self.process.print(f"  {milliseconds(answer.rtt)} ms{answer.mark}", end="")

    def _shown(self, address: str) -> Steps:
        if self.settings.numeric:
            return address
        if address not in self.names:
            name = yield from reverse(self.process, address)
            self.names[address] = f"{name or address} ({address})"
        return self.names[address]
