"""The matches there are: one class and one row each."""

from __future__ import annotations

from simulator.kernel.netfilter.matches.address import Addrtype, Iprange, Mac, Physdev, Pkttype
from simulator.kernel.netfilter.matches.base import Match, Test
from simulator.kernel.netfilter.matches.header import Dscp, HopLimit, Length, Tos, Ttl
from simulator.kernel.netfilter.matches.icmp import Icmp6Match, IcmpMatch
from simulator.kernel.netfilter.matches.meta import Comment, Mark, Owner
from simulator.kernel.netfilter.matches.moment import Time
from simulator.kernel.netfilter.matches.multiport import Multiport
from simulator.kernel.netfilter.matches.payload import String
from simulator.kernel.netfilter.matches.rate import Hashlimit, Limit, Quota, Statistic
from simulator.kernel.netfilter.matches.recent import Recent
from simulator.kernel.netfilter.matches.state import Connlimit, Connmark, Conntrack, State
from simulator.kernel.netfilter.matches.transport import SctpMatch, TcpMatch, TcpMss, UdpMatch

__all__ = ["MATCHES", "NOT_SIMULATED", "Match", "Test"]

_BOTH: tuple[type[Match], ...] = (
    Addrtype,
    Comment,
    Connlimit,
    Connmark,
    Conntrack,
    Dscp,
    Hashlimit,
    Length,
    Limit,
    Mac,
    Mark,
    Multiport,
    Owner,
    Physdev,
    Pkttype,
    Quota,
    SctpMatch,
    State,
    Statistic,
    String,
    TcpMatch,
    TcpMss,
    Time,
    Tos,
    UdpMatch,
)


def _by_name(*matches: type[Match]) -> dict[str, type[Match]]:
    return {match.name: match for match in matches}


# By IP version and name.
MATCHES: dict[int, dict[str, type[Match]]] = {
    4: _by_name(*_BOTH, IcmpMatch, Iprange, Recent, Ttl),
    6: _by_name(*_BOTH, Icmp6Match, HopLimit) | {"icmpv6": Icmp6Match, "ipv6-icmp": Icmp6Match},
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
