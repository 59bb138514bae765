"""ip link add and delete (ip/iplink.c, ip/link_veth.c)."""

from __future__ import annotations

import errno
from collections.abc import Callable

from simulator.kernel.device import Device
from simulator.kernel.netns import NetNamespace
from simulator.kernel.process import Process
from simulator.kernel.veth import Veth
from simulator.userland.ip.link_changes import SETTINGS, checked_name, find_namespace, unsimulated
from simulator.userland.ip.words import USAGE, Complaint, Output, Words, device, refused, twice
from simulator.userland.netdevice import (
    new_bridge,
    require_admin,
    require_free,
)

_NOT_SIMULATED = frozenset(
    "amt bareudp bond erspan geneve gre gretap gtp ifb ip6erspan ip6gre ip6gretap ip6tnl ipip ipvtap macsec macvlan "
    "macvtap netdevsim nlmon sit team vrf vti vxlan vxcan wireguard xfrm".split()
)


def add(process: Process, words: Words, out: Output) -> int:
    """ip link add."""
    options = _read_new(words)
    if "name" in options:
        checked_name(options["name"])
    if not words:
        raise Complaint('Not enough information: "type" argument is required')
    words.take()
    kind = words.take()
    maker = _MAKERS.get(kind)
    if maker is None:
        if kind in _NOT_SIMULATED:
            unsimulated(process, f"devices of type {kind}")
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
            SETTINGS[word](process, made, options[word])()


def _make_bridge(process: Process, options: dict[str, str], words: Words) -> Device:
    if words:
        unsimulated(process, f"the bridge option {words.take()}")
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
    other_name = checked_name(peer.get("name") or _free_name(netns, "veth", options.get("name", "")))
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
