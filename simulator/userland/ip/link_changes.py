"""ip link: shows devices, makes, changes and removes them (ip/iplink.c)."""

from __future__ import annotations

import errno
import re
from collections.abc import Callable

from simulator.kernel.bridge import Bridge
from simulator.kernel.device import Device
from simulator.kernel.errors import error
from simulator.kernel.netns import NetNamespace
from simulator.kernel.process import Process
from simulator.kernel.veth import Veth
from simulator.userland.ip import addresses, links
from simulator.userland.ip.words import USAGE, Complaint, Output, Words, device, matches, refused, twice, wrong
from simulator.userland.netdevice import (
    change_mac,
    change_mtu,
    mac_from_text,
    namespaces,
    new_bridge,
    not_simulated,
    require_admin,
    require_free,
)
from simulator.userland.program import visible_processes
from simulator.userland.usage_iproute import IPROUTE

MAX_NAME = 15  # IFNAMSIZ, without the zero at its end
_NOT_SIMULATED = frozenset(
    "amt bareudp bond erspan geneve gre gretap gtp ifb ip6erspan ip6gre ip6gretap ip6tnl ipip ipvtap macsec macvlan "
    "macvtap netdevsim nlmon sit team vrf vti vxlan vxcan wireguard xfrm".split()
)


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
        elif word in _SETTINGS:
            steps.append(_SETTINGS[word](process, own, words.take()))
        elif word == "type":
            kind = words.take()
            if kind != own.kind:
                raise refused(error(errno.EOPNOTSUPP))
            _unsimulated(process, f"`ip link set type {kind}`")
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
    return lambda: own.rename(_checked_name(text))


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


_SETTINGS: dict[str, Callable[[Process, Device, str], Callable[[], None]]] = {
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


# -- add and delete ----------------------------------------------------------------------------------------------------


def add(process: Process, words: Words, out: Output) -> int:
    """ip link add."""
    options = _read_new(words)
    if "name" in options:
        _checked_name(options["name"])
    if not words:
        raise Complaint('Not enough information: "type" argument is required')
    words.take()
    kind = words.take()
    maker = _MAKERS.get(kind)
    if maker is None:
        if kind in _NOT_SIMULATED:
            _unsimulated(process, f"devices of type {kind}")
        raise Complaint("Error: Unknown device type.", 2)
    try:
        require_admin(process)
        made = maker(process, options, words)
        _apply(process, made, options)
    except OSError as refusal:
        raise refused(refusal) from None
    return 0


def _read_new(words: Words) -> dict[str, str]:
    """What is said of the new device before its type."""
    options: dict[str, str] = {}
    while words and words.peek() != "type":
        word = words.take()
        if word in ("name", "mtu", "address", "txqueuelen", "netns", "link"):
            options[word] = words.take()
        elif word == "dev":
            options["name"] = words.take()
        elif "name" in options:
            raise twice("dev", word)
        else:
            options["name"] = word
    return options


def _apply(process: Process, made: Device, options: dict[str, str]) -> None:
    for word in ("mtu", "address", "txqueuelen", "netns"):
        if word in options:
            _SETTINGS[word](process, made, options[word])()


def _make_bridge(process: Process, options: dict[str, str], words: Words) -> Device:
    if words:
        _unsimulated(process, f"the bridge option {words.take()}")
    return new_bridge(process, options.get("name") or _free_name(process.netns, "bridge"))


def _make_veth(process: Process, options: dict[str, str], words: Words) -> Device:
    peer: dict[str, str] = {}
    if words.peek() == "peer":
        words.take()
        while words:
            word = words.take()
            if word in ("name", "mtu", "address", "txqueuelen", "netns"):
                peer[word] = words.take()
            else:
                peer["name"] = word
    chance, netns = process.clock.chance, process.netns
    # The peer is named and registered first: rtnl_newlink calls veth_newlink, which makes it before the device itself.
    other_name = _checked_name(peer.get("name") or _free_name(netns, "veth", options.get("name", "")))
    name = options.get("name") or _free_name(netns, "veth", other_name)
    place = find_namespace(process, peer.pop("netns")) if "netns" in peer else netns
    require_free(netns, name)
    require_free(place, other_name)
    other = Veth(place, other_name, mac=chance.mac("veth mac"))
    own = Veth(netns, name, mac=chance.mac("veth mac"))
    own.peer, other.peer = other, own
    other.qlen = own.qlen = 1000
    _apply(process, other, peer)
    return own


_MAKERS: dict[str, Callable[[Process, dict[str, str], Words], Device]] = {"bridge": _make_bridge, "veth": _make_veth}


def _free_name(netns: NetNamespace, stem: str, taken: str = "") -> str:
    names = {own.name for own in netns.devices.values()} | {taken}
    number = 0
    while f"{stem}{number}" in names:
        number += 1
    return f"{stem}{number}"


def _checked_name(name: str) -> str:
    if len(name) > MAX_NAME or not name or name in (".", "..") or re.search(r"[\s/:]", name):
        raise wrong(name, '"name" not a valid ifname')
    return name


def delete(process: Process, words: Words, out: Output) -> int:
    """ip link delete."""
    if words.peek() == "dev":
        words.take()
    if not words:
        raise Complaint('Not enough information: "dev" argument is required.', USAGE)
    own = device(process.netns, words.take())
    try:
        require_admin(process)
        if own.kind in ("loopback", "ether"):
            raise OSError(errno.EOPNOTSUPP, "")
        own.delete()
    except OSError as refusal:
        raise refused(refusal) from None
    return 0


def _unsimulated(process: Process, what: str) -> None:
    raise Complaint("", not_simulated(process, what))
