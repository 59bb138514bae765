"""The route that a command line of ip(8) describes (iproute_modify in ip/iproute.c)."""

from __future__ import annotations

from ipaddress import ip_interface, ip_network
from typing import Any

from msgspec import Struct

from simulator.kernel.process import Process
from simulator.kernel.route import LOCAL, MAIN, Network
from simulator.userland.ip.words import USAGE, Complaint, Words, address, matches, prefix, twice
from simulator.userland.netdevice import not_simulated
from simulator.userland.usage_iproute import IPROUTE

_KINDS = ("unicast", "local", "broadcast", "multicast", "unreachable", "prohibit", "blackhole")


class Wanted(Struct):
    """The route that a command is about."""

    goal: Network | None = None
    kind: str = "unicast"
    gateway: str = ""
    device: str = ""
    source: str = ""
    metric: int | None = None
    protocol: str = ""
    scope: str = ""
    table: str = MAIN
    family: int = 0


_UNSIMULATED = frozenset(
    "mtu advmss rtt rttvar window cwnd initcwnd initrwnd ssthresh realms onlink pervasive nexthop nhid encap hoplimit "
    "quickack congctl features tos dsfield expires weight throw nat".split()
)


def read_wanted(process: Process, words: Words, family: int) -> Wanted:
    """The route in a command. Raises Complaint."""
    wanted = Wanted(family=family)
    while words:
        word = words.take()
        if word in _READERS:
            _READERS[word](wanted, words)
        elif word in _UNSIMULATED:
            raise Complaint("", not_simulated(process, f"the route option {word}"))
        elif word in _KINDS:
            wanted.kind = word
        elif matches(word, "help"):
            raise Complaint(IPROUTE["route"], USAGE)
        else:
            _read_goal(wanted, words.take() if word == "to" else word)
    if wanted.table not in (MAIN, LOCAL, "254", "255"):
        raise Complaint("", not_simulated(process, f"the routing table {wanted.table}"))
    wanted.table = {"254": MAIN, "255": LOCAL}.get(wanted.table, wanted.table)
    return wanted


def _read_goal(wanted: Wanted, word: str) -> None:
    if wanted.goal is not None:
        raise twice("to", word)
    interface = prefix(word, wanted.family)
    if interface.ip != interface.network.network_address:
        raise Complaint("Error: Invalid prefix for given prefix length.", 2)
    wanted.goal = interface.network
    if word not in ("default", "any", "all"):
        wanted.family = interface.version


def _read_via(wanted: Wanted, words: Words) -> None:
    word = words.take()
    if word in ("inet", "inet6"):
        word = words.take()
    wanted.gateway = address(word, wanted.family or (6 if ":" in word else 4))
    wanted.family = ip_interface(wanted.gateway).version


def _read_source(wanted: Wanted, words: Words) -> None:
    wanted.source = address(words.take(), wanted.family)


def _read_metric(wanted: Wanted, words: Words) -> None:
    word = words.take()
    if not word.isdigit():
        raise Complaint(f'Error: argument "{word}" is wrong: "metric" value is invalid\n', USAGE)
    wanted.metric = int(word)


def _read_text(name: str) -> Any:
    return lambda wanted, words: setattr(wanted, name, words.take())


_READERS: dict[str, Any] = {
    "via": _read_via,
    "src": _read_source,
    "metric": _read_metric,
    "priority": _read_metric,
    "preference": _read_metric,
    "dev": _read_text("device"),
    "oif": _read_text("device"),
    "proto": _read_text("protocol"),
    "protocol": _read_text("protocol"),
    "scope": _read_text("scope"),
    "table": _read_text("table"),
}


def everywhere(family: int) -> Network:
    return ip_network("::/0" if family == 6 else "0.0.0.0/0")
