"""Whether the checksum that stands in a segment or datagram is right: RFC 1071."""

from __future__ import annotations

from ipaddress import ip_address

from simulator.kernel.packet import IPV4_HEADER, IPV6_HEADER, PROTO_TCP, Packet

OFFSETS = {PROTO_TCP: 16}  # of the checksum in TCP's header; in UDP's it is 6


def checksum_text(packet: Packet) -> str:
    """0x7334 (correct), or what it should be."""
    data = packet.bytes()[IPV6_HEADER if packet.version == 6 else IPV4_HEADER :]
    at = OFFSETS.get(packet.proto, 6)
    found = int.from_bytes(data[at : at + 2], "big")
    wanted = _sum(packet, data[:at] + b"\0\0" + data[at + 2 :])
    return f"0x{found:04x} (correct)" if found == wanted else f"0x{found:04x} (incorrect -> 0x{wanted:04x})"


def _sum(packet: Packet, data: bytes) -> int:
    ends = ip_address(packet.src).packed + ip_address(packet.dst).packed
    pseudo = ends + len(data).to_bytes(4, "big") + packet.proto.to_bytes(4, "big")
    total = 0
    whole = pseudo + data + (b"\0" if len(data) % 2 else b"")
    for at in range(0, len(whole), 2):
        total += whole[at] << 8 | whole[at + 1]
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
