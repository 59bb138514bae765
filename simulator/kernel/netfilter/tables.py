"""Tables and chains: rules in order, with counters and policies. iptables(8), nf_tables_api.c.

A table has its built-in chains, one at each of its hooks, and user chains that rules jump to. Changing a chain keeps
what the kernel checks: no loops, no target where it cannot work, no chain removed that is in use. Refusals are OSError
with the kernel's errno; the reason goes to the kernel's log, as iptables' users know it from dmesg.
"""

from __future__ import annotations

import errno
from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from simulator.kernel.errors import error
from simulator.kernel.netfilter.chain import Chain, ChainRule, hooks_of
from simulator.kernel.netfilter.rule import Rule
from simulator.kernel.netfilter.skb import Hook, Verdict
from simulator.kernel.netfilter.targets.base import Jump

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace

# The built-in chains of each table; the order of the tables is the one in which iptables-save prints them.
BUILTIN: dict[str, tuple[Hook, ...]] = {
    "mangle": (Hook.PREROUTING, Hook.INPUT, Hook.FORWARD, Hook.OUTPUT, Hook.POSTROUTING),
    "security": (Hook.INPUT, Hook.FORWARD, Hook.OUTPUT),
    "raw": (Hook.PREROUTING, Hook.OUTPUT),
    "filter": (Hook.INPUT, Hook.FORWARD, Hook.OUTPUT),
    "nat": (Hook.PREROUTING, Hook.INPUT, Hook.OUTPUT, Hook.POSTROUTING),
}


class Table:
    """One table of a namespace. `changed` is told after each change, with what conntrack gains or loses by it."""

    def __init__(self, netns: NetNamespace, name: str, changed: Callable[[int], None], *, counted: bool) -> None:
        self.netns, self.name = netns, name
        self._changed, self._counted = changed, counted
        self._chains = {hook.name: Chain(hook.name, hook, counted=counted) for hook in BUILTIN[name]}

    # -- looking ----------------------------------------------------------------------------------------------------

    def chain(self, name: str) -> Chain:
        """The chain of this name. Raises OSError ENOENT."""
        if name not in self._chains:
            raise error(errno.ENOENT)
        return self._chains[name]

    def __contains__(self, name: str) -> bool:
        return name in self._chains

    def at(self, hook: Hook) -> Chain:
        """The built-in chain at a hook."""
        return self._chains[hook.name]

    def chains(self) -> list[Chain]:
        """All chains as iptables lists them: the built-in ones in the order of hooks, the others by name."""
        own = [chain for chain in self._chains.values() if not chain.is_builtin]
        return [self.at(hook) for hook in BUILTIN[self.name]] + sorted(own, key=lambda chain: chain.name)

    def by_age(self) -> list[Chain]:
        """All chains, the oldest first: as the kernel keeps them."""
        return list(self._chains.values())

    # -- rules ------------------------------------------------------------------------------------------------------

    def insert(
        self,
        chain: str,
        rule: Rule,
        *,
        made_by: str,
        position: int | None = None,
        counters: tuple[int, int] = (0, 0),
    ) -> None:
        """Adds a rule at the end, or so that it has this number (1 is the first).

        Raises OSError: ENOENT no such chain, E2BIG the number is too big, EINVAL the rule cannot work there, ELOOP it
        would close a loop, EOPNOTSUPP it jumps to a built-in chain.
        """
        into = self.chain(chain)
        index = len(into.rules) if position is None else position - 1
        if index > len(into.rules):
            raise error(errno.E2BIG)
        self._check(into, rule)
        into.made = True
        into.insert(index, ChainRule(rule, self.netns, made_by, counters))
        self._relink(into, rule, 1)
        self._changed(rule.tracks)

    def delete(self, chain: str, number: int) -> None:
        """Removes the rule of this number. Raises OSError: ENOENT, E2BIG."""
        out_of = self.chain(chain)
        if not 1 <= number <= len(out_of.rules):
            raise error(errno.E2BIG)
        gone = out_of.pop(number - 1)
        self._relink(out_of, gone.rule, -1)
        self._changed(-gone.rule.tracks)

    def replace(self, chain: str, number: int, rule: Rule, *, made_by: str, counters: tuple[int, int] = (0, 0)) -> None:
        """Puts a rule in the place of another. Raises OSError as `insert` does."""
        into = self.chain(chain)
        if not 1 <= number <= len(into.rules):
            raise error(errno.E2BIG)
        self._check(into, rule)
        self.delete(chain, number)
        self.insert(chain, rule, made_by=made_by, position=number, counters=counters)

    def flush(self, chain: str) -> None:
        """Removes all rules of a chain. Raises OSError ENOENT."""
        emptied = self.chain(chain)
        emptied.made = True
        gone = emptied.rules
        emptied.set_rules([])
        for entry in gone:
            self._relink(emptied, entry.rule, -1)
        self._changed(-sum(entry.rule.tracks for entry in gone))

    # -- chains -----------------------------------------------------------------------------------------------------

    def add_chain(self, name: str) -> None:
        """Raises OSError EEXIST."""
        if name in self._chains:
            raise error(errno.EEXIST)
        self._chains[name] = Chain(name)

    def remove_chain(self, name: str) -> None:
        """Removes a chain; a built-in one of nf_tables' goes until it is needed again.

        Raises OSError: ENOENT not there, EINVAL built in (x_tables), EPERM built in and its policy is not ACCEPT,
        EMLINK rules jump to it, ENOTEMPTY it has rules.
        """
        chain = self.chain(name)
        if chain.is_builtin:
            self._check_builtin(chain)
        if chain.references:
            raise error(errno.EMLINK)
        if chain.rules:
            raise error(errno.ENOTEMPTY)
        if chain.hook is None:
            del self._chains[name]
        else:
            self._chains[name] = Chain(name, chain.hook)
            self._changed(0)

    def _check_builtin(self, chain: Chain) -> None:
        if self._counted:
            raise error(errno.EINVAL)
        if not chain.made:
            raise error(errno.ENOENT)
        if chain.policy is not Verdict.ACCEPT:
            raise error(errno.EPERM)

    def rename_chain(self, old: str, new: str) -> None:
        """Raises OSError: EEXIST, ENOENT not there or built in."""
        if new in self._chains:
            raise error(errno.EEXIST)
        chain = self.chain(old)
        if chain.is_builtin:
            raise error(errno.ENOENT)
        del self._chains[old]
        chain.name = new
        self._chains[new] = chain
        for other in self._chains.values():
            if other.jumps.get(old):
                self._repoint(other, old, new)

    def set_policy(self, name: str, policy: Verdict) -> None:
        """Sets a built-in chain's policy and begins to count it. Raises OSError ENOENT."""
        chain = self.chain(name)
        if not chain.is_builtin:
            raise error(errno.ENOENT)
        if policy is not chain.policy:
            chain.packets = chain.bytes = 0
        chain.policy, chain.counted, chain.made = policy, True, True
        self._changed(0)

    def zero(self, name: str) -> None:
        """Sets a chain's counters to 0. Raises OSError ENOENT."""
        self.chain(name).zero()
        self._changed(0)

    def reset(self) -> None:
        """Makes the table what it was at first: no rules, no user chains, all policies ACCEPT."""
        tracking = self._tracking()
        self._chains = {hook.name: Chain(hook.name, hook, counted=self._counted) for hook in BUILTIN[self.name]}
        self._changed(-tracking)

    # -- a copy to return to ----------------------------------------------------------------------------------------

    def snapshot(self) -> Callable[[], None]:
        """What brings the table back to what it is now (iptables-restore is all or nothing)."""
        chains = dict(self._chains)
        fields = ("name", "policy", "packets", "bytes", "counted", "made", "references", "hooks", "jumps")
        kept = {name: {field: getattr(chain, field) for field in fields} for name, chain in chains.items()}
        rules = {name: list(chain.rules) for name, chain in chains.items()}

        def restore() -> None:
            tracking = self._tracking()
            self._chains = chains
            for name, chain in chains.items():
                for field, value in kept[name].items():
                    setattr(chain, field, value)
                chain.set_rules(rules[name])
            self._changed(self._tracking() - tracking)

        return restore

    def _tracking(self) -> int:
        return sum(entry.rule.tracks for chain in self._chains.values() for entry in chain.rules)

    # -- checks -----------------------------------------------------------------------------------------------------

    def _check(self, chain: Chain, rule: Rule) -> None:
        """Raises OSError if the kernel would not take the rule into this chain."""
        problems = rule.problems(self.name, chain.hooks)
        if isinstance(rule.target, Jump):
            target = self._chains.get(rule.target.chain)
            if target is None:
                raise error(errno.ENOENT)
            if target.is_builtin:
                raise error(errno.EOPNOTSUPP if target is chain else errno.ENOENT)
            if chain.hooks and self._reaches(target, chain):
                raise error(errno.ELOOP)
            if not chain.hooks <= target.hooks:
                problems += self._problems_below(target, chain.hooks)
        if problems:
            self.netns.machine.kernel_log(problems[0])
            raise error(errno.EINVAL)

    def _below(self, chain: Chain) -> list[Chain]:
        """The chain and all that rules lead to from it."""
        found = [chain]
        for each in found:
            found += [
                self._chains[name] for name, count in each.jumps.items() if count and self._chains[name] not in found
            ]
        return found

    def _reaches(self, chain: Chain, goal: Chain) -> bool:
        below = self._below(chain)
        return goal in below or any(self._is_in_loop(each) for each in below)

    def _is_in_loop(self, chain: Chain) -> bool:
        return any(chain in self._below(self._chains[name]) for name, count in chain.jumps.items() if count)

    def _problems_below(self, chain: Chain, hooks: frozenset[str]) -> list[str]:
        found: list[str] = []
        for each in self._below(chain):
            if hooks not in each.sound_at:
                problems = [problem for entry in each.rules for problem in entry.rule.problems(self.name, hooks)]
                found += problems
                if not problems:
                    each.sound_at |= {hooks}
        return found

    def _relink(self, chain: Chain, rule: Rule, change: int) -> None:
        """Counts a jump that came or went, and finds out anew which chain packets reach from which hooks."""
        if not isinstance(rule.target, Jump):
            return
        name = rule.target.chain
        chain.jumps = {**chain.jumps, name: chain.jumps.get(name, 0) + change}
        target = self._chains.get(rule.target.chain)
        if target is None:
            return
        target.references += change
        reached: defaultdict[Chain, list[str]] = defaultdict(list)
        for hook in BUILTIN[self.name]:
            for each in self._below(self.at(hook)):
                reached[each].append(hook.name)
        for each in self._chains.values():
            each.hooks = hooks_of(tuple(reached[each]))

    def _repoint(self, chain: Chain, old: str, new: str) -> None:
        others = {name: count for name, count in chain.jumps.items() if name != old}
        chain.jumps = {**others, new: chain.jumps[old]}
        for index, entry in enumerate(chain.rules):
            if entry.jump and entry.jump.chain == old:
                renamed = replace(entry.rule, target=replace(entry.jump, chain=new))
                counters = (entry.packets, entry.bytes)
                chain.pop(index)
                chain.insert(index, ChainRule(renamed, self.netns, entry.made_by, counters))
