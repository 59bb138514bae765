"""The rows of /proc/net/route and /proc/net/ipv6_route, and how route(8) and netstat -r lay them out."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from simulator.clock import Steps
from simulator.kernel.netns import NetNamespace
from simulator.kernel.process import Process
from simulator.kernel.route import LOCAL, MAIN, Route
from simulator.userland.ip.routes import multicast
from simulator.userland.resolver import reverse

REJECTING = ("unreachable", "prohibit")
ANY = "0.0.0.0"


class Row(Struct, frozen=True):
    """An IPv4 route in the kernel's own words."""

    destination: str
    gateway: str
    mask: str
    flags: str
    metric: int
    device: str

    @property
    def rejects(self) -> bool:
        return self.flags.startswith("!")


def rows(netns: NetNamespace) -> list[Row]:
    """The IPv4 routes of the main table."""
    return [_row(route) for route in netns.fib.routes(MAIN, 4)]


def _row(route: Route) -> Row:
    goal = route.destination
    flags = "!" if route.kind in REJECTING else "U"
    flags += "G" if route.gateway else ""
    flags += "H" if goal.prefixlen == goal.max_prefixlen else ""
    device = route.device.name if route.device else "*"
    return Row(str(goal.network_address), route.gateway or ANY, str(goal.netmask), flags, route.metric, device)


class Style(Struct, frozen=True):
    """What differs between the flavours: an unset gateway by name, what stands for nothing in a rejecting route."""

    no_gateway: str
    rejected: tuple[str, str, str] | None  # gateway, references, device


HEADERS = {
    "route": "Destination     Gateway         Genmask         Flags Metric Ref    Use Iface",
    "netstat": "Destination     Gateway         Genmask         Flags   MSS Window  irtt Iface",
    "both": "Destination     Gateway         Genmask         Flags Metric Ref    Use Iface    MSS   Window irtt",
}


def show(process: Process, style: Style, *, layout: str = "route", numeric: bool) -> Steps:
    """Prints the IPv4 table."""
    process.print("Kernel IP routing table\n" + HEADERS[layout])
    for row in rows(process.netns):
        destination, gateway = row.destination, row.gateway
        if not numeric:
            destination, gateway = yield from _names(process, row, style)
        if row.rejects and style.rejected:
            gateway = style.rejected[0]
        process.print(_LAYOUTS[layout](row, destination, gateway, style))


def _names(process: Process, row: Row, style: Style) -> Steps:
    destination, gateway = row.destination, row.gateway
    if destination == ANY:
        destination = "default"
    elif "H" in row.flags:
        destination = (yield from reverse(process, destination)) or destination
    gateway = style.no_gateway if gateway == ANY else (yield from reverse(process, gateway)) or gateway
    return destination[:15], gateway[:15]


def _line(row: Row, destination: str, gateway: str, style: Style) -> str:
    references, device = ("0", row.device)
    if row.rejects and style.rejected:
        _, references, device = style.rejected
    head = f"{destination:<15} {gateway:<15} {row.mask:<15} {row.flags:<5} {row.metric:<6}"
    return f"{head} {references:<2} {0:>7} {device}"


def _netstat_line(row: Row, destination: str, gateway: str, style: Style) -> str:
    head = f"{destination:<15} {gateway:<15} {row.mask:<15} {row.flags:<5}"
    return f"{head} {0:>5} {0:<5} {0:>6} {row.device}"


def _long_line(row: Row, destination: str, gateway: str, style: Style) -> str:
    head = f"{destination:<15} {gateway:<15} {row.mask:<15} {row.flags:<5} {row.metric:<6}"
    return f"{head} {0:<2} {0:>7} {row.device:<8} {0:<5} {0:<6} {0}"


_LAYOUTS: dict[str, Callable[[Row, str, str, Style], str]] = {
    "route": _line,
    "netstat": _netstat_line,
    "both": _long_line,
}


class Row6(Struct, frozen=True):
    """An IPv6 route: /proc/net/ipv6_route."""

    destination: str
    gateway: str
    flags: str
    metric: int
    references: int
    device: str


def rows6(process: Process) -> list[Row6]:
    """The IPv6 routes as the kernel dumps them: main, local, groups; what has no default route ends in a refusal."""
    nothing = [Row6("::/0", "::", "!n", -1, 1, "lo")]
    main = process.netns.fib.routes(MAIN, 6)
    local = [*process.netns.fib.routes(LOCAL, 6), *multicast(process)]
    has_default = any(route.destination.prefixlen == 0 for route in main)
    return [*map(_row6, main), *([] if has_default else nothing), *map(_row6, local), *nothing]


def _row6(route: Route) -> Row6:
    local = route.kind == "local"
    device = "lo" if route.device is None else route.device.name
    flags = "Un" if local else "UG" if route.gateway else "U"
    return Row6(str(route.destination), route.gateway or "::", flags, 0 if local else route.metric, 1 + local, device)
