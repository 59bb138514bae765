"""The targets there are: one class and one row each."""

from __future__ import annotations

from simulator.kernel.netfilter.targets.base import Jump, Target
from simulator.kernel.netfilter.targets.marking import Connmark, Mark
from simulator.kernel.netfilter.targets.rewriting import Checksum, Dscp, HopLimit, TcpMss, Tos, Ttl
from simulator.kernel.netfilter.targets.tracking import Ct, Log, Notrack, Trace
from simulator.kernel.netfilter.targets.translation import Dnat, Masquerade, Netmap, Redirect, Snat
from simulator.kernel.netfilter.targets.verdicts import Accept, Drop, Reject, Reject6, Return

__all__ = ["NOT_SIMULATED", "TARGETS", "Jump", "Target"]

_BOTH: tuple[type[Target], ...] = (
    Accept,
    Checksum,
    Connmark,
    Ct,
    Drop,
    Dscp,
    Log,
    Mark,
    Masquerade,
    Notrack,
    Redirect,
    Return,
    TcpMss,
    Tos,
    Trace,
)


def _by_name(*targets: type[Target]) -> dict[str, type[Target]]:
    return {target.name: target for target in targets}


# By IP version and name.
TARGETS: dict[int, dict[str, type[Target]]] = {
    4: _by_name(*_BOTH, Dnat, Netmap, Reject, Snat, Ttl),
    6: _by_name(*_BOTH, HopLimit, Reject6),
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
