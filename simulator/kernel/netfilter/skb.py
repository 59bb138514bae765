"""What travels through the hooks: a packet and what the kernel knows about it beside its bytes (struct sk_buff)."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from simulator.kernel.packet import Packet
from simulator.kernel.symbol import Symbol

if TYPE_CHECKING:
    from simulator.kernel.device import Device
    from simulator.kernel.netfilter.conntrack import Entry
    from simulator.kernel.netns import NetNamespace
    from simulator.kernel.packet import Frame


class Hook(IntEnum):
    """Where on its way a packet is (enum nf_inet_hooks)."""

    PREROUTING = 0
    INPUT = 1
    FORWARD = 2
    OUTPUT = 3
    POSTROUTING = 4

    __hash__ = int.__hash__  # Enum's own hashes the name, for each packet at each hook


# Also by these names alone: for every packet Python 3.11 looks a member up in its enum five times as long.
PREROUTING, INPUT, FORWARD, OUTPUT, POSTROUTING = Hook


class Verdict(Symbol):
    """What becomes of a packet. RETURN exists inside a table only: back to the chain that jumped here."""

    ACCEPT = "ACCEPT"
    DROP = "DROP"
    RETURN = "RETURN"


ACCEPT, DROP, RETURN = Verdict


class CtState(Symbol):
    """How a packet stands to its connection: what `-m conntrack --ctstate` asks."""

    INVALID = "INVALID"
    NEW = "NEW"
    RELATED = "RELATED"
    ESTABLISHED = "ESTABLISHED"
    UNTRACKED = "UNTRACKED"


class Direction(IntEnum):
    """Which way along its connection a packet goes."""

    ORIGINAL = 0
    REPLY = 1

    __hash__ = int.__hash__

    @property
    def other(self) -> Direction:
        return Direction.REPLY if self is Direction.ORIGINAL else Direction.ORIGINAL


class Skb(Struct, eq=False):
    """One packet on its way through one namespace; the same Skb goes through all hooks that it meets.

    `packet` is replaced by a copy where NAT or a target rewrites it. `frame` is the frame it came in, `nexthop` the
    gateway or neighbour it is routed to, `uid` the owner of the local socket that sent it.
    """

    packet: Packet
    netns: NetNamespace
    device_in: Device | None = None
    device_out: Device | None = None
    physdev_in: Device | None = None
    physdev_out: Device | None = None
    frame: Frame | None = None
    nexthop: str | None = None
    uid: int | None = None
    gid: int | None = None
    mark: int = 0
    hook: Hook = Hook.PREROUTING
    ct: Entry | None = None
    ct_state: CtState = CtState.INVALID
    direction: Direction = Direction.ORIGINAL
