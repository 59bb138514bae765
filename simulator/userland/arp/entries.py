"""The rows of /proc/net/arp, and what setting and deleting one does: arp(7), the ioctls SIOCSARP and SIOCDARP."""

from __future__ import annotations

import errno

from simulator.kernel.device import Device
from simulator.kernel.errors import error
from simulator.kernel.neighbour import USABLE, Neighbour, Nud
from simulator.kernel.process import Process
from simulator.userland.netdevice import require_admin


def entries(process: Process) -> list[Neighbour]:
    """The IPv4 entries in the order in which they were made; those without an answer are among them."""
    table = process.netns.neighbours
    table.listed()  # brings their ages up to now
    hidden = (Nud.NONE, Nud.NOARP)
    return [entry for entry in table.entries.values() if ":" not in entry.address and entry.state not in hidden]


def is_complete(entry: Neighbour) -> bool:
    return entry.state in USABLE


def is_permanent(entry: Neighbour) -> bool:
    return entry.state is Nud.PERMANENT


def device_for(process: Process, address: str, name: str = "") -> Device:
    """The device an entry belongs to: the one that is named, or that whose link the address is on. Raises OSError."""
    if name:
        return process.netns.device(name)
    route = process.netns.fib.lookup(address)
    if route.gateway or route.device is None:
        raise error(errno.ENETUNREACH)
    return route.device


def set_entry(process: Process, address: str, mac: str, *, device: str = "", temporary: bool = False) -> None:
    """Raises OSError EPERM, ENETUNREACH, ENODEV."""
    require_admin(process)
    state = Nud.STALE if temporary else Nud.PERMANENT
    process.netns.neighbours.add(device_for(process, address, device), address, mac, state=state)


def delete_entry(process: Process, address: str, *, device: str = "") -> None:
    """Raises OSError EPERM, ENOENT, ENETUNREACH, ENODEV."""
    require_admin(process)
    process.netns.neighbours.delete(device_for(process, address, device), address)
