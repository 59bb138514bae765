"""busybox's ip link add, set and delete (libiproute/iplink.c); settings are ioctls, one after the other."""

from __future__ import annotations

import errno
from collections.abc import Callable

from simulator.kernel.device import Device
from simulator.kernel.errors import error, strerror
from simulator.kernel.process import Process
from simulator.userland.ip import link_add, link_changes
from simulator.userland.ip.words import Complaint, Output, Words, device
from simulator.userland.netdevice import change_mac, change_mtu, mac_from_text, require_admin
from simulator.userland.program import visible_processes


def change(process: Process, words: Words, out: Output) -> int:
    """ip link set."""
    name = ""
    settings: list[tuple[str, str]] = []
    while words:
        word = words.take()
        if word in ("up", "down", "nomaster"):
            settings.append((word, ""))
        elif word in _SETTINGS:
            settings.append((word, _checked(process, word, words.take())))
        elif word == "dev":
            name = words.take()
        elif name:
            raise Complaint(f'Error: either "dev" is duplicate, or "{word}" is a garbage.', 2)
        else:
            name = word
    if not name:
        raise Complaint('"dev" requires an argument')
    for word, value in sorted(settings, key=lambda setting: setting[0] in ("up", "down")):
        _set(process, name, word, value)
    return 0


def _checked(process: Process, word: str, value: str) -> str:
    if word in ("mtu", "qlen", "txqueuelen") and not value.isdigit():
        raise Complaint(f"invalid argument '{value}' to '{word}'")
    if word in ("arp", "multicast", "promisc") and value not in ("on", "off"):
        raise Complaint(f'argument of "{word}" must be "on" or "off"')
    if word == "address" and mac_from_text(value) is None:
        raise Complaint(f"wrong address ({value}) length: expected 6 bytes")
    if word == "master":
        device(process.netns, value)
    return value


def _set(process: Process, name: str, word: str, value: str) -> None:
    first, last = _REQUESTS.get(word, ("", ""))
    try:
        own = process.netns.device(name)
    except OSError:
        if first:
            raise Complaint(f"{first}: {strerror(errno.ENODEV)}") from None
        raise Complaint(f'Cannot find device "{name}"') from None
    if _is_so(own, word, value):
        return
    try:
        require_admin(process)
        _SETTINGS[word](process, own, value)
    except OSError as refusal:
        raise Complaint(f"{last or 'RTNETLINK answers'}: {strerror(refusal.errno or 0)}", 2) from None


def _is_so(own: Device, word: str, value: str) -> bool:
    """Whether a flag is as it is to be: then the kernel is not asked, and nobody's rights matter (do_chflags)."""
    if word in ("up", "down"):
        return own.up == (word == "up")
    attribute = {"arp": "arp", "promisc": "promiscuous", "multicast": "multicast"}.get(word)
    return attribute is not None and getattr(own, attribute) == (value == "on")


_FLAGS = ("SIOCGIFFLAGS", "SIOCSIFFLAGS")
_REQUESTS = {
    "up": _FLAGS,
    "down": _FLAGS,
    "arp": _FLAGS,
    "multicast": _FLAGS,
    "promisc": _FLAGS,
    "mtu": ("SIOCSIFMTU", "SIOCSIFMTU"),
    "qlen": ("SIOCSIFTXQLEN", "SIOCSIFTXQLEN"),
    "txqueuelen": ("SIOCSIFTXQLEN", "SIOCSIFTXQLEN"),
    "name": ("SIOCSIFNAME", "SIOCSIFNAME"),
    "address": ("SIOCSIFHWADDR", "SIOCSIFHWADDR"),
}


def _master(process: Process, own: Device, value: str) -> None:
    link_changes.set_master(own, process.netns.device(value))


def _netns(process: Process, own: Device, value: str) -> None:
    other = visible_processes(process).get(int(value) if value.isdigit() else 0)
    if other is None:
        raise OSError(errno.ESRCH, "")
    own.netns.move_device(own, other.netns)


_SETTINGS: dict[str, Callable[[Process, Device, str], None]] = {
    "up": lambda _, own, __: own.set_up(),
    "down": lambda _, own, __: own.set_down(),
    "nomaster": lambda _, own, __: link_changes.set_master(own, None),
    "arp": lambda _, own, value: setattr(own, "arp", value == "on"),
    "promisc": lambda _, own, value: setattr(own, "promiscuous", value == "on"),
    "multicast": lambda _, own, value: setattr(own, "multicast", value == "on"),
    "mtu": lambda _, own, value: change_mtu(own, int(value)),
    "qlen": lambda _, own, value: setattr(own, "qlen", int(value)),
    "txqueuelen": lambda _, own, value: setattr(own, "qlen", int(value)),
    "name": lambda _, own, value: own.rename(value),
    "address": lambda _, own, value: change_mac(own, mac_from_text(value) or own.mac),
    "master": _master,
    "netns": _netns,
}


def add(process: Process, words: Words, out: Output) -> int:
    """ip link add: as iproute2's, but a kind that is missing or unknown is the kernel's to refuse."""
    rest = words.rest()
    if "link" in rest[:-1]:
        device(process.netns, rest[rest.index("link") + 1])
    if "type" not in rest:
        raise _no_kind(process, rest)
    del rest[rest.index("type") + 2 :]  # options of a kind, and the name of a veth's peer, are not understood
    try:
        return link_add.add(process, Words(rest), out)
    except Complaint as complaint:
        if complaint.text == "Error: Unknown device type.":
            raise _no_kind(process, rest) from None
        raise


def _no_kind(process: Process, words: list[str]) -> OSError:
    taken = any(own.name in words for own in process.netns.devices.values())
    return error(errno.EEXIST if taken else errno.EOPNOTSUPP)


def delete(process: Process, words: Words, out: Output) -> int:
    if not words:
        raise Complaint("", 1)
    return link_add.delete(process, words, out)


COMMANDS: dict[str, Callable[[Process, Words, Output], int]] = {
    "add": add,
    "delete": delete,
    "set": change,
    "change": change,
}
