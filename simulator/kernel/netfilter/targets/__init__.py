"""The targets there are: one class and one row each. A module is loaded when a rule first asks for one of its targets."""

from __future__ import annotations

from simulator.kernel.linking import linked
from simulator.kernel.netfilter.targets.base import Jump, Target

__all__ = ["NOT_SIMULATED", "TARGETS", "Jump", "Target", "target_named"]

_BOTH = {
    "ACCEPT": "verdicts:Accept",
    "CHECKSUM": "rewriting:Checksum",
    "CONNMARK": "marking:Connmark",
    "CT": "tracking:Ct",
    "DROP": "verdicts:Drop",
    "DSCP": "rewriting:Dscp",
    "LOG": "tracking:Log",
    "MARK": "marking:Mark",
    "MASQUERADE": "translation:Masquerade",
    "NOTRACK": "tracking:Notrack",
    "REDIRECT": "translation:Redirect",
    "RETURN": "verdicts:Return",
    "TCPMSS": "rewriting:TcpMss",
    "TOS": "rewriting:Tos",
    "TRACE": "tracking:Trace",
}
# By IP version and name: "module:class" in this package.
TARGETS: dict[int, dict[str, str]] = {
    4: {
        **_BOTH,
        "DNAT": "translation:Dnat",
        "NETMAP": "translation:Netmap",
        "REJECT": "verdicts:Reject",
        "SNAT": "translation:Snat",
        "TTL": "rewriting:Ttl",
    },
    6: {
        **_BOTH,
        "HL": "rewriting:HopLimit",
        "REJECT": "verdicts:Reject6",
    },
}

# What the real iptables has beside them.
NOT_SIMULATED = frozenset(
    {
        "AUDIT",
        "CLASSIFY",
        "CLUSTERIP",
        "CONNSECMARK",
        "DNPT",
        "ECN",
        "HMARK",
        "IDLETIMER",
        "LED",
        "NFLOG",
        "NFQUEUE",
        "QUEUE",
        "RATEEST",
        "SECMARK",
        "SET",
        "SNPT",
        "SYNPROXY",
        "TCPOPTSTRIP",
        "TEE",
        "TPROXY",
        "ULOG",
    }
)


def target_named(name: str, version: int) -> type[Target] | None:
    """The target of this name that iptables (4) or ip6tables (6) has."""
    where = TARGETS[version].get(name)
    found: type[Target] | None = linked(f"{__name__}.{where}") if where else None
    return found
