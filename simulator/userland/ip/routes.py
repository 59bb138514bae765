"""ip route show (ip/iproute.c)."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

from msgspec import Struct

from simulator.kernel.device import Device
from simulator.kernel.process import Process
from simulator.kernel.route import LOCAL, MAIN, Network, Route
from simulator.userland.ip.addresses import print_json
from simulator.userland.ip.words import USAGE, Complaint, Output, Words, device, matches, prefix, wrong
from simulator.userland.usage_iproute import IPROUTE

TABLES = (MAIN, LOCAL, "default", "all", "cache", "unspec")
GROUPS = ip_network("ff00::/8")
LINK_LOCAL = ip_network("fe80::/64")


class Filter(Struct):
    """What of the tables is to be shown or flushed."""

    table: str = MAIN
    device: str = ""
    protocol: str = ""
    scope: str = ""
    kind: str = ""
    via: str = ""
    source: str = ""
    exact: Network | None = None
    root: Network | None = None
    match: Network | None = None
    family: int = 0

    def takes(self, route: Route) -> bool:
        goal = route.destination
        return (
            (not self.device or (route.device is not None and route.device.name == self.device))
            and self.protocol in ("", route.protocol)
            and self.scope in ("", route.scope)
            and self.kind in ("", route.kind)
            and self.via in ("", route.gateway)
            and self.source in ("", route.source)
            and self.exact in (None, goal)
            and (self.root is None or _covers(self.root, goal))
            and (self.match is None or _covers(goal, self.match))
        )


def _covers(wide: Network, narrow: Network) -> bool:
    return wide.version == narrow.version and narrow.subnet_of(wide)  # type: ignore[arg-type]


def read_filter(process: Process, words: Words, family: int) -> Filter:
    """The selector of a show or flush command. Raises Complaint."""
    asked = Filter(family=family)
    plain = {"proto": "protocol", "protocol": "protocol", "scope": "scope", "type": "kind", "dev": "device"}
    plain |= {"via": "via", "src": "source", "oif": "device", "table": "table"}
    while words:
        word = words.take()
        if word in plain:
            setattr(asked, plain[word], words.take())
        elif word in ("cache", "cached"):
            asked.table = "cache"
        elif matches(word, "help"):
            raise Complaint(IPROUTE["route"], USAGE)
        else:
            _read_prefix(asked, words.take() if word == "to" else word, words)
    if asked.device:
        device(process.netns, asked.device)
    asked.table = {"254": MAIN, "255": LOCAL, "0": "all"}.get(asked.table, asked.table)
    return asked


def _read_prefix(asked: Filter, word: str, words: Words) -> None:
    how = "exact"
    if word in ("root", "match", "exact"):
        how, word = word, words.take()
    goal = prefix(word, asked.family).network
    asked.family = asked.family or (goal.version if word not in ("default", "any", "all") else 0)
    setattr(asked, how, goal)


# -- showing -----------------------------------------------------------------------------------------------------------


def show(process: Process, words: Words, out: Output) -> int:
    asked = read_filter(process, words, out.flags.family)
    if asked.table not in TABLES and not asked.table.isdigit():
        raise wrong(asked.table, "table id value is invalid\n")
    found = chosen(process, asked)
    if out.flags.json:
        print_json([_document(route, asked) for _, route in found], out)
        return 0
    for table, route in found:
        out.print(line(route, out, asked, table=table if table != MAIN and asked.table == "all" else ""))
    return 0


def chosen(process: Process, asked: Filter) -> list[tuple[str, Route]]:
    """The routes asked for, with the tables they stand in."""
    tables = (MAIN, LOCAL) if asked.table == "all" else (asked.table,)
    versions = (asked.family or 4,) if asked.family or asked.table != "all" else (4, 6)
    known = [table for table in tables if table in (MAIN, LOCAL)]
    fib = process.netns.fib
    rows = [(table, route) for version in versions for table in known for route in fib.routes(table, version)]
    if LOCAL in known and 6 in versions:
        rows += [(LOCAL, route) for route in multicast(process)]
    return [(table, route) for table, route in rows if asked.takes(route)]


def multicast(process: Process) -> list[Route]:
    """IPv6 multicast goes out by each device that has IPv6, in the order in which they got it (addrconf_add_mroute)."""
    able = [own for own in process.netns.listed() if own.up and own.kind != "loopback" and _has_ipv6(own)]
    links = [route.device for route in process.netns.fib.routes(MAIN, 6) if route.destination == LINK_LOCAL]
    able.sort(key=lambda own: links.index(own) if own in links else -1)
    return [Route(GROUPS, own, protocol="kernel", metric=256, kind="multicast") for own in able]


def _has_ipv6(own: Device) -> bool:
    return any(address.version == 6 for address in own.addresses)


def destination(route: Route) -> str:
    """default, an address, or a network."""
    goal = route.destination
    if goal.prefixlen == 0:
        return "default"
    return str(goal.network_address) if goal.prefixlen == goal.max_prefixlen else str(goal)


def line(route: Route, out: Output, asked: Filter, *, table: str = "") -> str:
    """A route as ip shows it; what the filter fixed is left out."""
    six, details = route.destination.version == 6, out.flags.details
    parts = [route.kind] if route.kind != "unicast" or details else []
    goal = destination(route)
    text = " ".join([*parts, "default " if goal == "default" else out.address(goal, goal + " ")])
    if route.gateway and not asked.via:
        text += "via " + out.address(route.gateway, route.gateway + " ")
    if route.device and not asked.device:
        text += "dev " + out.paint("name", route.device.name + " ")
    text += f"table {table} " if table else ""
    if (route.protocol != "boot" or details) and not asked.protocol:
        text += f"proto {route.protocol} "
    if not six and (route.scope != "global" or details) and not asked.scope:
        text += f"scope {route.scope} "
    if route.source and not six and not asked.source:
        text += "src " + out.address(route.source, route.source + " ")
    if route.metric or six:
        text += f"metric {route.metric} "
    text += "linkdown " if route.linkdown else ""
    return text + ("pref medium" if six else "")


def _document(route: Route, asked: Filter) -> dict[str, Any]:
    found: dict[str, Any] = {} if route.kind == "unicast" else {"type": route.kind}
    found["dst"] = destination(route)
    if route.gateway:
        found["gateway"] = route.gateway
    if route.device and not asked.device:
        found["dev"] = route.device.name
    if route.protocol != "boot" and not asked.protocol:
        found["protocol"] = route.protocol
    if route.scope != "global" and route.destination.version == 4:
        found["scope"] = route.scope
    if route.source and route.destination.version == 4:
        found["prefsrc"] = route.source
    if route.metric or route.destination.version == 6:
        found["metric"] = route.metric
    found["flags"] = ["linkdown"] if route.linkdown else []
    return found | ({"pref": "medium"} if route.destination.version == 6 else {})
