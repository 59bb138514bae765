"""What ICMP errors mean in words: RFC 792, 1122, 1812, 4443; pr_icmph of iputils."""

from __future__ import annotations

UNREACHABLE_TEXTS: dict[tuple[int, int], str] = {
    (3, 0): "Destination Net Unreachable",
    (3, 1): "Destination Host Unreachable",
    (3, 2): "Destination Protocol Unreachable",
    (3, 3): "Destination Port Unreachable",
    (3, 4): "Frag needed and DF set (mtu = {mtu})",
    (3, 5): "Source Route Failed",
    (3, 6): "Destination Net Unknown",
    (3, 7): "Destination Host Unknown",
    (3, 8): "Source Host Isolated",
    (3, 9): "Destination Net Prohibited",
    (3, 10): "Destination Host Prohibited",
    (3, 11): "Destination Net Unreachable for Type of Service",
    (3, 12): "Destination Host Unreachable for Type of Service",
    (3, 13): "Packet filtered",
    (3, 14): "Precedence Violation",
    (3, 15): "Precedence Cutoff",
    (11, 0): "Time to live exceeded",
    (11, 1): "Frag reassembly time exceeded",
}

ICMP6_TEXTS: dict[tuple[int, int], str] = {
    (1, 0): "Destination unreachable: No route",
    (1, 1): "Destination unreachable: Administratively prohibited",
    (1, 2): "Destination unreachable: Beyond scope of source address",
    (1, 3): "Destination unreachable: Address unreachable",
    (1, 4): "Destination unreachable: Port unreachable",
    (2, 0): "Packet too big: mtu={mtu}",
    (3, 0): "Time exceeded: Hop limit",
    (3, 1): "Time exceeded: Defragmentation failure",
}


def error_text(origin: str, kind: int, code: int, mtu: int) -> str:
    """What an ICMP error says; `origin` is icmp or icmp6."""
    known = ICMP6_TEXTS if origin == "icmp6" else UNREACHABLE_TEXTS
    text = known.get((kind, code))
    if text is None:
        return f"Dest Unreachable, Bad Code: {code}" if kind == 3 else f"Bad ICMP type: {kind}"
    return text.format(mtu=mtu)
