"""The routes of one table, found by destination, by device and by what makes two routes the same. net/ipv4/fib_trie.c.

The kernel has a compressed trie; here each length of prefix has a dictionary of its own, and the longest is asked first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulator.kernel.device import Device
    from simulator.kernel.route import Route

Prefix = tuple[int, int, int]  # version, length, first address
Key = tuple[Prefix, int, str, "Device | None"]
Few = tuple["Route", ...]  # one in most cases, and then no more than a tuple in size


class FibTrie:
    """One table. It is walked in the order in which its routes came."""

    def __init__(self) -> None:
        self._routes: dict[Key, Route] = {}
        self._to: dict[Prefix, Few] = {}
        self._lengths: Counter[tuple[int, int]] = Counter()  # how many prefixes of one version have this length
        self._through: dict[Device | None, Few] = {}

    def __iter__(self) -> Iterator[Route]:
        return iter(self._routes.values())

    def like(self, route: Route) -> Route | None:
        """The route that stands where this one would."""
        return self._routes.get(_key(route))

    def to(self, destination: IPv4Network | IPv6Network) -> list[Route]:
        return list(self._to.get(_prefix(destination), ()))

    def through(self, device: Device) -> list[Route]:
        return list(self._through.get(device, ()))

    def lookup(self, address: IPv4Address | IPv6Address, device: Device | None) -> Route | None:
        """The best route, through this device only if one is given: the longest prefix, then the lowest metric."""
        number, width, version = int(address), address.max_prefixlen, address.version
        for length in sorted((each[1] for each in self._lengths if each[0] == version), reverse=True):
            found = self._to.get((version, length, number >> width - length << width - length), ())
            chosen = [route for route in found if device is None or route.device is device]
            if chosen:
                return min(chosen, key=lambda route: route.metric)
        return None

    def insert(self, route: Route) -> None:
        key = _key(route)
        prefix = key[0]
        if prefix not in self._to:
            self._lengths[prefix[:2]] += 1
        self._routes[key] = route
        self._to[prefix] = (*self._to.get(prefix, ()), route)
        self._through[route.device] = (*self._through.get(route.device, ()), route)

    def remove(self, route: Route) -> None:
        key = _key(route)
        prefix, gone = key[0], self._routes.pop(key)
        _take(self._through, gone.device, gone)
        _take(self._to, prefix, gone)
        if prefix not in self._to:
            self._lengths[prefix[:2]] -= 1
            self._lengths += Counter()  # drops what is not above 0


def _take(index: dict[Any, Few], place: Any, gone: Route) -> None:
    left = tuple(route for route in index.pop(place) if route is not gone)
    if left:
        index[place] = left


def _key(route: Route) -> Key:
    """What makes two routes the same. IPv6 link routes of different devices may stand side by side."""
    apart = route.destination.version == 6 or route.kind == "local"
    return _prefix(route.destination), route.metric, route.kind, route.device if apart else None


def _prefix(network: IPv4Network | IPv6Network) -> Prefix:
    return network.version, network.prefixlen, int(network.network_address)
