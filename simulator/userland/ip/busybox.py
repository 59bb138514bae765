"""The ip of busybox (networking/ip.c, libiproute/): fewer objects and options, and complaints of its own."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import replace

from simulator.clock import Steps
from simulator.kernel.device import Device
from simulator.kernel.errors import strerror
from simulator.kernel.neighbour import Neighbour, Nud
from simulator.kernel.process import Process
from simulator.kernel.route import LOCAL, MAIN, Route
from simulator.userland.ip import address_changes, addresses, busybox_link, neighbours, route_changes, route_get, routes
from simulator.userland.ip.links import link_line, queueing
from simulator.userland.ip.words import Complaint, Flags, Output, Words
from simulator.userland.netdevice import Iff, flags, not_simulated, require_admin
from simulator.userland.usage_net import misused

_OBJECTS = ("address", "route", "link", "tunnel", "neigh", "rule")
_FAMILIES = {"inet": 4, "inet6": 6, "link": 0}
_COMPLAINTS = (
    ("Command line is not complete", 'command line is not complete, try "help"'),
    ("Cannot find device ", "can't find device '{}'"),
    ("Device ", "can't find device '{}'"),
    ('Error: either "', 'either "{0}" is duplicate, or "{1}" is garbage'),
    ("Error: inet address", 'an inet address is expected rather than "{}"'),
    ("Error: inet6 address", 'an inet6 address is expected rather than "{}"'),
    ("Error: any valid prefix", 'an inet prefix is expected rather than "{}"'),
    ('Not enough information: "dev"', 'need "dev IFACE"'),
    ("Flush requires arguments", "flush requires an argument"),
    ('"ip route flush"', '"ip route flush" requires an argument'),
    ("need at least a destination", "need at least destination address"),
    ("Error: inet prefix", 'an inet prefix is expected rather than "{}"'),
    ('Error: argument "', "invalid argument '{}' to 'ip'"),
)


def ip(process: Process) -> Steps:
    """Shows and changes devices, addresses, routes and neighbours."""
    options, words = Flags(terse=True), Words(process.argv[1:])
    while words.peek().startswith("-"):
        if not _read_option(options, words):
            return misused(process, "ip")
    return (yield from _run(process, options, words))


def ipneigh(process: Process) -> Steps:
    return (yield from _run(process, Flags(), Words(["neigh", *process.argv[1:]])))


def _read_option(options: Flags, words: Words) -> bool:
    word = words.take()
    if word in ("-4", "-6", "-0"):
        options.family = int(word[1])
    elif word in ("-o", "-oneline", "--oneline"):
        options.oneline = True
    elif word in ("-f", "-family", "--family") and words.peek() in _FAMILIES:
        options.family = _FAMILIES[words.take()]
    else:
        return False
    return True


def _run(process: Process, options: Flags, words: Words) -> Steps:
    word = words.take() if words else ""
    name = next((name for name in _OBJECTS if word and name.startswith(word)), None)
    if name is None:
        return misused(process, "ip")
    try:
        outcome = _OBJECT_COMMANDS[name](process, words, Output(process, options))
        return outcome if isinstance(outcome, int) else (yield from outcome)
    except Complaint as complaint:
        if not complaint.text:
            return complaint.status
        process.error(f"ip: {reworded(complaint.text)}")
        return 2 if complaint.status == 2 or name == "link" else 1


def reworded(text: str) -> str:
    """What iproute2 says in busybox's words."""
    quoted = text.split('"')[1::2]
    if text.startswith("RTNETLINK answers"):
        return text
    for beginning, pattern in _COMPLAINTS:
        if text.startswith(beginning):
            names = quoted[1:] if beginning.startswith(("Not", '"ip')) else quoted
            return pattern.format(*(names or [""]))
    return text.removesuffix(".")


def kernel_refusal(refusal: OSError) -> Complaint:
    return Complaint(f"RTNETLINK answers: {strerror(refusal.errno or 0)}", 2)


def _invalid(word: str) -> Complaint:
    return Complaint(f'Error: argument "{word}" is wrong')


def _command(words: Words, names: str) -> str:
    """The command among these that the next word is the beginning of; show without a word. Raises Complaint."""
    if not words:
        return "show"
    word = words.take()
    for name in names.split():
        if name.startswith(word):
            return "show" if name == "list" else name
    raise _invalid(word)


# -- devices and addresses ---------------------------------------------------------------------------------------------


def head(own: Device, out: Output) -> str:
    """The first line about a device; flags that busybox has no name for are in hexadecimal."""
    found = flags(own)
    names = ["NO-CARRIER"] if own.up and not own.carrier else []
    for flag in (Iff.LOOPBACK, Iff.BROADCAST, Iff.POINTOPOINT, Iff.MULTICAST, Iff.NOARP, Iff.UP):
        names += [str(flag.name)] if flag in found else []
    names += ["LOWER_UP"] if own.running else []
    rest = int(found & (Iff.PROMISC | Iff.ALLMULTI))
    peer = own.netns.devices.get(own.peer_ifindex or 0)
    name = own.name if own.peer_ifindex is None else f"{own.name}@{peer.name if peer else f'if{own.peer_ifindex}'}"
    marks = ",".join(names) + (f"{rest:x}" if rest else "")
    marks += ",M-DOWN" if own.peer_ifindex is not None and not (peer and peer.up) else ""
    text = f"{own.ifindex}: {name}: <{marks}> mtu {own.mtu} qdisc {queueing(own)} "
    text += f"master {own.master.name} " if own.master else ""
    return text + (f"qlen {own.qlen}" if own.qlen else "")


def _link_lines(own: Device, out: Output) -> list[str]:
    return [head(own, out), link_line(own, out).partition(" link-net")[0]]


def _address(process: Process, words: Words, out: Output) -> int:
    command = _command(words, "add change delete list replace show flush")
    if command == "show":
        return _show_addresses(process, words, out)
    try:
        if command == "flush":
            return address_changes.flush(process, words, out)
        _check_address(words)
        return address_changes.modify(process, words, out, action="del" if command == "delete" else command)
    except Complaint as complaint:
        raise _plain(complaint) from None


def _check_address(words: Words) -> None:
    """busybox's own parser lets nonsense through to the kernel, which finds it too long."""
    if words and words.peek() not in ("local", "dev", "peer", "brd", "broadcast", "label", "scope"):
        bare, slash, length = words.peek().partition("/")
        if slash and length.isdigit() and int(length) > (128 if ":" in bare else 32):
            raise Complaint(f'Error: any valid prefix is expected rather than "{bare}".')
        if not any(char.isdigit() or char == ":" for char in bare):
            raise Complaint("RTNETLINK answers: Numerical result out of range", 2)


_SENTENCES = {
    "Error: ipv4: Address already assigned.": errno.EEXIST,
    "Error: ipv6: Address already assigned.": errno.EEXIST,
    "Error: ipv4: Address not found.": errno.EADDRNOTAVAIL,
    "Error: ipv6: Address not found.": errno.EADDRNOTAVAIL,
    "Error: ipv6: IPv6 is disabled on this device.": errno.EACCES,
    "Error: Nexthop has invalid gateway.": errno.ENETUNREACH,
    "Error: Nexthop device is not up.": errno.ENETDOWN,
    "Error: Invalid prefsrc address.": errno.EINVAL,
    "Error: Invalid prefix for given prefix length.": errno.EINVAL,
}


def _plain(complaint: Complaint) -> Complaint:
    """The kernel's own sentences are not for busybox: it shows the errno."""
    number = _SENTENCES.get(complaint.text)
    return complaint if number is None else Complaint(f"RTNETLINK answers: {strerror(number)}", 2)


def _show_addresses(process: Process, words: Words, out: Output) -> int:
    asked = addresses.read_filter(words, "address")
    asked.family = asked.family or out.flags.family
    addresses.check_device(process, asked)
    for own in process.netns.listed():
        chosen = [each for each in addresses.listed(own) if asked.takes_address(own, each)]
        if not asked.takes(own) or ((asked.family or asked.label or asked.to) and not chosen):
            continue
        if out.flags.oneline:
            for each in chosen:
                lines = addresses.lines(own, each, out, nodad="flags 02 ")
                out.print(f"{own.ifindex}: {own.name}    " + "\\".join(lines).lstrip())
            continue
        shown = [head(own, out)] if asked.family else _link_lines(own, out)
        for each in chosen:
            shown += addresses.lines(own, each, out, nodad="flags 02 ")
        out.print("\n".join(shown))
    return 0


def _link(process: Process, words: Words, out: Output) -> int:
    command = _command(words, "add delete set change show list lst")
    if command in ("show", "lst"):
        asked = addresses.read_filter(words, "link")
        addresses.check_device(process, asked)
        for own in process.netns.listed():
            if asked.takes(own):
                out.print(("\\" if out.flags.oneline else "\n").join(_link_lines(own, out)))
        return 0
    try:
        return busybox_link.COMMANDS[command](process, words, out)
    except OSError as refusal:
        raise kernel_refusal(refusal) from None


# -- routes ------------------------------------------------------------------------------------------------------------


def _route(process: Process, words: Words, out: Output) -> int:
    command = _command(words, "add append change chg delete get list show prepend replace test flush")
    try:
        if command == "show":
            return _show_routes(process, words, out)
        if command == "get":
            return _get_route(process, words, out)
        if command == "flush":
            return route_changes.flush(process, words, out)
        if not words:
            raise Complaint(f"RTNETLINK answers: {strerror(errno.ENODEV)}", 2)
        action = {"delete": "del", "chg": "change", "prepend": "add", "test": "add"}.get(command, command)
        return route_changes.modify(process, words, out, action=action)
    except Complaint as complaint:
        raise _plain(complaint) from None


def _show_routes(process: Process, words: Words, out: Output) -> int:
    if words.peek() == "default":
        words.take()
    asked = routes.read_filter(process, words, out.flags.family)
    asked.protocol = ""
    wanted, whole = asked.table, replace(asked, table="all")
    for table, route in routes.chosen(process, whole if asked.family == 6 else asked):
        if asked.family == 6 and wanted in (MAIN, LOCAL) and (route.kind == "local") != (wanted == LOCAL):
            continue
        other = table if table != MAIN and asked.table == "all" else ""
        out.print(route_line(route, table=other, scoped=bool(asked.scope)))
    return 0


def route_line(route: Route, *, table: str = "", scoped: bool = False) -> str:
    """default via 172.17.0.1 dev eth0; the source address stands behind two spaces."""
    text = "" if route.kind == "unicast" else f"{route.kind} "
    text += f"{routes.destination(route)} "
    text += f"via {route.gateway} " if route.gateway else ""
    text += f"dev {route.device.name} " if route.device else ""
    text += f"table {table} " if table else ""
    if route.scope != "global" and route.destination.version == 4 and not scoped:
        text += f"scope {route.scope} "
    text += f" src {route.source} " if route.source and route.destination.version == 4 else ""
    return text + (f" metric {route.metric} " if route.metric else "")


def _get_route(process: Process, words: Words, out: Output) -> int:
    try:
        asked = route_get.read_question(words, out.flags.family)
    except Complaint:
        asked = route_get.Question()
    if not asked.goal or asked.goal == "0.0.0.0":
        raise Complaint("need at least a destination address")
    netns = process.netns
    try:
        way = netns.device(asked.device_out) if asked.device_out else None
        route = route_get.road(process, asked.goal, way)
        source = asked.source or netns.source_for(asked.goal, device=way)
        if asked.source and not netns.is_local(asked.source):
            raise OSError(errno.ENETUNREACH, "")
    except OSError as refusal:
        raise kernel_refusal(refusal) from None
    text = "" if route.kind == "unicast" else f"{route.kind} "
    text += f"{asked.goal} " + (f"from {asked.source} " if asked.source else "")
    text += f"via {route.gateway} " if route.gateway else ""
    out_device = "lo" if route.kind == "local" or route.device is None else route.device.name
    text += f"dev {out_device} "
    out.print(text + ("" if asked.source else f" src {source} "))
    return 0


# -- neighbours and the rest -------------------------------------------------------------------------------------------


def _neigh(process: Process, words: Words, out: Output) -> int:
    command = _command(words, "show flush")
    if command == "flush" and not words:
        raise Complaint('"ip neigh flush" requires an argument')
    asked = neighbours.read_filter(process, words, out.flags.family)
    chosen = neighbours.chosen(process, asked)
    if command == "show":
        for entry in chosen:
            out.print(neighbour_line(entry, with_device=not asked.device))
        return 0
    return _flush(process, chosen, out, asked.device)


def _flush(process: Process, chosen: list[Neighbour], out: Output, device: str) -> int:
    doomed = [entry for entry in chosen if entry.state not in (Nud.PERMANENT, Nud.FAILED)]
    if not doomed:
        out.print("Nothing to flush")
        return 0
    try:
        require_admin(process)
    except OSError as refusal:
        raise kernel_refusal(refusal) from None
    for entry in doomed:
        out.print(neighbour_line(entry, with_device=not device))
        process.netns.neighbours.delete(entry.device, entry.address)
    out.print(f"\n*** Round 1, deleting {len(doomed)} entries ***\n*** Flush is complete after 1 round(s) ***")
    return 0


def neighbour_line(entry: Neighbour, *, with_device: bool) -> str:
    """172.17.0.1 dev eth0 lladdr 02:42:... ref 1 used 0/0/0 probes 4 REACHABLE."""
    text = f"{entry.address} " + (f"dev {entry.device.name} " if with_device else "")
    text += f"lladdr {entry.mac}" if entry.mac else ""
    # It takes the kernel's seconds for something smaller and shows none.
    counted = f"{neighbours.references(entry)}used 0/0/0 probes {neighbours.probes(entry)}"
    return f"{text} {counted} {entry.state.value}"


def _rule(process: Process, words: Words, out: Output) -> int:
    if _command(words, "list show add delete") != "show":
        return not_simulated(process, "policy rules (`ip rule add`)")
    tables = [(0, "local"), (32766, "main")] + ([] if out.flags.family == 6 else [(32767, "default")])
    for priority, table in tables:
        out.print(f"{priority}:\tfrom all lookup {table} ")
    return 0


def _tunnel(process: Process, words: Words, out: Output) -> int:
    return 0 if _command(words, "add change delete show list") == "show" else not_simulated(process, "tunnels")


_OBJECT_COMMANDS: dict[str, Callable[[Process, Words, Output], int]] = {
    "address": _address,
    "route": _route,
    "link": _link,
    "tunnel": _tunnel,
    "neigh": _neigh,
    "rule": _rule,
}
