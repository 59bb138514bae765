"""IPv4 fragmentation and reassembly: RFC 791 3.2."""

from __future__ import annotations

from simulator.kernel.packet.compose import rewrite
from simulator.kernel.packet.headers import IPV4_HEADER, Fragment
from simulator.kernel.packet.values import Packet


def fragment(packet: Packet, mtu: int) -> list[Packet]:
    """The packet cut so that each part fits into mtu bytes (RFC 791 3.2). IPv4 only."""
    data = packet.bytes()[IPV4_HEADER:]
    step = (mtu - IPV4_HEADER) // 8 * 8
    return [
        Packet(
            packet.src,
            packet.dst,
            packet.proto,
            Fragment(data[at : at + step], packet),
            number=packet.id,
            ttl=packet.ttl,
            ident=packet.ident,
            mf=at + step < len(data),
            offset=at,
            tos=packet.tos,
        )
        for at in range(0, len(data), step)
    ]


def reassemble(fragments: list[Packet]) -> Packet | None:
    """The packet that these fragments of one packet make together, or None while some are missing."""
    parts = sorted(fragments, key=lambda part: part.offset)
    end = 0
    for part in parts:
        if part.offset != end or not isinstance(part.l4, Fragment):
            return None
        end += len(part.l4.data)
    first = parts[0].l4
    if parts[-1].mf or not isinstance(first, Fragment):
        return None
    return rewrite(first.whole, ttl=parts[0].ttl)
