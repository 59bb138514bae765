"""ip link show and set (ip/iplink.c)."""

from __future__ import annotations

import errno
import re
from collections.abc import Callable

from simulator.kernel.bridge import Bridge
from simulator.kernel.device import Device
from simulator.kernel.errors import error
from simulator.kernel.netns import NetNamespace
from simulator.kernel.process import Process
from simulator.userland.ip import addresses, links
from simulator.userland.ip.words import USAGE, Complaint, Output, Words, device, matches, refused, twice, wrong
from simulator.userland.netdevice import (
    change_mac,
    change_mtu,
    mac_from_text,
    namespaces,
    not_simulated,
    require_admin,
)
from simulator.userland.program import visible_processes
from simulator.userland.usage_iproute import IPROUTE

MAX_NAME = 15  # IFNAMSIZ, without the zero at its end


# -- show --------------------------------------------------------------------------------------------------------------


def show(process: Process, words: Words, out: Output) -> int:
    asked = addresses.read_filter(words, "link")
    addresses.check_device(process, asked)
    chosen = [own for own in process.netns.listed() if asked.takes(own)]
    if out.flags.json:
        addresses.print_json([links.document(own, out, link=True) for own in chosen], out)
        return 0
    for own in chosen:
        lines = [links.brief_link(own, out)] if out.flags.brief else links.show(own, out, link=True)
        out.print(links.joined(lines, out.flags))
    return 0


# -- set ---------------------------------------------------------------------------------------------------------------


def change(process: Process, words: Words, out: Output) -> int:
    """ip link set: every word is read before the first change is made."""
    if not words:
        raise Complaint('Not enough information: "dev" argument is required.', USAGE)
    name = words.take()
    if name in ("dev", "group"):
        name = words.take()
    own = device(process.netns, name)
    steps = _read_steps(process, own, words)
    try:
        require_admin(process)
        for step in steps:
            step()
    except OSError as refusal:
        raise refused(refusal) from None
    return 0


def _read_steps(process: Process, own: Device, words: Words) -> list[Callable[[], None]]:
    steps: list[Callable[[], None]] = []
    while words:
        word = words.take()
        if word in ("up", "down"):
            steps.append(own.set_up if word == "up" else own.set_down)
        elif word == "nomaster":
            steps.append(lambda: set_master(own, None))
        elif word in SWITCHES:
            steps.append(_switch(own, word, words.take()))
        elif word in SETTINGS:
            steps.append(SETTINGS[word](process, own, words.take()))
        elif word == "type":
            kind = words.take()
            if kind != own.kind:
                raise refused(error(errno.EOPNOTSUPP))
            unsimulated(process, f"`ip link set type {kind}`")
        elif matches(word, "help"):
            raise Complaint(IPROUTE["link"], USAGE)
        else:
            raise twice("dev", word)
    return sorted(steps, key=lambda step: step in (own.set_up, own.set_down))


# The attributes of a device that are on or off.
SWITCHES = {"arp": "arp", "promisc": "promiscuous", "multicast": "multicast", "allmulticast": "all_multicast"}


def _switch(own: Device, word: str, value: str) -> Callable[[], None]:
    if value not in ("on", "off"):
        raise Complaint(f'Error: argument of "{word}" must be "on" or "off", not "{value}"')
    return lambda: setattr(own, SWITCHES[word], value == "on")


def _name(process: Process, own: Device, text: str) -> Callable[[], None]:
    return lambda: own.rename(checked_name(text))


def checked_name(name: str) -> str:
    if len(name) > MAX_NAME or not name or name in (".", "..") or re.search(r"[\s/:]", name):
        raise wrong(name, '"name" not a valid ifname')
    return name


def _mtu(process: Process, own: Device, text: str) -> Callable[[], None]:
    if not text.isdigit():
        raise wrong(text, 'Invalid "mtu" value\n')
    return lambda: change_mtu(own, int(text))


def _address(process: Process, own: Device, text: str) -> Callable[[], None]:
    mac = mac_from_text(text)
    if mac is None:
        raise Complaint(f'"{text}" is invalid lladdr.')
    return lambda: change_mac(own, mac)


def _alias(process: Process, own: Device, text: str) -> Callable[[], None]:
    return lambda: setattr(own, "alias", text)


def _queue_length(process: Process, own: Device, text: str) -> Callable[[], None]:
    if not text.isdigit():
        raise wrong(text, 'Invalid "txqueuelen" value\n')
    return lambda: setattr(own, "qlen", int(text))


def _master(process: Process, own: Device, text: str) -> Callable[[], None]:
    try:
        bridge = process.netns.device(text)
    except OSError:
        raise wrong(text, "Device does not exist\n") from None
    return lambda: set_master(own, bridge)


def set_master(own: Device, bridge: Device | None) -> None:
    """Raises OSError EOPNOTSUPP if the master is no bridge, and what the bridge refuses."""
    if bridge is not None and not isinstance(bridge, Bridge):
        raise OSError(errno.EOPNOTSUPP, "")
    if own.master is bridge:
        return
    if bridge and own.kind == "loopback":
        raise error(errno.EINVAL)
    if own.master:
        own.master.detach(own)
    if bridge:
        bridge.attach(own)


def _netns(process: Process, own: Device, text: str) -> Callable[[], None]:
    goal = find_namespace(process, text)
    return lambda: own.netns.move_device(own, goal)


def find_namespace(process: Process, text: str) -> NetNamespace:
    """The namespace of this name, or the one of the process with this number. Raises Complaint."""
    named = namespaces(process)
    if text in named:
        return named[text]
    if not text.isdigit():
        raise wrong(text, 'Invalid "netns" value\n')
    other = visible_processes(process).get(int(text))
    if other is None:
        raise Complaint("RTNETLINK answers: No such process", 2)
    return other.netns


SETTINGS: dict[str, Callable[[Process, Device, str], Callable[[], None]]] = {
    "name": _name,
    "mtu": _mtu,
    "address": _address,
    "txqueuelen": _queue_length,
    "txqlen": _queue_length,
    "qlen": _queue_length,
    "master": _master,
    "netns": _netns,
    "alias": _alias,
}


def unsimulated(process: Process, what: str) -> None:
    raise Complaint("", not_simulated(process, what))
