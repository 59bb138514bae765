"""How many ICMP errors a host sends to one other: six at once, then one a second. inet_peer_xrlim_allow, icmp(7).

net.ipv4.icmp_ratelimit is the time in ms that one costs (0: no limit), net.ipv4.icmp_ratemask the types it is for:
unreachable, source quench, time exceeded, parameter problem. Left out: the limit of all errors together, IPv6's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.clock import MS
from simulator.kernel.packet import FRAGMENTATION_NEEDED, UNREACHABLE

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace

BURST = 6  # XRLIM_BURST_FACTOR
RATE_LIMIT, RATE_MASK = "1000", "6168"


class IcmpLimits:
    """What a namespace may still say to whom: tokens worth a ns each, by address."""

    def __init__(self, netns: NetNamespace) -> None:
        self.netns = netns
        self._tokens: dict[str, tuple[int, int]] = {}  # address to tokens, and when they were counted

    def allow(self, address: str, kind: int, code: int) -> bool:
        """Whether an error of this type may be sent to an address now; if so, it is paid for."""
        cost = int(self.netns.sysctl["net.ipv4.icmp_ratelimit"]) * MS
        mask = int(self.netns.sysctl["net.ipv4.icmp_ratemask"])
        if cost == 0 or not mask >> kind & 1 or (kind, code) == (UNREACHABLE, FRAGMENTATION_NEEDED):
            return True
        if ":" in address or self._goes_by_loopback(address):
            return True
        now = int(self.netns.clock.now)
        tokens, counted = self._tokens.get(address, (BURST * cost, now))
        tokens = min(tokens + now - counted, BURST * cost)
        self._tokens[address] = (tokens - cost if tokens >= cost else tokens, now)
        return tokens >= cost

    def _goes_by_loopback(self, address: str) -> bool:
        return bool(self.netns.fib.is_local(address))
