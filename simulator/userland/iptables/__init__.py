"""iptables(8) and its companions, in the two kinds that hosts have had: x_tables' and nf_tables'."""

from __future__ import annotations

from simulator.userland.iptables.program import ip6tables, ip6tables_save, iptables, iptables_save
from simulator.userland.iptables.restore import ip6tables_restore, iptables_restore

__all__ = ["ip6tables", "ip6tables_restore", "ip6tables_save", "iptables", "iptables_restore", "iptables_save"]
