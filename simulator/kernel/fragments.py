"""Fragments that wait for the rest of their packet: net/ipv4/ip_fragment.c, net/ipv4/netfilter/nf_defrag_ipv4.c."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.clock import S
from simulator.kernel.drops import drop
from simulator.kernel.packet import Packet, reassemble

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace

FRAGMENT_TIME = 30 * S

Key = tuple[str, str, str, int, int]


class FragmentQueues:
    """The incomplete packets of one namespace. `user` keeps those of connection tracking apart from local ones."""

    def __init__(self, netns: NetNamespace) -> None:
        self.netns = netns
        self._queues: dict[Key, list[Packet]] = {}

    def add(self, part: Packet, user: str) -> Packet | None:
        """Takes a fragment; gives the packet back when it is complete."""
        key = (user, part.src, part.dst, part.proto, part.ident)
        queue = self._queues.get(key)
        if queue is None:
            queue = self._queues[key] = []
            self.netns.clock.after(FRAGMENT_TIME, self._expire, key, queue)
        queue.append(part)
        whole = reassemble(queue)
        if whole:
            del self._queues[key]
        return whole

    def _expire(self, key: Key, queue: list[Packet]) -> None:
        if self._queues.get(key) is queue:
            del self._queues[key]
            drop(self.netns, queue[0].id, "FRAGMENT_TIMEOUT", f"{key[1]} > {key[2]}")
