"""bridge(8) of iproute2 6.1: the ports of bridges, and behind which one an address is (bridge/link.c, fdb.c).

Left out: VLANs and the multicast database beyond the bridge's own groups, static entries, everything a port can be set
to but its hairpin mode.
"""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from typing import Any

from simulator.clock import S, Steps
from simulator.kernel.bridge import Bridge
from simulator.kernel.device import Device
from simulator.kernel.process import Process
from simulator.userland.ip.groups import ALL_NODES, ALL_NODES_HERE, inet6_groups, link_groups
from simulator.userland.ip.links import flag_names, full_name
from simulator.userland.ip.words import USAGE, Complaint, Flags, Output, Words, device, matches, refused
from simulator.userland.netdevice import not_simulated, require_admin
from simulator.userland.usage_iproute import IPROUTE

VERSION = "bridge utility, 6.1.0"
_SWITCHES = ("details", "oneline", "json", "pretty")
_OPTIONS = ("statistics", *_SWITCHES, "Version", "help", "color", "timestamp", "compressvlans")
PRIORITY, COST = 32, 2  # of every port: 802.1D's default, and a veth's 10 Gbit/s


def bridge(process: Process) -> Steps:
    yield from ()
    try:
        flags, words = _read_options(process.argv[1:])
        word = words.take() if words else ""
        for name, command in _OBJECTS.items():
            if word and matches(word, name):
                return command(process, words, Output(process, flags))
        if not word or matches(word, "help"):
            raise Complaint(IPROUTE["bridge"], USAGE)
        if matches(word, "monitor"):
            return not_simulated(process, "`bridge monitor`")
        raise Complaint(f'Object "{word}" is unknown, try "bridge help".', USAGE)
    except Complaint as complaint:
        if complaint.text:
            process.error(complaint.text)
        return complaint.status


def _read_options(argv: list[str]) -> tuple[Flags, Words]:
    flags, words = Flags(), Words(argv)
    while words.peek().startswith("-"):
        typed = words.take().lstrip("-")
        name = next((name for name in _OPTIONS if matches(typed, name)), "")
        if name == "statistics":
            flags.statistics += 1
        elif name in _SWITCHES:
            setattr(flags, name, True)
        elif name == "Version":
            raise Complaint(VERSION, 0)
        elif name == "help":
            raise Complaint(IPROUTE["bridge"], USAGE)
        elif not name:
            raise Complaint(f'Option "-{typed}" is unknown, try "bridge help".', USAGE)
    return flags, words


# -- link --------------------------------------------------------------------------------------------------------------


def _link(process: Process, words: Words, out: Output) -> int:
    word = words.take() if words else "show"
    if matches(word, "set") or matches(word, "change"):
        return _set_link(process, words, out)
    if matches(word, "help"):
        raise Complaint(IPROUTE["bridge link"], USAGE)
    if not any(matches(word, name) for name in ("show", "lst", "list")):
        raise Complaint(f'Command "{word}" is unknown, try "bridge link help".', USAGE)
    name = ""
    while words:
        if words.take() == "dev":
            name = words.take()
            device(process.netns, name)
    ports = [own for own in process.netns.listed() if own.master and name in ("", own.name)]
    if out.flags.json:
        out.print(json.dumps([_document(port) for port in ports], separators=(",", ":")))
        return 0
    for port in ports:
        out.print(_port_line(port))
        if out.flags.details:
            out.print(_port_details(port))
    return 0


def _state(port: Device) -> str:
    return "forwarding" if port.running and port.master and port.master.up else "disabled"


def _port_line(port: Device) -> str:
    assert port.master is not None
    marks = ",".join(flag_names(port))
    head = f"{port.ifindex}: {full_name(port)}: <{marks}> mtu {port.mtu} master {port.master.name}"
    return f"{head} state {_state(port)} priority {PRIORITY} cost {COST} "


def _port_details(port: Device) -> str:
    assert port.master is not None
    hairpin = "on" if port.ifindex in port.master.hairpin else "off"
    return (
        f"    hairpin {hairpin} guard off root_block off fastleave off learning on flood on mcast_flood on "
        "bcast_flood on mcast_router 1 mcast_to_unicast off neigh_suppress off vlan_tunnel off isolated off locked off "
    )


def _document(port: Device) -> dict[str, Any]:
    assert port.master is not None
    found: dict[str, Any] = {"ifindex": port.ifindex}
    if "@" in full_name(port):
        found["link"] = full_name(port).partition("@")[2]
    found |= {"ifname": port.name, "flags": flag_names(port), "mtu": port.mtu, "master": port.master.name}
    return found | {"state": _state(port), "priority": PRIORITY, "cost": COST}


def _set_link(process: Process, words: Words, out: Output) -> int:
    own: Device | None = None
    hairpin = ""
    while words:
        word = words.take()
        if word == "dev":
            own = device(process.netns, words.take())
        elif word == "hairpin":
            hairpin = words.take()
        else:
            return not_simulated(process, f"the setting {word} of a bridge's port")
    if own is None:
        raise Complaint("Device is a required argument.", USAGE)
    if hairpin not in ("", "on", "off"):
        raise Complaint(f'Error: argument of "hairpin" must be "on" or "off", not "{hairpin}"')
    try:
        require_admin(process)
        if own.master is None:
            raise OSError(errno.EOPNOTSUPP, "")
    except OSError as refusal:
        raise refused(refusal) from None
    if hairpin:
        (own.master.hairpin.add if hairpin == "on" else own.master.hairpin.discard)(own.ifindex)
    return 0


# -- fdb ---------------------------------------------------------------------------------------------------------------


def _fdb(process: Process, words: Words, out: Output) -> int:
    word = words.take() if words else "show"
    if matches(word, "help"):
        raise Complaint(IPROUTE["bridge fdb"], USAGE)
    if any(matches(word, name) for name in ("add", "append", "delete", "replace", "get", "flush")):
        return not_simulated(process, f"`bridge fdb {word}`")
    if not any(matches(word, name) for name in ("show", "lst", "list")):
        raise Complaint(f'Command "{word}" is unknown, try "bridge fdb help".', USAGE)
    asked = _read_fdb_filter(process, words)
    for own in process.netns.listed():
        if asked.get("dev", own.name) == own.name and _belongs(own, asked.get("br", "")):
            place = "" if "dev" in asked else f"dev {own.name} "
            for line in _entries(own, place, out):
                if "dynamic" not in asked or not line.endswith("permanent"):
                    out.print(line)
    return 0


def _read_fdb_filter(process: Process, words: Words) -> dict[str, str]:
    """The words behind show. Raises Complaint."""
    asked: dict[str, str] = {}
    while words:
        word = words.take()
        if word == "dynamic":
            asked[word] = word
        elif word in ("br", "dev", "brport", "state", "vlan"):
            asked["dev" if word == "brport" else word] = words.take()
        else:
            asked["dev"] = word
    for name in ("br", "dev"):
        if name in asked:
            device(process.netns, asked[name])
    return asked


def _belongs(own: Device, bridge_name: str) -> bool:
    return not bridge_name or own.name == bridge_name or (own.master is not None and own.master.name == bridge_name)


def _entries(own: Device, place: str, out: Output) -> list[str]:
    """The entries of one device: a port's addresses before its groups, a bridge's own address after them."""
    groups = [f"{mac} {place}self permanent" for mac in link_groups(own)]
    if isinstance(own, Bridge):
        return [*groups, f"{own.mac} {place}{_used(own, own.created, out)}master {own.name} permanent"]
    return _port_entries(own, place, out) + groups


def _port_entries(own: Device, place: str, out: Output) -> list[str]:
    if own.master is None:
        return []
    table = own.master
    entries = [(mac, table.fdb[mac]) for mac in list(table.fdb) if table.lookup(mac) is own]
    entries.sort(key=lambda pair: pair[1].local)
    return [
        f"{mac} {place}{_used(own, entry.updated, out)}master {table.name} {'permanent' if entry.local else ''}"
        for mac, entry in entries
    ]


def _used(own: Device, since: int, out: Output) -> str:
    if not out.flags.statistics:
        return ""
    age = (int(own.netns.clock.now) - since) // S
    return f"used {age}/{age} "


# -- the rest ----------------------------------------------------------------------------------------------------------


def _mdb(process: Process, words: Words, out: Output) -> int:
    for own in process.netns.listed():
        if isinstance(own, Bridge) and own.running:
            groups = [group for group in inet6_groups(own) if group not in (ALL_NODES, ALL_NODES_HERE)]
            for group in reversed(groups):
                out.print(f"dev {own.name} port {own.name} grp {group} temp")
    return 0


def _vlan(process: Process, words: Words, out: Output) -> int:
    out.print("port              vlan-id  ")
    return 0


_OBJECTS: dict[str, Callable[[Process, Words, Output], int]] = {
    "link": _link,
    "fdb": _fdb,
    "mdb": _mdb,
    "vlan": _vlan,
}
