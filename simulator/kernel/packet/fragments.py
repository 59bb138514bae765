"""Fragmentation and reassembly: RFC 791 3.2, RFC 8200 4.5."""

from __future__ import annotations

from simulator.kernel.packet.compose import rewrite
from simulator.kernel.packet.headers import FRAGMENT_HEADER, IPV4_HEADER, IPV6_HEADER, Fragment
from simulator.kernel.packet.values import Packet

HEADERS = {4: IPV4_HEADER, 6: IPV6_HEADER}


def fragment(packet: Packet, mtu: int) -> list[Packet]:
    """The packet cut so that each part fits into mtu bytes; parts of IPv6 have a header more."""
    data = packet.bytes()[HEADERS[packet.version] :]
    step = (mtu - HEADERS[packet.version] - (FRAGMENT_HEADER if packet.version == 6 else 0)) // 8 * 8
    return [
        Packet(
            packet.src,
            packet.dst,
            packet.proto,
            Fragment(data[at : at + step], packet),
            number=packet.id,
            ttl=packet.ttl,
            ident=packet.ident if packet.version == 4 else packet.id & 0xFFFFFFFF,
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
