"""Protocols by name and number: what /etc/protocols says, and xtables_chain_protos where a name must be known."""

from __future__ import annotations

from simulator.kernel.netfilter.options import RuleError, integer_from_text

NUMBER: dict[str, int] = {
    "all": 0,
    "icmp": 1,
    "igmp": 2,
    "ggp": 3,
    "ipencap": 4,
    "st": 5,
    "tcp": 6,
    "egp": 8,
    "igp": 9,
    "udp": 17,
    "hmp": 20,
    "xns-idp": 22,
    "rdp": 27,
    "iso-tp4": 29,
    "dccp": 33,
    "xtp": 36,
    "ddp": 37,
    "ipv6": 41,
    "ipv6-route": 43,
    "ipv6-frag": 44,
    "idrp": 45,
    "rsvp": 46,
    "gre": 47,
    "esp": 50,
    "ah": 51,
    "skip": 57,
    "ipv6-icmp": 58,
    "icmpv6": 58,
    "ipv6-nonxt": 59,
    "ipv6-opts": 60,
    "rspf": 73,
    "vmtp": 81,
    "eigrp": 88,
    "ospf": 89,
    "ax.25": 93,
    "ipip": 94,
    "etherip": 97,
    "encap": 98,
    "pim": 103,
    "ipcomp": 108,
    "vrrp": 112,
    "l2tp": 115,
    "isis": 124,
    "sctp": 132,
    "fc": 133,
    "mobility-header": 135,
    "ipv6-mh": 135,
    "mh": 135,
    "udplite": 136,
    "mpls-in-ip": 137,
    "manet": 138,
    "hip": 139,
    "shim6": 140,
    "wesp": 141,
    "rohc": 142,
}
NAME: dict[int, str] = {number: name for name, number in reversed(NUMBER.items())}

# Names that stay with `iptables -n` before it printed numbers.
ALWAYS_NAMED = (0, 1, 6, 17, 50, 51, 58, 132, 135, 136)


def protocol_from_text(text: str) -> int:
    """A protocol's number by name or number. Raises RuleError."""
    number = integer_from_text(text)
    if number is None:
        number = NUMBER.get(text.lower())
    if number is None or number > 255:
        raise RuleError(f'unknown protocol "{text.lower()}" specified')
    return number


def protocol_name(number: int) -> str:
    """The name of a protocol, or its number."""
    return NAME.get(number, str(number))
