"""The matches there are: one class and one row each. A module is loaded when a rule first asks for one of its matches."""

from __future__ import annotations

from simulator.kernel.linking import linked
from simulator.kernel.netfilter.matches.base import Match, Test

__all__ = ["MATCHES", "NOT_SIMULATED", "Match", "Test", "match_named"]

_BOTH = {
    "addrtype": "address:Addrtype",
    "comment": "meta:Comment",
    "connlimit": "state:Connlimit",
    "connmark": "mark:Connmark",
    "conntrack": "state:Conntrack",
    "dscp": "header:Dscp",
    "hashlimit": "rate:Hashlimit",
    "length": "header:Length",
    "limit": "rate:Limit",
    "mac": "address:Mac",
    "mark": "mark:Mark",
    "multiport": "multiport:Multiport",
    "owner": "meta:Owner",
    "physdev": "address:Physdev",
    "pkttype": "address:Pkttype",
    "quota": "rate:Quota",
    "sctp": "transport:SctpMatch",
    "state": "state:State",
    "statistic": "rate:Statistic",
    "string": "payload:String",
    "tcp": "transport:TcpMatch",
    "tcpmss": "transport:TcpMss",
    "time": "moment:Time",
    "tos": "header:Tos",
    "udp": "transport:UdpMatch",
}
# By IP version and name: "module:class" in this package.
MATCHES: dict[int, dict[str, str]] = {
    4: {
        **_BOTH,
        "icmp": "icmp:IcmpMatch",
        "iprange": "address:Iprange",
        "recent": "recent:Recent",
        "ttl": "header:Ttl",
    },
    6: {
        **_BOTH,
        "hl": "header:HopLimit",
        "icmp6": "icmp:Icmp6Match",
        "icmpv6": "icmp:Icmp6Match",
        "ipv6-icmp": "icmp:Icmp6Match",
    },
}

# What the real iptables has beside them.
NOT_SIMULATED = frozenset(
    {
        "ah",
        "bpf",
        "cgroup",
        "cluster",
        "connbytes",
        "connlabel",
        "cpu",
        "dccp",
        "devgroup",
        "dst",
        "ecn",
        "esp",
        "eui64",
        "frag",
        "hbh",
        "helper",
        "ipcomp",
        "ipv6header",
        "ipvs",
        "mh",
        "nfacct",
        "osf",
        "policy",
        "rateest",
        "realm",
        "rpfilter",
        "rt",
        "set",
        "socket",
        "srh",
        "u32",
    }
)


def match_named(name: str, version: int) -> type[Match] | None:
    """The match of this name that iptables (4) or ip6tables (6) has."""
    where = MATCHES[version].get(name)
    found: type[Match] | None = linked(f"{__name__}.{where}") if where else None
    return found
