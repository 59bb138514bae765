"""The ip of busybox (networking/ip.c, libiproute/): fewer objects and options, and complaints of its own."""

from __future__ import annotations

from collections.abc import Callable

from simulator.clock import Steps
from simulator.kernel.device import Device
from simulator.kernel.neighbour import Neighbour, Nud
from simulator.kernel.process import Process
from simulator.userland.ip import address_changes, addresses, busybox_link, busybox_route, neighbours
from simulator.userland.ip.busybox_words import command, kernel_refusal, plain, reworded
from simulator.userland.ip.links import link_line, queueing
from simulator.userland.ip.words import Complaint, Flags, Output, Words
from simulator.userland.netdevice import Iff, flags, not_simulated, require_admin
from simulator.userland.program import BUSYBOX

_OBJECTS = ("address", "route", "link", "tunnel", "neigh", "rule")
_FAMILIES = {"inet": 4, "inet6": 6, "link": 0}


def ip(process: Process) -> Steps:
    """Shows and changes devices, addresses, routes and neighbours."""
    options, words = Flags(terse=True), Words(process.argv[1:])
    while words.peek().startswith("-"):
        if not _read_option(options, words):
            BUSYBOX.refuse(process)
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
        BUSYBOX.refuse(process)
    try:
        outcome = _OBJECT_COMMANDS[name](process, words, Output(process, options))
        return outcome if isinstance(outcome, int) else (yield from outcome)
    except Complaint as complaint:
        if not complaint.text:
            return complaint.status
        process.error(f"ip: {reworded(complaint.text)}")
        return 2 if complaint.status == 2 or name == "link" else 1


# -- devices and addresses ---------------------------------------------------------------------------------------------


def head(own: Device, *, family: int = 0) -> str:
    """The first line about a device; flags that busybox has no name for are in hexadecimal.

    Asked about IPv6 the kernel leaves out how the device queues (inet6_fill_ifinfo).
    """
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
    text = f"{own.ifindex}: {name}: <{marks}> mtu {own.mtu} "
    text += f"qdisc {queueing(own)} " if family != 6 else ""
    text += f"master {own.master.name} " if own.master else ""
    return text + (f"qlen {own.qlen}" if own.qlen else "")


def _link_lines(own: Device, out: Output) -> list[str]:
    return [head(own), link_line(own, out).partition(" link-net")[0]]


def _address(process: Process, words: Words, out: Output) -> int:
    name = command(words, "add change delete list replace show flush")
    if name == "show":
        return _show_addresses(process, words, out)
    try:
        if name == "flush":
            return address_changes.flush(process, words, out)
        _check_address(words)
        return address_changes.modify(process, words, out, action="del" if name == "delete" else name)
    except Complaint as complaint:
        raise plain(complaint) from None


def _check_address(words: Words) -> None:
    """busybox's own parser lets nonsense through to the kernel, which finds it too long."""
    if words and words.peek() not in ("local", "dev", "peer", "brd", "broadcast", "label", "scope"):
        bare, slash, length = words.peek().partition("/")
        if slash and length.isdigit() and int(length) > (128 if ":" in bare else 32):
            raise Complaint(f'Error: any valid prefix is expected rather than "{bare}".')
        if not any(char.isdigit() or char == ":" for char in bare):
            raise Complaint("RTNETLINK answers: Numerical result out of range", 2)


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
        shown = [head(own, family=asked.family)] if asked.family else _link_lines(own, out)
        for each in chosen:
            shown += addresses.lines(own, each, out, nodad="flags 02 ")
        out.print("\n".join(shown))
    return 0


def _link(process: Process, words: Words, out: Output) -> int:
    name = command(words, "add delete set change show list lst")
    if name in ("show", "lst"):
        asked = addresses.read_filter(words, "link")
        addresses.check_device(process, asked)
        for own in process.netns.listed():
            if asked.takes(own):
                out.print(("\\" if out.flags.oneline else "\n").join(_link_lines(own, out)))
        return 0
    try:
        return busybox_link.COMMANDS[name](process, words, out)
    except OSError as refusal:
        raise kernel_refusal(refusal) from None


# -- neighbours and the rest -------------------------------------------------------------------------------------------


def _neigh(process: Process, words: Words, out: Output) -> int:
    name = command(words, "show flush")
    if name == "flush" and not words:
        raise Complaint('"ip neigh flush" requires an argument')
    asked = neighbours.read_filter(process, words, out.flags.family)
    chosen = neighbours.chosen(process, asked)
    if name == "show":
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
    if command(words, "list show add delete") != "show":
        return not_simulated(process, "policy rules (`ip rule add`)")
    tables = [(0, "local"), (32766, "main")] + ([] if out.flags.family == 6 else [(32767, "default")])
    for priority, table in tables:
        out.print(f"{priority}:\tfrom all lookup {table} ")
    return 0


def _tunnel(process: Process, words: Words, out: Output) -> int:
    return 0 if command(words, "add change delete show list") == "show" else not_simulated(process, "tunnels")


_OBJECT_COMMANDS: dict[str, Callable[[Process, Words, Output], int]] = {
    "address": _address,
    "route": busybox_route.route,
    "link": _link,
    "tunnel": _tunnel,
    "neigh": _neigh,
    "rule": _rule,
}
