"""The ip of iproute2 (ip/ip.c): options, objects, commands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from simulator.clock import Steps
from simulator.kernel.netns import NetNamespace
from simulator.kernel.process import Process
from simulator.userland.ip import (
    address_changes,
    addresses,
    groups,
    link_add,
    link_changes,
    neighbours,
    route_changes,
    route_get,
    routes,
)
from simulator.userland.ip.netns import named, netns
from simulator.userland.ip.words import USAGE, Complaint, Flags, Output, Words, matches
from simulator.userland.netdevice import not_simulated
from simulator.userland.usage_iproute import IPROUTE

VERSION = "ip utility, iproute2-6.1.0, libbpf 1.1.2"
Command = Callable[[Process, Words, Output], "int | Steps"]

# Objects in the order in which ip tries whether a word is the beginning of one.
_OBJECTS = (
    "address addrlabel maddress route rule neighbor neighbour ntable ntbl link l2tp fou ila macsec tunnel tunl "
    "tuntap tap token tcpmetrics monitor xfrm mroute mrule netns netconf vrf sr nexthop mptcp ioam help stats"
).split()
_SAME = {"neighbour": "neighbor", "ntbl": "ntable", "tunl": "tunnel", "tap": "tuntap"}


def ip(process: Process) -> Steps:
    """Shows and changes devices, addresses, routes, neighbours and namespaces."""
    try:
        flags, words = read_options(process.argv[1:])
        if not words:
            raise Complaint(IPROUTE["ip"], USAGE)
        status: int = yield from _run(process, flags, words)
    except Complaint as complaint:
        if complaint.text:
            process.error(complaint.text)
        return complaint.status
    return status


def _run(process: Process, flags: Flags, words: Words) -> Steps:
    word = words.take()
    name = next((name for name in _OBJECTS if matches(word, name)), None)
    if name is None:
        raise Complaint(f'Object "{word}" is unknown, try "ip help".')
    if name == "help":
        raise Complaint(IPROUTE["ip"], USAGE)
    name = _SAME.get(name, name)
    if name == "netns":
        return (yield from netns(process, words, Output(process, flags)))
    commands = _COMMANDS.get(name)
    if commands is None:
        return not_simulated(process, f"`ip {name}`")
    with _inside(process, flags):
        outcome = _command(commands, name, words)(process, words, Output(process, flags))
        return outcome if isinstance(outcome, int) else (yield from outcome)


@contextmanager
def _inside(process: Process, flags: Flags) -> Iterator[None]:
    """-n NAME: the command works in that namespace (netns_switch)."""
    own: NetNamespace = process.netns
    process.netns = named(process, flags.netns) if flags.netns else own
    try:
        yield
    finally:
        process.netns = own


def _command(commands: dict[str, Command], name: str, words: Words) -> Command:
    """The command that the next word is the beginning of; show without a word."""
    if not words:
        return commands["show"]
    word = words.take()
    for spelled, command in commands.items():
        if matches(word, spelled):
            return command
    if matches(word, "help"):
        raise Complaint(IPROUTE.get(_TOPICS.get(name, name), ""), USAGE)
    raise Complaint(f'Command "{word}" is unknown, try "ip {_TOPICS.get(name, name)} help".', USAGE)


# -- options -----------------------------------------------------------------------------------------------------------


def read_options(argv: list[str]) -> tuple[Flags, Words]:
    """The options before the object. Raises Complaint."""
    flags, words = Flags(), Words(argv)
    while words.peek().startswith("-") and len(words.peek()) > 1:
        word = words.take()
        if word == "--":
            break
        _read_option(flags, word[1:] if word.startswith("--") else word, words)
    return flags, words


def _read_option(flags: Flags, word: str, words: Words) -> None:
    """One option, which may be cut short: -s, -stat, -statistics."""
    name, _, value = word[1:].partition("=")
    if matches(name, "family"):
        family = words.take()
        if family not in ("inet", "inet6", "link", "bridge", "mpls"):
            raise Complaint(f'Error: argument "{family}" is wrong: invalid protocol family', USAGE)
        flags.family = {"inet": 4, "inet6": 6}.get(family, 0)
        return
    if matches(name, "netns"):
        flags.netns = words.take()
        return
    for spelled, change in _OPTIONS:
        if matches(name, spelled):
            change(flags, value)
            return
    if matches(name, "help"):
        raise Complaint(IPROUTE["ip"], USAGE)
    raise Complaint(f'Option "{word}" is unknown, try "ip -help".', USAGE)


def _version(flags: Flags, value: str) -> None:
    raise Complaint(VERSION, 0)


def _more_statistics(flags: Flags, value: str) -> None:
    flags.statistics += 1


def _color(flags: Flags, value: str) -> None:
    flags.color = value not in ("never", "auto")


def _ignored(flags: Flags, value: str) -> None:
    """What changes nothing here."""


def _setting(name: str, chosen: object) -> Callable[[Flags, str], None]:
    return lambda flags, value: setattr(flags, name, chosen)


# In the order in which ip tries them; the first that the word is the beginning of is meant.
_OPTIONS: tuple[tuple[str, Callable[[Flags, str], None]], ...] = (
    ("loops", _ignored),
    ("4", _setting("family", 4)),
    ("6", _setting("family", 6)),
    ("0", _setting("family", 0)),
    ("human-readable", _ignored),
    ("stats", _more_statistics),
    ("statistics", _more_statistics),
    ("details", _setting("details", True)),
    ("resolve", _setting("resolve", True)),
    ("oneline", _setting("oneline", True)),
    ("timestamp", _ignored),
    ("Version", _version),
    ("brief", _setting("brief", True)),
    ("json", _setting("json", True)),
    ("pretty", _setting("pretty", True)),
    ("Numeric", _ignored),
    ("all", _setting("every", True)),
    ("color", _color),
    ("iec", _ignored),
)


# -- objects -----------------------------------------------------------------------------------------------------------


def _with(action: str, modify: Callable[..., int | Steps]) -> Command:
    return lambda process, words, out: modify(process, words, out, action=action)


_COMMANDS: dict[str, dict[str, Command]] = {
    "address": {
        "add": _with("add", address_changes.modify),
        "change": _with("change", address_changes.modify),
        "chg": _with("change", address_changes.modify),
        "replace": _with("replace", address_changes.modify),
        "delete": _with("del", address_changes.modify),
        "show": addresses.show,
        "list": addresses.show,
        "lst": addresses.show,
        "flush": address_changes.flush,
    },
    "link": {
        "add": link_add.add,
        "set": link_changes.change,
        "change": link_changes.change,
        "delete": link_add.delete,
        "show": link_changes.show,
        "list": link_changes.show,
        "lst": link_changes.show,
    },
    "route": {
        "list": routes.show,
        "show": routes.show,
        "lst": routes.show,
        "get": route_get.get,
        "add": _with("add", route_changes.modify),
        "change": _with("change", route_changes.modify),
        "chg": _with("change", route_changes.modify),
        "replace": _with("replace", route_changes.modify),
        "append": _with("append", route_changes.modify),
        "delete": _with("del", route_changes.modify),
        "flush": route_changes.flush,
    },
    "neighbor": {
        "add": _with("add", neighbours.modify),
        "change": _with("change", neighbours.modify),
        "chg": _with("change", neighbours.modify),
        "replace": _with("replace", neighbours.modify),
        "delete": _with("del", neighbours.modify),
        "get": neighbours.get,
        "show": neighbours.show,
        "lst": neighbours.show,
        "list": neighbours.show,
        "flush": neighbours.flush,
    },
    "rule": {"list": groups.rules, "lst": groups.rules, "show": groups.rules, "add": groups.no_rules},
    "tunnel": {"show": groups.tunnels, "list": groups.tunnels, "lst": groups.tunnels, "add": groups.no_tunnels},
    "maddress": {"list": groups.memberships, "show": groups.memberships, "lst": groups.memberships},
}
_COMMANDS["rule"]["delete"] = groups.no_rules
_TOPICS = {"neighbor": "neigh", "maddress": "maddr"}
