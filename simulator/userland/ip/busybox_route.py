"""busybox's ip route (libiproute/iproute.c)."""

from __future__ import annotations

import errno

from msgspec.structs import replace

from simulator.kernel.errors import strerror
from simulator.kernel.process import Process
from simulator.kernel.route import LOCAL, MAIN, REFUSALS, Route
from simulator.userland.ip import route_changes, route_get, routes
from simulator.userland.ip.busybox_words import command, kernel_refusal, plain
from simulator.userland.ip.words import Complaint, Output, Words


def route(process: Process, words: Words, out: Output) -> int:
    name = command(words, "add append change chg delete get list show prepend replace test flush")
    try:
        if name == "show":
            return _show_routes(process, words, out)
        if name == "get":
            return _get_route(process, words, out)
        if name == "flush":
            return route_changes.flush(process, words, out)
        if not words or not _is_prefix(words.peek()):
            raise Complaint(f"RTNETLINK answers: {strerror(errno.ENODEV)}", 2)
        action = {"delete": "del", "chg": "change", "prepend": "add", "test": "add"}.get(name, name)
        return route_changes.modify(process, words, out, action=action)
    except Complaint as complaint:
        raise plain(complaint) from None


def _is_prefix(word: str) -> bool:
    """Words without digits are taken for an address that is nothing; the route then lacks a device."""
    return word in _KEYWORDS or ":" in word or any(char.isdigit() for char in word)


_KEYWORDS = frozenset({"default", "any", "all", "to", "via", "dev", "src", "metric", *REFUSALS, "unicast", "local"})


def _show_routes(process: Process, words: Words, out: Output) -> int:
    if words.peek() == "default":
        words.take()
    asked = routes.read_filter(process, words, out.flags.family)
    if asked.table not in routes.TABLES and not asked.table.isdigit():
        raise Complaint(f"invalid argument '{asked.table}' to 'table'")
    # The protocol and the gateway are read and forgotten; the cache is taken for all tables.
    wanted = replace(asked, protocol="", via="")
    if asked.table == "cache" or asked.family == 6:
        wanted.table = "all"
    for table, route in routes.chosen(process, wanted):
        if asked.family == 6 and asked.table in (MAIN, LOCAL) and (route.kind == "local") != (asked.table == LOCAL):
            continue
        other = table if table != MAIN and asked.table == "all" else ""
        out.print(route_line(route, asked, table=other))
    return 0


def route_line(route: Route, asked: routes.Filter, *, table: str = "") -> str:
    """default via 172.17.0.1 dev eth0; the source address stands behind two spaces; what was asked for is left out."""
    six = route.destination.version == 6
    text = "" if route.kind == "unicast" else f"{route.kind} "
    text += f"{routes.destination(route)} "
    text += f"via {route.gateway} " if route.gateway and not asked.via else ""
    text += f"dev {route.device.name} " if route.device else ""
    text += f"table {table} " if table else ""
    if route.scope != "global" and not six and not asked.scope:
        text += f"scope {route.scope} "
    text += f" src {route.source} " if route.source and not six else ""
    return text + (f" metric {route.metric} " if route.metric or six else "")


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
        source = asked.source or route_get.source_for(process, route, asked.goal, way)
        if asked.source and not netns.is_local(asked.source):
            raise OSError(errno.ENETUNREACH, "")
    except OSError as refusal:
        raise kernel_refusal(refusal) from None
    out.print(answer(route, asked, source))
    return 0


def answer(route: Route, asked: route_get.Question, source: str) -> str:
    """What get prints."""
    six = ":" in asked.goal
    text = "" if route.kind == "unicast" else f"{route.kind} "
    text += f"{asked.goal} "
    text += f"from {asked.source or '::'} " if asked.source or six else ""
    text += f"via {route.gateway} " if route.gateway else ""
    text += f"dev {'lo' if route.kind == 'local' or route.device is None else route.device.name} "
    text += "table local " if six and route.kind in ("local", "multicast") else ""
    text += f" src {source} " if six or not asked.source else ""
    return text + (f" metric {route.metric} " if six else "")
