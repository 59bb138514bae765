"""What every target is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from simulator.kernel.netfilter.options import Extension
from simulator.kernel.netfilter.skb import Skb, Verdict

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace

# What a target does with a packet: a verdict ends its way through the table, None lets the next rule see it.
Action = Callable[[Skb], Verdict | None]


class Target(Extension, frozen=True):
    """What becomes of a packet, as a value. `action` gives the function that does it in a namespace."""

    tables: ClassVar[tuple[str, ...]] = ()  # the tables it is for; empty: all
    hooks: ClassVar[frozenset[str]] = frozenset()  # the hooks it works at; empty: all
    drop_code: ClassVar[str] = "FILTER_DROP"  # why a packet died if it gives DROP

    @property
    def jump(self) -> str:
        """The option that names it."""
        return f"-j {self.name}"

    @property
    def title(self) -> str:
        """What `iptables -L` shows in the column target."""
        return self.name

    def action(self, netns: NetNamespace) -> Action:
        raise NotImplementedError

    def problem(self, table: str, hooks: frozenset[str]) -> str:
        start = f"x_tables: ip_tables: {self.title} target:"
        if self.tables and table not in self.tables:
            return f"{start} only valid in {self.tables[0]} table, not {table}"
        if self.hooks and not hooks <= self.hooks:
            used = "/".join(sorted(hooks, key=HOOK_ORDER.index))
            usable = "/".join(sorted(self.hooks, key=HOOK_ORDER.index))
            return f"{start} used from hooks {used}, but only usable from {usable}"
        return ""


HOOK_ORDER = ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING")


class Jump(Target, frozen=True):
    """To a chain of one's own: at its end -j returns behind the rule, -g to where the rule's chain came from."""

    chain: str
    goto: bool = False

    @property
    def jump(self) -> str:
        return f"{'-g' if self.goto else '-j'} {self.chain}"

    @property
    def title(self) -> str:
        return self.chain

    def __str__(self) -> str:
        return ""
