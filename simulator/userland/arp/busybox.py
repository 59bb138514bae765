"""The arp of busybox (networking/arp.c)."""

from __future__ import annotations

import errno

from simulator.clock import Steps
from simulator.kernel.errors import strerror
from simulator.kernel.neighbour import Neighbour
from simulator.kernel.process import Process
from simulator.userland.arp.entries import delete_entry, entries, is_complete, is_permanent, set_entry
from simulator.userland.getopt import Options
from simulator.userland.netdevice import mac_from_text
from simulator.userland.program import BUSYBOX
from simulator.userland.resolver import Unresolved, resolve, reverse


class Bad(Exception):
    """Ends the program with a line on standard error."""


def arp(process: Process) -> Steps:
    given = BUSYBOX.options(process, "A:p:H:t:i:adnDsv")
    try:
        if "s" in given:
            yield from _set(process, given)
        elif "d" in given:
            yield from _delete(process, given)
        else:
            yield from _show(process, given)
    except Bad as bad:
        process.error(f"arp: {bad}")
        return 1
    return 0


def _show(process: Process, given: Options) -> Steps:
    wanted = (yield from _address(process, given.operands[0])) if given.operands else ""
    known = entries(process)
    chosen = [entry for entry in known if wanted in ("", entry.address)]
    chosen = [entry for entry in chosen if given.get("i", entry.device.name) == entry.device.name]
    for entry in chosen:
        name = None if "n" in given else (yield from reverse(process, entry.address))
        process.print(line(entry, name))
    if not chosen and (wanted or "i" in given):
        process.print(f"No match found in {len(known)} entries")


def line(entry: Neighbour, name: str | None) -> str:
    """? (172.17.0.3) at 02:42:ac:11:00:03 [ether]  on eth0."""
    mac = f"{entry.mac} [ether]" if is_complete(entry) else "<incomplete>"
    permanent = "PERM" if is_permanent(entry) else ""
    return f"{name or '?'} ({entry.address}) at {mac} {permanent} on {entry.device.name}"


def _set(process: Process, given: Options) -> Steps:
    if not given.operands:
        raise Bad("need host name")
    address = yield from _address(process, given.operands[0])
    if len(given.operands) < 2:
        raise Bad("need hardware address")
    mac = mac_from_text(given.operands[1])
    if mac is None:
        raise Bad("invalid hardware address")
    try:
        set_entry(process, address, mac, device=given.get("i"), temporary="temp" in given.operands[2:])
    except OSError as refusal:
        raise Bad(f"SIOCSARP: {strerror(refusal.errno or 0)}") from None


def _delete(process: Process, given: Options) -> Steps:
    if not given.operands:
        raise Bad("need host name")
    address = yield from _address(process, given.operands[0])
    try:
        delete_entry(process, address, device=given.get("i"))
    except OSError as refusal:
        kind = "pub" if refusal.errno == errno.ENOENT else "priv"
        raise Bad(f"SIOCDARP({kind}): {strerror(refusal.errno or 0)}") from None


def _address(process: Process, text: str) -> Steps:
    try:
        return (yield from resolve(process, text, "inet"))[0]
    except Unresolved:
        raise Bad(f"{text}: Unknown host") from None
