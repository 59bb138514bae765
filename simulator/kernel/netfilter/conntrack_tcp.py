"""The states that conntrack sees a TCP connection in: nf_conntrack_proto_tcp.c.

Conntrack stands in the middle: it sees segments, not what the ends make of them. The table says for each direction and
kind of segment where each state leads. Left out: sequence windows, and the shorter times for data that nobody
acknowledges.
"""

from __future__ import annotations

from functools import cache

from simulator.kernel.netfilter.skb import Direction
from simulator.kernel.packet import Flag
from simulator.kernel.symbol import Symbol


class TcpState(Symbol):
    """Where a connection is. SYN_SENT2 is a simultaneous open."""

    NONE = "NONE"
    SYN_SENT = "SYN_SENT"
    SYN_RECV = "SYN_RECV"
    ESTABLISHED = "ESTABLISHED"
    FIN_WAIT = "FIN_WAIT"
    CLOSE_WAIT = "CLOSE_WAIT"
    LAST_ACK = "LAST_ACK"
    TIME_WAIT = "TIME_WAIT"
    CLOSE = "CLOSE"
    SYN_SENT2 = "SYN_SENT2"


class Segment(Symbol):
    """Kinds of segments."""

    SYN = "SYN"
    SYNACK = "SYN,ACK"
    FIN = "FIN"
    ACK = "ACK"
    RST = "RST"
    NONE = "none"


# Seconds without a packet after which an entry in this state goes.
TIMEOUTS: dict[TcpState, tuple[str, int]] = {
    TcpState.SYN_SENT: ("syn_sent", 120),
    TcpState.SYN_RECV: ("syn_recv", 60),
    TcpState.ESTABLISHED: ("established", 432_000),
    TcpState.FIN_WAIT: ("fin_wait", 120),
    TcpState.CLOSE_WAIT: ("close_wait", 60),
    TcpState.LAST_ACK: ("last_ack", 30),
    TcpState.TIME_WAIT: ("time_wait", 120),
    TcpState.CLOSE: ("close", 10),
    TcpState.SYN_SENT2: ("syn_sent", 120),
}

# One column for each state, in the order of TcpState. "-" is invalid, "." leaves the state as it is (the segment may
# be one that the ends will put right), the rest are the states' initials.
_COLUMNS = ("NO", "SS", "SR", "ES", "FW", "CW", "LA", "TW", "CL", "S2")
_ROWS: dict[tuple[Direction, Segment], str] = {
    (Direction.ORIGINAL, Segment.SYN): "   SS SS .  .  .  .  .  SS SS S2",
    (Direction.ORIGINAL, Segment.SYNACK): "-  -  SR -  -  -  -  -  -  SR",
    (Direction.ORIGINAL, Segment.FIN): "   -  -  FW FW LA LA LA TW CL -",
    (Direction.ORIGINAL, Segment.ACK): "   ES -  ES ES CW CW TW TW CL -",
    (Direction.ORIGINAL, Segment.RST): "   -  CL CL CL CL CL CL CL CL CL",
    (Direction.REPLY, Segment.SYN): "      -  S2 -  -  -  -  -  SS -  S2",
    (Direction.REPLY, Segment.SYNACK): "   -  SR .  .  .  .  .  .  .  SR",
    (Direction.REPLY, Segment.FIN): "      -  -  FW FW LA LA LA TW CL -",
    (Direction.REPLY, Segment.ACK): "      -  .  SR ES CW CW TW TW CL .",
    (Direction.REPLY, Segment.RST): "      -  CL CL CL CL CL CL CL CL CL",
}
_STATES = dict(zip(_COLUMNS, TcpState, strict=True))

# (direction, segment, state) -> the next state; None: the segment is invalid.
TRANSITIONS: dict[tuple[Direction, Segment, TcpState], TcpState | None] = {
    (direction, segment, state): None if cell == "-" else state if cell == "." else _STATES[cell]
    for (direction, segment), row in _ROWS.items()
    for state, cell in zip(TcpState, row.split(), strict=True)
}


@cache
def kind_of_segment(flags: int) -> Segment:
    """Which kind a segment with these flags is (get_conntrack_index)."""
    if flags & Flag.RST:
        return Segment.RST
    if flags & Flag.SYN:
        return Segment.SYNACK if flags & Flag.ACK else Segment.SYN
    if flags & Flag.FIN:
        return Segment.FIN
    return Segment.ACK if flags & Flag.ACK else Segment.NONE


def next_state(direction: Direction, flags: int, state: TcpState) -> TcpState | None:
    """Where a segment leads; None if it does not belong here."""
    return TRANSITIONS.get((direction, kind_of_segment(flags), state))
