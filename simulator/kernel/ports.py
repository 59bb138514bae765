"""Who has bound which port: a table per transport protocol of a namespace. bind(2), socket(7), inet_csk_bind_conflict.

A socket may not join another on a port if their addresses overlap, unless both asked for SO_REUSEADDR and the other
does not listen, or both asked for SO_REUSEPORT. "::" without IPV6_V6ONLY covers IPv4 as well.
"""

from __future__ import annotations

import errno
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from simulator.kernel.errors import error

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace

WILDCARDS = ("0.0.0.0", "::")


class PortUse(Struct, eq=False):
    """One holder of a port. `dual`: an IPv6 wildcard that takes IPv4 as well."""

    ip: str
    port: int
    dual: bool = False
    device: str = ""
    reuse_address: bool = False
    reuse_port: bool = False
    listening: bool = False

    def covers(self, ip: str) -> bool:
        """Whether packets to this address may be for the holder."""
        if self.ip == "::":
            return ":" in ip or self.dual
        return self.ip == ip or (self.ip == "0.0.0.0" and ":" not in ip)

    def overlaps(self, other: PortUse) -> bool:
        if self.device and other.device and self.device != other.device:
            return False
        if self.ip in WILDCARDS and other.ip in WILDCARDS:
            return self.ip == other.ip or self.dual or other.dual
        return self.covers(other.ip) or other.covers(self.ip)

    def conflicts(self, other: PortUse) -> bool:
        """Whether this one cannot have the port beside the other."""
        if self is other or not self.overlaps(other):
            return False
        if self.reuse_port and other.reuse_port:
            return False
        shared = self.reuse_address and other.reuse_address
        return not shared or other.listening


class PortTable:
    """The bound ports of one protocol."""

    def __init__(self, netns: NetNamespace) -> None:
        self._netns = netns
        self._uses: defaultdict[int, list[PortUse]] = defaultdict(list)

    def claim(self, use: PortUse) -> None:
        """Takes the port, or any free one if it is 0. Raises OSError EADDRINUSE."""
        if use.port == 0:
            use.port = self._free(use)
        elif self.taken(use):
            raise error(errno.EADDRINUSE)
        self._uses[use.port].append(use)

    def share(self, use: PortUse) -> None:
        """Takes the port together with whoever has it: a connection that was accepted."""
        self._uses[use.port].append(use)

    def taken(self, use: PortUse) -> bool:
        return any(use.conflicts(other) for other in self._uses.get(use.port, ()))

    def release(self, use: PortUse) -> None:
        holders = self._uses.get(use.port, [])
        if use in holders:
            holders.remove(use)
        if not holders:
            self._uses.pop(use.port, None)

    def _free(self, use: PortUse) -> int:
        """An ephemeral port: one by chance, or the next after it that nobody has at all."""
        for port in self._candidates():
            if not any(use.overlaps(other) for other in self._uses.get(port, ())):
                return port
        raise error(errno.EADDRINUSE)

    def _candidates(self) -> Iterator[int]:
        low, high = (int(bound) for bound in self._netns.sysctl["net.ipv4.ip_local_port_range"].split())
        first = self._netns.clock.chance.integer("ephemeral port", low, high)
        yield first
        span = high - low + 1
        for step in range(1, span):
            yield low + (first - low + step) % span
