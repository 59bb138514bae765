"""The forwarding information base: which road a packet takes. See ip-route(8), net/ipv4/fib_*.c.

Two tables: `local` has the namespace's own addresses, made and removed with them; `main` has the rest. The longest
prefix wins, then the lowest metric. IPv6 lives in the same tables. Left out: policy rules, multipath, other tables.
"""

from __future__ import annotations

import errno
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_interface, ip_network
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from simulator.kernel.device import Address, Device, DeviceEvent
from simulator.kernel.errors import error
from simulator.kernel.fib_trie import FibTrie

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace

Network = IPv4Network | IPv6Network
EVERYWHERE: dict[int, Network] = {4: ip_network("0.0.0.0/0"), 6: ip_network("::/0")}
LOCAL, MAIN = "local", "main"
# Routes that are no road but an answer: the errno that a lookup gives.
REFUSALS = {"unreachable": errno.EHOSTUNREACH, "prohibit": errno.EACCES, "blackhole": errno.EINVAL}


class Route(Struct, frozen=True):
    """One route. `kind`: unicast, local, broadcast, multicast, unreachable, prohibit, blackhole."""

    destination: Network
    device: Device | None
    gateway: str | None = None
    source: str | None = None
    scope: str = "global"
    protocol: str = "boot"
    metric: int = 0
    kind: str = "unicast"

    @property
    def linkdown(self) -> bool:
        return self.kind != "local" and self.device is not None and not self.device.carrier

    def __str__(self) -> str:
        """The route as `ip route` words it."""
        parts = [] if self.kind == "unicast" else [self.kind]
        parts.append(self._destination())
        if self.gateway:
            parts.append(f"via {self.gateway}")
        if self.device:
            parts.append(f"dev {self.device.name}")
        if self.protocol != "boot":
            parts.append(f"proto {self.protocol}")
        if self.scope != "global" and self.destination.version == 4:
            parts.append(f"scope {self.scope}")
        if self.source:
            parts.append(f"src {self.source}")
        if self.metric:
            parts.append(f"metric {self.metric}")
        return " ".join(parts + (["linkdown"] if self.linkdown else []))

    def _destination(self) -> str:
        if self.destination.prefixlen == 0:
            return "default"
        if self.destination.prefixlen == self.destination.max_prefixlen:
            return str(self.destination.network_address)
        return str(self.destination)


class Fib:
    """The routes of one namespace."""

    def __init__(self, netns: NetNamespace) -> None:
        self.netns = netns
        self._tables = {LOCAL: FibTrie(), MAIN: FibTrie()}
        self._found: dict[tuple[str, int | None], Route] = {}
        self._locals: Counter[str] = Counter()

    # -- looking ----------------------------------------------------------------------------------------------------

    def lookup(self, destination: str, *, device: Device | None = None) -> Route:
        """The route to an address, through this device only if one is given.

        Raises OSError: ENETUNREACH without a route, EHOSTUNREACH, EACCES, EINVAL by one that refuses.
        """
        key = (destination, device.ifindex if device else None)
        route = self._found.get(key)
        if route is None:
            route = self._out_of(device, destination) if device else self._search(destination, None)
            self._found[key] = route
        if route.kind in REFUSALS:
            number = REFUSALS[route.kind]
            raise error(number)
        return route

    def _out_of(self, device: Device, destination: str) -> Route:
        """The route through one device; without any, IPv4 takes the destination for a neighbour (ip_route_output)."""
        try:
            return self._search(destination, device)
        except OSError:
            if ":" in destination:
                raise
            return Route(network(destination), device, scope="link")

    def _search(self, destination: str, device: Device | None) -> Route:
        address = ip_address(destination)
        for table, through in ((LOCAL, None), (MAIN, device)):
            best = self._tables[table].lookup(address, through)
            if best:
                return best
        raise error(errno.ENETUNREACH)

    def is_local(self, address: str) -> bool:
        """Whether an address is the namespace's own (all of 127.0.0.0/8 once lo is up)."""
        return address in self._locals or (address.startswith("127.") and "127.0.0.1" in self._locals)

    def kind_of(self, address: str) -> str:
        """local, broadcast, multicast or unicast: what `-m addrtype` and the input path ask."""
        if self.is_local(address):
            return "local"
        if address == "255.255.255.255":
            return "broadcast"
        if is_multicast(address):
            return "multicast"
        try:
            return self.lookup(address).kind
        except OSError:
            return "unicast"

    def overlapping(self, subnet: Network) -> Iterator[Route]:
        """The routes of `main` whose destinations share addresses with a subnet."""
        return self._tables[MAIN].overlapping(subnet)

    def routes(self, table: str = MAIN, version: int = 4) -> list[Route]:
        """A table's routes in the order in which `ip route` lists them: by destination, then metric."""
        chosen = [route for route in self._tables[table] if route.destination.version == version]
        if version == 6:
            return sorted(
                chosen, key=lambda route: (route.destination.prefixlen == 0, int(route.destination.network_address))
            )
        return sorted(
            chosen,
            key=lambda route: (int(route.destination.network_address), route.destination.prefixlen, route.metric),
        )

    # -- changing ---------------------------------------------------------------------------------------------------

    def add(self, route: Route, *, table: str = MAIN, replace_old: bool = False) -> None:
        """Adds a route. Raises OSError: EEXIST if there is one like it, ENETUNREACH if its gateway is not on a link."""
        if route.gateway and table == MAIN:
            self._check_gateway(route)
        same = self._tables[table].like(route)
        if same and not replace_old:
            raise error(errno.EEXIST)
        if same:
            self._remove(table, same)
        self._insert(table, route)

    def delete(self, route: Route, *, table: str = MAIN) -> None:
        """Removes a route. Raises OSError ESRCH if it is not there."""
        if self._tables[table].like(route) != route:
            raise error(errno.ESRCH)
        self._remove(table, route)

    def default(self, gateway: str, device: Device) -> None:
        """Sets the default route, in place of one there was."""
        version = 6 if ":" in gateway else 4
        for old in self._tables[MAIN].to(EVERYWHERE[version]):
            self.delete(old)
        self.add(Route(EVERYWHERE[version], device, gateway))

    def _check_gateway(self, route: Route) -> None:
        try:
            road = self._search(route.gateway or "", route.device)
        except OSError:
            road = None
        on_link = road is not None and road.gateway is None and road.kind in ("unicast", "local")
        if not on_link and not (route.gateway or "").startswith("fe80:"):
            text = "Nexthop has invalid gateway."
            raise OSError(errno.EINVAL if road and road.kind != "unicast" else errno.ENETUNREACH, text)

    # -- what devices and addresses bring ---------------------------------------------------------------------------

    def device_changed(self, device: Device, event: DeviceEvent) -> None:
        """Addresses bring routes while their device is up (fib_inetaddr_event, fib_netdev_event).

        IPv4 addresses stay the machine's own while their device is down.
        """
        if event is DeviceEvent.DOWN:
            self._forget(device, lambda route: not (route.kind == "local" and route.destination.version == 4))
        elif event in (DeviceEvent.UP, DeviceEvent.ADDRESS):
            for address in device.addresses:
                if device.up or address.version == 4:
                    self._add_address(device, address)
        self._found.clear()

    def _add_address(self, device: Device, address: Address) -> None:
        for table, route in _brought(device, address):
            if not self._tables[table].like(route):
                self._insert(table, route)

    def forget_address(self, device: Device, address: Address) -> None:
        """Removes the routes that an address brought."""
        subnet = _subnet(address)
        # With its last IPv4 address a device loses all its IPv4 routes (fib_disable_ip).
        last = address.version == 4 and not any(own.version == 4 for own in device.addresses)
        for table in self._tables:
            for route in self._tables[table].through(device):
                link = table == MAIN and address.version == 6 and route.destination == subnet
                if route.source == address.ip or link or (last and route.destination.version == 4):
                    self._remove(table, route)

    def forget_device(self, device: Device) -> None:
        self._forget(device, lambda route: True)

    def _forget(self, device: Device, is_meant: Callable[[Route], bool]) -> None:
        for table in self._tables:
            for route in self._tables[table].through(device):
                if is_meant(route):
                    self._remove(table, route)

    def _insert(self, table: str, route: Route) -> None:
        self._tables[table].insert(route)
        if table == LOCAL and _is_address(route):
            self._locals[str(route.destination.network_address)] += 1
        self._found.clear()

    def _remove(self, table: str, route: Route) -> None:
        self._tables[table].remove(route)
        if table == LOCAL and _is_address(route):
            own = str(route.destination.network_address)
            self._locals[own] -= 1
            if not self._locals[own]:
                del self._locals[own]
        self._found.clear()


def device_changed(device: Device, event: DeviceEvent) -> None:
    """Tells the routes of a device's namespace (fib_netdev_event, fib_inetaddr_event)."""
    device.netns.fib.device_changed(device, event)


def _is_address(route: Route) -> bool:
    """Whether a route of the local table is one of the namespace's own addresses."""
    return route.kind == "local" and route.destination.prefixlen == route.destination.max_prefixlen


def _brought(device: Device, address: Address) -> Iterator[tuple[str, Route]]:
    """The routes that an address brings, by table: the one to itself also while its device is down (fib_add_ifaddr)."""
    subnet, host = _subnet(address), network(address.ip)
    own = Route(host, device, source=address.ip, scope="host", protocol="kernel", kind="local")
    yield LOCAL, own
    if not device.up:
        return
    last = network(str(subnet.broadcast_address))
    if address.version == 4 and subnet.is_loopback:
        yield LOCAL, replace(own, destination=subnet)
        yield LOCAL, replace(own, destination=last, scope="link", kind="broadcast")
    elif subnet.prefixlen < subnet.max_prefixlen or address.peer:
        link = Route(subnet, device, source=address.ip, scope="link", protocol="kernel")
        metric = 256 if address.version == 6 else 0
        yield MAIN, replace(link, metric=metric, source=address.ip if address.version == 4 else None)
        if address.version == 4 and subnet.prefixlen < 31:
            yield LOCAL, replace(link, destination=last, kind="broadcast")


def _subnet(address: Address) -> Network:
    """The network that an address is in, or its peer."""
    return network(f"{address.peer or address.ip}/{address.prefix}")


@lru_cache(maxsize=1024)
def is_multicast(address: str) -> bool:
    return ip_address(address).is_multicast


@lru_cache(maxsize=1024)
def network(text: str) -> Network:
    """The network that "10.0.0.7/8" is in: a value, one for all namespaces that have it."""
    return ip_network(text, strict=False)


def source_on(device: Device, towards: str) -> str | None:
    """The device's address to speak to a neighbour from: one of its subnet, else the first (inet_select_addr).

    An IPv4 address that only the host itself may know is none.
    """
    version = 6 if ":" in towards else 4
    own = [address for address in device.addresses if address.version == version and not address.tentative]
    own = [address for address in own if version == 6 or address.scope != "host"]
    goal = ip_address(towards)
    for address in own:
        if goal in ip_interface(str(address)).network:
            return address.ip
    return own[0].ip if own else None


def any_source(netns: NetNamespace) -> str | None:
    """The first IPv4 address of the machine that the whole world may know: what a device without one speaks from."""
    own = (address for device in netns.listed() for address in device.addresses)
    return next((address.ip for address in own if address.version == 4 and address.scope == "global"), None)
