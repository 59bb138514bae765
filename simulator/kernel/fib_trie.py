"""The routes of one table, found by destination, by device and by what makes two routes the same. net/ipv4/fib_trie.c.

The kernel has a compressed trie; here each length of prefix has a dictionary of its own, and the longest is asked first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.kernel.device import Device
    from simulator.kernel.route import Route

Key = tuple[int, int, int, int, str, "Device | None"]
Bucket = dict[Key, "Route"]


class FibTrie:
    """One table. It is walked in the order in which its routes came."""

    def __init__(self) -> None:
        self._routes: Bucket = {}
        self._to: dict[int, dict[int, dict[int, Bucket]]] = {4: {}, 6: {}}  # version, length of prefix, prefix
        self._through: defaultdict[Device | None, Bucket] = defaultdict(dict)

    def __iter__(self) -> Iterator[Route]:
        return iter(self._routes.values())

    def like(self, route: Route) -> Route | None:
        """The route that stands where this one would."""
        return self._routes.get(_key(route))

    def to(self, destination: IPv4Network | IPv6Network) -> list[Route]:
        prefixes = self._to[destination.version].get(destination.prefixlen, {})
        return list(prefixes.get(int(destination.network_address), {}).values())

    def through(self, device: Device) -> list[Route]:
        return list(self._through[device].values()) if device in self._through else []

    def lookup(self, address: IPv4Address | IPv6Address, device: Device | None) -> Route | None:
        """The best route, through this device only if one is given: the longest prefix, then the lowest metric."""
        number, width = int(address), address.max_prefixlen
        tables = self._to[address.version]
        for length in sorted(tables, reverse=True):
            found = tables[length].get(number >> width - length << width - length, {})
            chosen = [route for route in found.values() if device is None or route.device is device]
            if chosen:
                return min(chosen, key=lambda route: route.metric)
        return None

    def insert(self, route: Route) -> None:
        key, destination = _key(route), route.destination
        prefixes = self._to[destination.version].setdefault(destination.prefixlen, {})
        prefixes.setdefault(int(destination.network_address), {})[key] = route
        self._routes[key] = self._through[route.device][key] = route

    def remove(self, route: Route) -> None:
        key, destination = _key(route), route.destination
        del self._routes[key], self._through[route.device][key]
        if not self._through[route.device]:
            del self._through[route.device]
        prefixes, number = self._to[destination.version][destination.prefixlen], int(destination.network_address)
        del prefixes[number][key]
        if not prefixes[number]:
            del prefixes[number]


def _key(route: Route) -> Key:
    """What makes two routes the same. IPv6 link routes of different devices may stand side by side."""
    destination = route.destination
    return (
        destination.version,
        destination.prefixlen,
        int(destination.network_address),
        route.metric,
        route.kind,
        route.device if destination.version == 6 or route.kind == "local" else None,
    )
