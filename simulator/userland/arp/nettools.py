"""The arp of net-tools (arp.c)."""

from __future__ import annotations

import errno

from simulator.clock import Steps
from simulator.kernel.errors import strerror
from simulator.kernel.neighbour import Neighbour
from simulator.kernel.process import Process
from simulator.userland.arp.entries import delete_entry, entries, is_complete, is_permanent, set_entry
from simulator.userland.getopt import Options
from simulator.userland.netdevice import mac_from_text
from simulator.userland.program import options_or_usage
from simulator.userland.resolver import Unresolved, resolve, reverse
from simulator.userland.usage_host import HOST

FAILED = 255
_LONG = {"verbose": "v", "all": "a", "delete": "d", "file": "f", "numeric": "n", "set": "s", "protocol=": "A"}
_LONG |= {"hw-type=": "H", "device=": "i", "help": "h", "use-device": "D", "symbolic": "N", "version": "V"}
HEADER = "Address                  HWtype  HWaddress           Flags Mask            Iface"


def arp(process: Process) -> Steps:
    given = options_or_usage(process, "A:H:adfp:nsei:Dvh?NV", long=_LONG, usage=HOST["arp"], status=3)
    if "h" in given or "?" in given:
        process.print(HOST["arp"])
        return 0
    if "s" in given:
        return (yield from _set(process, given))
    if "d" in given:
        return (yield from _delete(process, given))
    return (yield from _show(process, given))


def _show(process: Process, given: Options) -> Steps:
    wanted = ""
    if given.operands:
        try:
            wanted = (yield from resolve(process, given.operands[0], "inet"))[0]
        except Unresolved:
            process.error(f"{given.operands[0]}: Unknown host")
            return FAILED
    known = entries(process)
    chosen = [entry for entry in known if wanted in ("", entry.address)]
    chosen = [entry for entry in chosen if given.get("i", entry.device.name) == entry.device.name]
    bsd = "a" in given and "e" not in given
    if chosen and not bsd:
        process.print(HEADER)
    for entry in chosen:
        name = None if "n" in given else (yield from reverse(process, entry.address))
        process.print(bsd_line(entry, name) if bsd else line(entry, name))
    if "v" in given:
        process.print(f"Entries: {len(known)}\tSkipped: {len(known) - len(chosen)}\tFound: {len(chosen)}")
    if not chosen:
        _say_nothing_found(process, given, wanted, len(known), bsd=bsd)
    return 0


def _say_nothing_found(process: Process, given: Options, wanted: str, count: int, *, bsd: bool) -> None:
    if wanted and not bsd and "i" not in given:
        process.print(f"{given.operands[0]} ({wanted}) -- no entry")
    elif wanted or "i" in given:
        process.print(f"arp: in {count} entries no match found.")


def line(entry: Neighbour, name: str | None) -> str:
    """10.0.2.2                 ether   52:54:00:12:35:02   C                     eth0."""
    known = is_complete(entry)
    flags = ("CM" if is_permanent(entry) else "C") if known else ""
    kind, mac = ("ether", entry.mac) if known else ("", "(incomplete)")
    shown = (name or entry.address)[:23]
    return f"{shown:<25}{kind:<8}{mac:<20}{flags:<6}{'':<16}{entry.device.name}"


def bsd_line(entry: Neighbour, name: str | None) -> str:
    """? (10.0.2.2) at 52:54:00:12:35:02 [ether] on eth0."""
    mac = f"{entry.mac} [ether]" if is_complete(entry) else "<incomplete>"
    permanent = " PERM" if is_permanent(entry) else ""
    return f"{name or '?'} ({entry.address}) at {mac}{permanent} on {entry.device.name}"


def _set(process: Process, given: Options) -> Steps:
    if not given.operands:
        process.error("arp: need host name")
        return FAILED
    if len(given.operands) < 2:
        process.error("arp: need hardware address")
        return FAILED
    address = yield from _address(process, given.operands[0])
    mac = mac_from_text(given.operands[1])
    if address is None:
        return FAILED
    if mac is None:
        process.error("arp: invalid hardware address")
        return FAILED
    try:
        set_entry(process, address, mac, device=given.get("i"), temporary="temp" in given.operands[2:])
    except OSError as refusal:
        process.error(f"SIOCSARP: {strerror(refusal.errno or 0)}")
        return FAILED
    return 0


def _delete(process: Process, given: Options) -> Steps:
    if not given.operands:
        process.error("arp: need host name")
        return FAILED
    address = yield from _address(process, given.operands[0])
    if address is None:
        return FAILED
    try:
        delete_entry(process, address, device=given.get("i"))
    except OSError as refusal:
        if refusal.errno == errno.ENOENT:
            process.error(f"No ARP entry for {given.operands[0]}")
        else:
            process.error(f"SIOCDARP(dontpub): {strerror(refusal.errno or 0)}")
        return FAILED
    return 0


def _address(process: Process, text: str) -> Steps:
    try:
        return (yield from resolve(process, text, "inet"))[0]
    except Unresolved:
        process.error(f"{text}: Unknown host")
        return None
