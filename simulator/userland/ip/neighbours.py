"""ip neigh: the neighbour tables (ip/ipneigh.c)."""

from __future__ import annotations

import errno
from ipaddress import ip_address
from typing import Any

from msgspec import Struct

from simulator.clock import S, Steps
from simulator.kernel.errors import error
from simulator.kernel.neighbour import Neighbour, Nud
from simulator.kernel.process import Process
from simulator.kernel.route import Network
from simulator.userland.ip.addresses import print_json
from simulator.userland.ip.words import (
    USAGE,
    Complaint,
    Output,
    Words,
    address,
    device,
    matches,
    prefix,
    refused,
    wrong,
)
from simulator.userland.netdevice import mac_from_text, require_admin
from simulator.userland.resolver import reverse
from simulator.userland.usage_iproute import IPROUTE

UNICAST_PROBES = 3  # ucast_solicit
STATES = {state.value.lower(): state for state in Nud}


class Filter(Struct):
    """What of the tables is to be shown or flushed."""

    device: str = ""
    to: Network | None = None
    state: Nud | None = None
    every_state: bool = False
    family: int = 0

    def takes(self, entry: Neighbour) -> bool:
        goal = ip_address(entry.address)
        hidden = entry.state in (Nud.NONE, Nud.NOARP) and self.state is None and not self.every_state
        return (
            self.device in ("", entry.device.name)
            and self.family in (0, goal.version)
            and (self.to is None or (self.to.version == goal.version and goal in self.to))
            and self.state in (None, entry.state)
            and not hidden
        )


def read_filter(process: Process, words: Words, family: int) -> Filter:
    asked = Filter(family=family)
    while words:
        word = words.take()
        if word == "dev":
            asked.device = words.take()
            device(process.netns, asked.device)
        elif word == "nud":
            state = words.take()
            asked.every_state = state == "all"
            if state != "all" and state not in STATES:
                raise wrong(state, "nud state is bad")
            asked.state = STATES.get(state)
        elif word in ("unused", "nomaster"):
            continue
        elif matches(word, "help"):
            raise Complaint(IPROUTE["neigh"], USAGE)
        elif word != "all":
            asked.to = prefix(words.take() if word == "to" else word, family).network
    return asked


def chosen(process: Process, asked: Filter) -> list[Neighbour]:
    return [entry for entry in process.netns.neighbours.listed() if asked.takes(entry)]


# -- showing -----------------------------------------------------------------------------------------------------------


def show(process: Process, words: Words, out: Output) -> Steps:
    asked = read_filter(process, words, out.flags.family)
    found = chosen(process, asked)
    if out.flags.json:
        print_json([_document(entry, asked) for entry in found], out)
        return 0
    for entry in found:
        name = entry.address
        if out.flags.resolve:
            name = (yield from reverse(process, entry.address)) or name
        out.print(brief(entry, out) if out.flags.brief else line(entry, out, asked, name))
    return 0


def line(entry: Neighbour, out: Output, asked: Filter, name: str) -> str:
    """172.17.0.2 dev docker0 lladdr 02:42:ac:11:00:02 REACHABLE."""
    text = out.address(entry.address, name + " ")
    if not asked.device:
        text += "dev " + out.paint("name", entry.device.name + " ")
    if entry.mac:
        text += "lladdr " + out.paint("mac", entry.mac + " ")
    if out.flags.statistics:
        text += statistics(entry)
    return f"{text}{entry.state.value} "


# Entries in these states have a timer, which counts as a user of them.
_TIMED = (Nud.INCOMPLETE, Nud.REACHABLE, Nud.DELAY, Nud.PROBE)


def references(entry: Neighbour) -> str:
    return "ref 1 " if entry.state in _TIMED else ""


def statistics(entry: Neighbour) -> str:
    now = int(entry.device.netns.clock.now)
    used, updated = (now - entry.used) // S, (now - entry.updated) // S
    return f" {references(entry)}used {used}/{updated}/{updated}probes {probes(entry)} "


def probes(entry: Neighbour) -> int:
    """How often the kernel has asked, the three unicast questions that it skips for a new entry counted in."""
    known = {Nud.INCOMPLETE: UNICAST_PROBES + entry.asked, Nud.REACHABLE: UNICAST_PROBES + 1, Nud.PROBE: entry.asked}
    return known.get(entry.state, 2 * UNICAST_PROBES if entry.state is Nud.FAILED else 0)


def brief(entry: Neighbour, out: Output) -> str:
    return f"{entry.address:<39} {entry.device.name:<16} {entry.mac}"


def _document(entry: Neighbour, asked: Filter) -> dict[str, Any]:
    found: dict[str, Any] = {"dst": entry.address}
    if not asked.device:
        found["dev"] = entry.device.name
    if entry.mac:
        found["lladdr"] = entry.mac
    return found | {"state": [entry.state.value]}


def get(process: Process, words: Words, out: Output) -> Steps:
    """ip neigh get."""
    goal = name = ""
    while words:
        word = words.take()
        if word == "dev":
            name = words.take()
        else:
            goal = address(words.take() if word == "to" else word, out.flags.family)
    if not goal or not name:
        raise Complaint("Device and address are required arguments.")
    entry = process.netns.neighbours.lookup(device(process.netns, name), goal)
    if entry is None:
        raise Complaint("Error: Neighbour entry not found.", 2)
    out.print(line(entry, out, Filter(), entry.address))
    return 0
    yield


# -- changing ----------------------------------------------------------------------------------------------------------


class Wanted(Struct):
    """The entry that a command is about."""

    goal: str = ""
    device: str = ""
    mac: str = ""
    state: Nud = Nud.PERMANENT


def modify(process: Process, words: Words, out: Output, *, action: str) -> Steps:
    """ip neigh add, replace, change, del."""
    wanted = _read_wanted(words, out.flags.family)
    if not wanted.goal or not wanted.device:
        raise Complaint("Device and destination are required arguments.", USAGE)
    own = device(process.netns, wanted.device)
    table = process.netns.neighbours
    known = table.lookup(own, wanted.goal)
    try:
        require_admin(process)
        if action == "del":
            table.delete(own, wanted.goal)
            return 0
        if action == "add" and known:
            raise error(errno.EEXIST)
        if action == "change" and not known:
            raise error(errno.ENOENT)
        if not wanted.mac and not (known and known.mac):
            raise OSError(errno.EINVAL, "No link layer address given.")
        table.add(own, wanted.goal, wanted.mac or (known.mac if known else ""), state=wanted.state)
    except OSError as refusal:
        raise refused(refusal) from None
    return 0
    yield


def _read_wanted(words: Words, family: int) -> Wanted:
    wanted = Wanted()
    while words:
        word = words.take()
        if word == "lladdr":
            text = words.take()
            mac = mac_from_text(text)
            if mac is None:
                raise Complaint(f'"{text}" is invalid lladdr.')
            wanted.mac = mac
        elif word == "nud":
            text = words.take()
            if text not in STATES:
                raise wrong(text, "nud state is bad")
            wanted.state = STATES[text]
        elif word == "dev":
            wanted.device = words.take()
        elif matches(word, "help"):
            raise Complaint(IPROUTE["neigh"], USAGE)
        else:
            wanted.goal = address(words.take() if word == "to" else word, family)
    return wanted


def flush(process: Process, words: Words, out: Output) -> Steps:
    """ip neigh flush; what was set for good stays unless it is asked for."""
    if not words:
        raise Complaint("Flush requires arguments.")
    asked = read_filter(process, words, out.flags.family)
    try:
        require_admin(process)
    except OSError as refusal:
        raise refused(refusal) from None
    doomed = [entry for entry in chosen(process, asked) if entry.state is not Nud.PERMANENT or asked.state]
    for entry in doomed:
        process.netns.neighbours.delete(entry.device, entry.address)
    if out.flags.statistics:
        out.print(f"\n*** Round 1, deleting {len(doomed)} entries ***" if doomed else "Nothing to flush.")
        if doomed:
            out.print("*** Flush is complete after 1 round ***")
    return 0
    yield
