"""The neighbour table: which MAC address an IP address on the link has. See arp(7), net/core/neighbour.c.

An entry is made when a packet needs it (INCOMPLETE, packets wait), becomes REACHABLE by an answer, STALE with time,
and is asked about again when it is used (DELAY, PROBE) until it answers or FAILS. IPv4 asks by ARP, IPv6 by
neighbour discovery; both give their way to ask as `solicit`.
"""

from __future__ import annotations

import errno
from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct, field

from simulator.clock import MS, S, Timer
from simulator.kernel.drops import drop
from simulator.kernel.errors import error
from simulator.kernel.packet import Packet
from simulator.kernel.symbol import Symbol
from simulator.trace import NeighbourChanged

if TYPE_CHECKING:
    from simulator.kernel.device import Device
    from simulator.kernel.netns import NetNamespace


class Nud(Symbol):
    """The states of neighbour unreachability detection (RFC 4861 7.3.2), as `ip neigh` writes them."""

    NONE = "NONE"
    INCOMPLETE = "INCOMPLETE"
    REACHABLE = "REACHABLE"
    STALE = "STALE"
    DELAY = "DELAY"
    PROBE = "PROBE"
    FAILED = "FAILED"
    PERMANENT = "PERMANENT"
    NOARP = "NOARP"


class Cause(Symbol):
    """What can happen to an entry."""

    WANTED = "a packet needs the address"
    ANSWERED = "it answered a question of ours"
    HEARD = "it was heard to say its address"
    AGED = "it has not been confirmed for long"
    DELAYED = "no confirmation came while the packet was on its way"
    UNANSWERED = "all questions were left unanswered"


# State and cause to next state; what is not here changes nothing.
TRANSITIONS: dict[tuple[Nud, Cause], Nud] = {
    (Nud.NONE, Cause.WANTED): Nud.INCOMPLETE,
    (Nud.NONE, Cause.HEARD): Nud.STALE,
    (Nud.FAILED, Cause.WANTED): Nud.INCOMPLETE,
    (Nud.FAILED, Cause.HEARD): Nud.STALE,
    (Nud.INCOMPLETE, Cause.ANSWERED): Nud.REACHABLE,
    (Nud.INCOMPLETE, Cause.HEARD): Nud.STALE,
    (Nud.INCOMPLETE, Cause.UNANSWERED): Nud.FAILED,
    (Nud.REACHABLE, Cause.AGED): Nud.STALE,
    (Nud.STALE, Cause.WANTED): Nud.DELAY,
    (Nud.STALE, Cause.ANSWERED): Nud.REACHABLE,
    (Nud.DELAY, Cause.DELAYED): Nud.PROBE,
    (Nud.DELAY, Cause.ANSWERED): Nud.REACHABLE,
    (Nud.PROBE, Cause.ANSWERED): Nud.REACHABLE,
    (Nud.PROBE, Cause.UNANSWERED): Nud.FAILED,
}

CONNECTED = frozenset({Nud.REACHABLE, Nud.PERMANENT, Nud.NOARP})  # nothing is to be asked (NUD_CONNECTED)
USABLE = CONNECTED | {Nud.STALE, Nud.DELAY, Nud.PROBE}
BASE_REACHABLE_TIME = 30 * S  # an entry stays reachable 0.5 to 1.5 times as long
DELAY_PROBE_TIME = 5 * S
RETRANSMIT_TIME = 1020 * MS  # a second, and what the granularity of the timer wheel adds
SOLICITATIONS = 3  # multicast ones from INCOMPLETE, and unicast ones from PROBE
QUEUE_LENGTH = 101  # packets that wait for one address: unres_qlen

Solicit = Callable[["Neighbour"], None]
Send = Callable[[str], None]


class Neighbour(Struct, eq=False):
    """What is known of one address on one device. `mac` is empty until it is known."""

    device: Device
    address: str
    solicit: Solicit
    mac: str = ""
    state: Nud = Nud.NONE
    updated: int = 0
    used: int = 0
    asked: int = 0  # how often, in the present state
    expires: int = 0  # when REACHABLE ends
    timer: Timer | None = None
    waiting: list[tuple[Packet, Send]] = field(default_factory=list)


class NeighbourTable:
    """The entries of one namespace, IPv4 and IPv6, by device and address."""

    def __init__(self, netns: NetNamespace) -> None:
        self.netns = netns
        self.entries: dict[tuple[int, str], Neighbour] = {}
        self._addresses: defaultdict[int, dict[str, None]] = defaultdict(dict)  # of the entries, by device

    # -- for senders ------------------------------------------------------------------------------------------------

    def output(self, device: Device, address: str, packet: Packet, send: Send, solicit: Solicit) -> None:
        """Calls send(mac) for the packet, now or when the address has been resolved.

        If it cannot be, the packet is dropped and its sender told (`netns.unreachable`).
        """
        entry = self._entry(device, address, solicit)
        self._age(entry)
        entry.used = self._now
        if entry.state in CONNECTED:
            send(entry.mac)
            return
        if entry.state in USABLE:
            self._change(entry, Cause.WANTED)
            send(entry.mac)
            return
        entry.waiting.append((packet, send))  # before it is asked for: the question is put in this packet's name
        self._change(entry, Cause.WANTED)
        if len(entry.waiting) > QUEUE_LENGTH:
            lost, _ = entry.waiting.pop(0)
            drop(self.netns, lost.id, "NEIGHBOUR_QUEUE_FULL", address)

    # -- for ARP and neighbour discovery ----------------------------------------------------------------------------

    def answered(self, device: Device, address: str, mac: str) -> None:
        """An answer to a question of ours: the entry, if there is one, is good (neigh_update, NUD_REACHABLE)."""
        entry = self.entries.get((device.ifindex, address))
        if entry:
            self._learn(entry, mac, Cause.ANSWERED)

    def heard(self, device: Device, address: str, mac: str, solicit: Solicit, *, create: bool) -> None:
        """Somebody said its own address while asking for another (neigh_event_ns): STALE until confirmed."""
        key = (device.ifindex, address)
        if key not in self.entries and not create:
            return
        entry = self._entry(device, address, solicit)
        if entry.state is not Nud.PERMANENT and not (entry.mac == mac and entry.state in USABLE):
            self._learn(entry, mac, Cause.HEARD)

    def confirm(self, device: Device, address: str) -> None:
        """A higher layer knows that the neighbour is there: TCP made progress (neigh_confirm)."""
        entry = self.entries.get((device.ifindex, address))
        if entry and entry.mac and entry.state in (Nud.STALE, Nud.DELAY, Nud.REACHABLE, Nud.PROBE):
            self._learn(entry, entry.mac, Cause.ANSWERED)

    # -- for `ip neigh` and `arp` -----------------------------------------------------------------------------------

    def listed(self, device: Device | None = None) -> list[Neighbour]:
        """The entries by device and address, aged to this moment; those never resolved have FAILED or are INCOMPLETE."""
        for entry in self.entries.values():
            self._age(entry)
        chosen = [entry for entry in self.entries.values() if device is None or entry.device is device]
        return sorted(chosen, key=lambda entry: (entry.device.ifindex, entry.updated))

    def lookup(self, device: Device, address: str) -> Neighbour | None:
        entry = self.entries.get((device.ifindex, address))
        if entry:
            self._age(entry)
        return entry

    def add(self, device: Device, address: str, mac: str, *, state: Nud = Nud.PERMANENT) -> None:
        """Sets an entry by hand: `ip neigh replace`."""
        entry = self._entry(device, address, lambda _: None)
        entry.mac = mac
        self.set_state(entry, state)
        self._flush(entry)

    def delete(self, device: Device, address: str) -> None:
        """Raises OSError ENOENT if there is no such entry."""
        entry = self.entries.pop((device.ifindex, address), None)
        if entry is None:
            raise error(errno.ENOENT, address)
        del self._addresses[device.ifindex][address]
        self._stop(entry)

    def forget_device(self, device: Device) -> None:
        for address in self._addresses.pop(device.ifindex, ()):
            self._stop(self.entries.pop((device.ifindex, address)))

    # -- the machine ------------------------------------------------------------------------------------------------

    def set_state(self, entry: Neighbour, state: Nud) -> None:
        """The one place where a state changes."""
        before, entry.state = entry.state, state
        entry.updated = self._now
        entry.asked = 0
        self._stop(entry)
        _ON_ENTER.get(state, NeighbourTable._nothing)(self, entry)
        if before is not state and NeighbourChanged in self.netns.trace.wanted:
            device, now, machine = entry.device, self._now, self.netns.machine.name
            self.netns.trace.emit(
                NeighbourChanged(
                    now, machine, self.netns.name, device.name, entry.address, entry.mac, before.value, state.value
                )
            )

    def _change(self, entry: Neighbour, cause: Cause) -> None:
        state = TRANSITIONS.get((entry.state, cause))
        if state:
            self.set_state(entry, state)

    def _learn(self, entry: Neighbour, mac: str, cause: Cause) -> None:
        changed = bool(entry.mac) and entry.mac != mac
        entry.mac = mac
        if entry.state is Nud.REACHABLE and cause is Cause.ANSWERED:
            entry.expires = self._reachable_until()
        elif changed and cause is Cause.HEARD:
            self.set_state(entry, Nud.STALE)
        self._change(entry, cause)
        self._flush(entry)

    def _entry(self, device: Device, address: str, solicit: Solicit) -> Neighbour:
        key = (device.ifindex, address)
        entry = self.entries.get(key)
        if entry is None:
            entry = self.entries[key] = Neighbour(device, address, solicit)
            self._addresses[device.ifindex][address] = None
        entry.solicit = solicit
        return entry

    def _age(self, entry: Neighbour) -> None:
        if entry.state is Nud.REACHABLE and self._now >= entry.expires:
            self._change(entry, Cause.AGED)

    def _flush(self, entry: Neighbour) -> None:
        waiting, entry.waiting = entry.waiting, []
        for _, send in waiting:
            send(entry.mac)

    @property
    def _now(self) -> int:
        return self.netns.clock.now

    def _reachable_until(self) -> int:
        return (
            self._now
            + self.netns.clock.chance.integer("reachable time", 500, 1500) * (BASE_REACHABLE_TIME // (1000 * MS)) * MS
        )

    def _nothing(self, entry: Neighbour) -> None:
        """Some states need nothing done."""

    def _enter_reachable(self, entry: Neighbour) -> None:
        entry.expires = self._reachable_until()

    def _enter_delay(self, entry: Neighbour) -> None:
        entry.timer = self.netns.clock.after(DELAY_PROBE_TIME, self._change, entry, Cause.DELAYED)

    def _ask(self, entry: Neighbour) -> None:
        if entry.asked == SOLICITATIONS:
            self._change(entry, Cause.UNANSWERED)
            return
        entry.asked += 1
        entry.timer = self.netns.clock.after(RETRANSMIT_TIME, self._ask, entry)
        entry.solicit(entry)

    def _enter_failed(self, entry: Neighbour) -> None:
        entry.mac = ""
        waiting, entry.waiting = entry.waiting, []
        for packet, _ in waiting:
            drop(self.netns, packet.id, "NEIGHBOUR_FAILED", f"{entry.address} on {entry.device.name}")
            self.netns.unreachable(packet)

    def _stop(self, entry: Neighbour) -> None:
        if entry.timer:
            entry.timer.cancel()
            entry.timer = None


_ON_ENTER: dict[Nud, Callable[[NeighbourTable, Neighbour], None]] = {
    Nud.INCOMPLETE: NeighbourTable._ask,
    Nud.PROBE: NeighbourTable._ask,
    Nud.REACHABLE: NeighbourTable._enter_reachable,
    Nud.DELAY: NeighbourTable._enter_delay,
    Nud.FAILED: NeighbourTable._enter_failed,
}
