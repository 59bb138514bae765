"""What routers have told of the MTU on the way to a destination: RFC 1191, the next hop exceptions of net/ipv4/route.c.

Only what this host sends itself heeds it; what it forwards does not (net.ipv4.ip_forward_use_pmtu).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.clock import S

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace

LEAST = {4: 552, 6: 1280}  # net.ipv4.route.min_pmtu, and what every IPv6 link carries
EXPIRES = 600 * S  # net.ipv4.route.mtu_expires


class PathMtus:
    """The path MTUs that one namespace knows."""

    def __init__(self, netns: NetNamespace) -> None:
        self._clock = netns.clock
        self._known: dict[str, tuple[int, int]] = {}  # destination to (MTU, when it is forgotten)

    def learn(self, destination: str, mtu: int) -> None:
        least = LEAST[6 if ":" in destination else 4]
        self._known[destination] = (max(mtu, least), int(self._clock.now) + EXPIRES)

    def limit(self, destination: str, mtu: int) -> int:
        """The MTU to a destination, if that of the device is this one."""
        if destination in self._known and self.expires(destination):
            return min(mtu, self._known[destination][0])
        return mtu

    def expires(self, destination: str) -> int:
        """How many seconds longer the MTU to a destination is known."""
        if destination not in self._known:
            return 0
        left = (self._known[destination][1] - int(self._clock.now)) // S
        if left <= 0:
            del self._known[destination]
        return max(left, 0)
