"""The routes of one table, found by destination, by device and by what makes two routes the same. net/ipv4/fib_trie.c.

The kernel has a compressed trie; here one dictionary has all prefixes, and the longest that a table has is asked first.
A host has a route to fe80::/64 by each of its devices, so what is to one prefix is no list to be walked.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Collection, Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.kernel.device import Device
    from simulator.kernel.route import Route

Prefix = int  # version, first address and length in one number, which sorts by them; see _prefix
Like = tuple[int, str, "Device | None"]  # what tells routes to one prefix apart: metric, kind and perhaps the device
SHIFT, V6 = 8, 1 << 136  # a length fits in 8 bits, and 128 bits of address above them


class FibTrie:
    """One table. Routes to one prefix are in the order in which they came."""

    def __init__(self) -> None:
        self._to: dict[Prefix, Route | dict[Like, Route]] = {}  # one in most cases, and then nothing but it
        self._lengths: dict[Prefix, int] = {}  # how many prefixes of one version have this length
        self._through: dict[Device | None, tuple[Route, ...]] = {}
        self._sorted: list[Prefix] | None = None  # the prefixes, from when somebody asks what overlaps

    def __iter__(self) -> Iterator[Route]:
        for prefix in self._to:
            yield from self._at(prefix)

    def _at(self, prefix: Prefix) -> Collection[Route]:
        there = self._to.get(prefix)
        if there is None:
            return ()
        return there.values() if isinstance(there, dict) else (there,)

    def like(self, route: Route) -> Route | None:
        """The route that stands where this one would."""
        there, like = self._to.get(_prefix(route.destination)), _like(route)
        if isinstance(there, dict):
            return there.get(like)
        return there if there is not None and _like(there) == like else None

    def to(self, destination: IPv4Network | IPv6Network) -> list[Route]:
        return list(self._at(_prefix(destination)))

    def through(self, device: Device) -> tuple[Route, ...]:
        return self._through.get(device, ())

    def lookup(self, address: IPv4Address | IPv6Address, device: Device | None) -> Route | None:
        """The best route, through this device only if one is given: the longest prefix, then the lowest metric."""
        for prefix in self._around(address):
            chosen = [route for route in self._at(prefix) if device is None or route.device is device]
            if chosen:
                return min(chosen, key=lambda route: route.metric)
        return None

    def overlapping(self, network: IPv4Network | IPv6Network) -> Iterator[Route]:
        """The routes whose destinations share addresses with a network: those around it, and those inside."""
        if self._sorted is None:
            self._sorted = sorted(self._to)
        first, last = _place(network.network_address), _place(network.broadcast_address)
        inside = self._sorted[
            bisect_left(self._sorted, first) : bisect_right(self._sorted, last + network.max_prefixlen)
        ]
        for prefix in dict.fromkeys((*self._around(network.network_address, network.prefixlen), *inside)):
            yield from self._at(prefix)

    def _around(self, address: IPv4Address | IPv6Address, longest: int = 128) -> Iterator[Prefix]:
        """The prefixes of this table's lengths that an address is in, the longest first."""
        number, width, v6 = int(address), address.max_prefixlen, address.version == 6
        for code in sorted(self._lengths, reverse=True):
            length = code & 0xFF
            if (code >= V6) is v6 and length <= longest:
                yield (number >> width - length << width - length + SHIFT) + code

    def insert(self, route: Route) -> None:
        prefix = _prefix(route.destination)
        there = self._to.get(prefix)
        if isinstance(there, dict):
            there[_like(route)] = route
        elif there is not None:
            self._to[prefix] = {_like(there): there, _like(route): route}
        else:
            self._to[prefix] = route
            self._lengths[_length(prefix)] = self._lengths.get(_length(prefix), 0) + 1
            if self._sorted is not None:
                insort(self._sorted, prefix)
        self._through[route.device] = (*self._through.get(route.device, ()), route)

    def remove(self, route: Route) -> None:
        """Removes the route that is like this one, and must be there."""
        prefix = _prefix(route.destination)
        there = self._to[prefix]
        gone = there.pop(_like(route)) if isinstance(there, dict) else there
        if there is gone or not there:
            self._forget(prefix)
        left = tuple(each for each in self._through.pop(gone.device) if each is not gone)
        if left:
            self._through[gone.device] = left

    def _forget(self, prefix: Prefix) -> None:
        del self._to[prefix]
        self._lengths[_length(prefix)] -= 1
        if not self._lengths[_length(prefix)]:
            del self._lengths[_length(prefix)]
        if self._sorted is not None:
            del self._sorted[bisect_left(self._sorted, prefix)]


def _like(route: Route) -> Like:
    """What makes two routes the same. IPv6 link routes of different devices may stand side by side."""
    apart = route.destination.version == 6 or route.kind == "local"
    return route.metric, route.kind, route.device if apart else None


def _prefix(network: IPv4Network | IPv6Network) -> Prefix:
    return _place(network.network_address) + network.prefixlen


def _place(address: IPv4Address | IPv6Address) -> Prefix:
    """The prefix of length 0 that begins with an address: it sorts before all others that do."""
    return (V6 if address.version == 6 else 0) + (int(address) << SHIFT)


def _length(prefix: Prefix) -> Prefix:
    """What is left of a prefix without its address."""
    return (prefix & V6) + (prefix & 0xFF)
