"""ip route add, replace, change, append, del and flush (ip/iproute.c); ip, route and ifconfig all come here."""

from __future__ import annotations

import errno

from simulator.kernel.device import Device
from simulator.kernel.errors import error
from simulator.kernel.netns import NetNamespace
from simulator.kernel.process import Process
from simulator.kernel.route import MAIN, REFUSALS, Route
from simulator.userland.ip import routes
from simulator.userland.ip.route_wanted import Wanted, everywhere, read_wanted
from simulator.userland.ip.words import Complaint, Output, Words, device, refused
from simulator.userland.netdevice import not_simulated, require_admin
from simulator.userland.usage_iproute import IPROUTE

IPV6_METRIC = 1024  # IP6_RT_PRIO_USER


def modify(process: Process, words: Words, out: Output, *, action: str) -> int:
    """ip route add, replace, change, append, del."""
    if not words:
        raise Complaint(IPROUTE["route"], 255)
    wanted = read_wanted(process, words, out.flags.family)
    if wanted.device:
        device(process.netns, wanted.device)
    try:
        require_admin(process)
        if action == "del":
            remove(process.netns, wanted)
        else:
            add(process.netns, wanted, action=action)
    except Twin as twin:
        return not_simulated(process, f"a second route {twin.text}")
    except OSError as refusal:
        raise refused(refusal) from None
    return 0


class Twin(Exception):
    """A route that only differs in its road from one that is there."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def add(netns: NetNamespace, wanted: Wanted, *, action: str = "add") -> None:
    """Adds a route. Raises OSError as the kernel does, Twin."""
    route = _made(netns, wanted)
    same = [old for old in _alike(netns, wanted) if old.metric == route.metric]
    if action == "change" and not same:
        raise error(errno.ENOENT)
    if action == "append" and same:
        raise Twin(routes.destination(route))
    if same and action in ("replace", "change"):
        netns.fib.delete(same[0], table=wanted.table)
    elif same:
        raise error(errno.EEXIST)
    netns.fib.add(route, table=wanted.table)


def remove(netns: NetNamespace, wanted: Wanted) -> None:
    """Removes the first route that fits. Raises OSError ESRCH."""
    for route in _alike(netns, wanted):
        if (
            wanted.gateway in ("", route.gateway)
            and wanted.metric in (None, route.metric)
            and wanted.protocol in ("", route.protocol)
            and wanted.source in ("", route.source)
            and wanted.kind in ("unicast", route.kind)
            and (not wanted.device or (route.device is not None and route.device.name == wanted.device))
        ):
            netns.fib.delete(route, table=wanted.table)
            return
    raise error(errno.ESRCH)


def _alike(netns: NetNamespace, wanted: Wanted) -> list[Route]:
    """The routes to the same destination."""
    goal = wanted.goal or everywhere(wanted.family)
    if goal.prefixlen == 0 and wanted.family == 6:
        goal = everywhere(6)
    return [route for route in netns.fib.routes(wanted.table, goal.version) if route.destination == goal]


def _made(netns: NetNamespace, wanted: Wanted) -> Route:
    family = wanted.family or 4
    goal = wanted.goal or everywhere(family)
    if goal.prefixlen == 0:
        goal = everywhere(family)
    refusing = wanted.kind in REFUSALS
    out = None if refusing else _way_out(netns, wanted)
    if wanted.source and not netns.is_local(wanted.source):
        raise OSError(errno.EINVAL, "Invalid prefsrc address.")
    on_link = not wanted.gateway and not refusing
    scope = wanted.scope or ("host" if wanted.kind == "local" else "link" if on_link else "global")
    metric = wanted.metric if wanted.metric is not None else (IPV6_METRIC if family == 6 else 0)
    return Route(
        goal,
        out,
        wanted.gateway or None,
        wanted.source or None,
        "global" if family == 6 else scope,
        wanted.protocol or "boot",
        metric,
        wanted.kind,
    )


def _way_out(netns: NetNamespace, wanted: Wanted) -> Device:
    """The device of a route: the one that is named, or the one behind which its gateway is."""
    if wanted.device:
        out = netns.device(wanted.device)
        if not out.up:
            raise OSError(errno.ENETDOWN, "Nexthop device is not up.")
        return out
    if not wanted.gateway:
        raise error(errno.ENODEV)
    try:
        road = netns.fib.lookup(wanted.gateway)
    except OSError:
        raise OSError(errno.ENETUNREACH, "Nexthop has invalid gateway.") from None
    if road.device is None or road.gateway or road.kind not in ("unicast", "local"):
        raise OSError(errno.ENETUNREACH, "Nexthop has invalid gateway.")
    return road.device


def flush(process: Process, words: Words, out: Output) -> int:
    """ip route flush."""
    if not words:
        raise Complaint('"ip route flush" requires arguments.')
    asked = routes.read_filter(process, words, out.flags.family)
    if asked.table == "cache":
        return 0
    try:
        require_admin(process)
    except OSError as refusal:
        raise refused(refusal) from None
    for table, route in routes.chosen(process, asked):
        if route.protocol != "kernel" or table == MAIN:
            process.netns.fib.delete(route, table=table)
    return 0
