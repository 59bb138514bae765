"""Chains: rules in order, each with its counters and its memory; a policy where the chain is built in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from simulator.kernel.netfilter.matches.base import Test
from simulator.kernel.netfilter.rule import Rule
from simulator.kernel.netfilter.rule_index import RuleIndex
from simulator.kernel.netfilter.skb import Hook, Skb, Verdict
from simulator.kernel.netfilter.targets.base import Action, Jump

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace
    from simulator.kernel.packet import Packet

INDEXED = 16  # rules from which on looking them up is cheaper than asking each
# What chains have until they need one of their own.
NO_JUMPS: Mapping[str, int] = MappingProxyType({})
NOWHERE: frozenset[frozenset[str]] = frozenset()


@lru_cache
def hooks_of(names: tuple[str, ...]) -> frozenset[str]:
    """One set for all chains that are reached from the same hooks."""
    return frozenset(names)


class ChainRule:
    """A rule in its place: with its counters, its memory (limits, quotas), and the command that made it.

    It is made ready for packets when the first one comes: most rules of most containers never see any.
    """

    __slots__ = ("_netns", "action", "bytes", "jump", "made_by", "matches", "packets", "rule", "text")

    def __init__(self, rule: Rule, netns: NetNamespace, made_by: str, counters: tuple[int, int] = (0, 0)) -> None:
        self.rule, self.text, self.made_by = rule, str(rule), made_by
        self.packets, self.bytes = counters
        self.jump = rule.target if isinstance(rule.target, Jump) else None
        self._netns = netns
        self.matches: Test = self._first  # whether a packet is what the rule asks for
        self.action: Action | None = None  # what is done with it then

    def _first(self, skb: Skb) -> bool:
        rule, netns = self.rule, self._netns
        self.matches = _all_of([*rule.header.tests(), *(match.test(netns) for match in rule.matches)])
        self.action = rule.target.action(netns) if rule.target and not self.jump else None
        return self.matches(skb)


def _all_of(tests: list[Test]) -> Test:
    """One test for all; the usual few without a loop."""
    if not tests:
        return lambda skb: True
    if len(tests) == 1:
        return tests[0]
    if len(tests) == 2:
        one, other = tests
        return lambda skb: one(skb) and other(skb)

    def test(skb: Skb) -> bool:
        for each in tests:  # noqa: SIM110 - a generator would cost more than the tests
            if not each(skb):
                return False
        return True

    return test


class Chain:
    """A chain: `hook` and `policy` are None for a user chain.

    nf_tables makes a built-in chain when it first gets something to do (`made`), and counts its policy only after
    somebody has set it or the counters (`counted`); with x_tables all are there and count from the start.
    """

    __slots__ = (
        "_by_text",
        "_index",
        "bytes",
        "counted",
        "hook",
        "hooks",
        "jumps",
        "made",
        "name",
        "packets",
        "policy",
        "references",
        "rules",
        "sound_at",
    )

    def __init__(self, name: str, hook: Hook | None = None, *, counted: bool = False) -> None:
        self.name, self.hook = name, hook
        self.policy = Verdict.ACCEPT if hook is not None else None
        self.packets = self.bytes = 0
        self.counted = counted
        self.made = counted or hook is None
        self.rules: list[ChainRule] = []
        self._by_text: defaultdict[str, list[ChainRule]] | None = None  # once it is long
        self._index: RuleIndex | None = None
        self.jumps: Mapping[str, int] = NO_JUMPS  # the chains its rules jump to, and how many do
        self.references = 0  # rules that jump here
        self.sound_at = NOWHERE  # from which sets of hooks all its rules may be reached
        self.hooks = hooks_of(() if hook is None else (hook.name,))

    @property
    def is_builtin(self) -> bool:
        return self.hook is not None

    @property
    def is_idle(self) -> bool:
        """Whether packets may pass by without looking: no rule, nothing dropped, nothing counted."""
        return not self.rules and self.policy is not Verdict.DROP and not self.counted

    def zero(self) -> None:
        """Sets all its counters to 0; from now on the policy is counted too."""
        self.packets = self.bytes = 0
        self.counted = self.is_builtin
        for entry in self.rules:
            entry.packets = entry.bytes = 0

    def candidates(self, packet: Packet) -> Iterable[ChainRule]:
        """The rules that may match a packet, in order; those left out would say no."""
        if len(self.rules) < INDEXED:
            return self.rules
        if self._index is None:
            self._index = RuleIndex(entry.rule for entry in self.rules)
        return [self.rules[index] for index in self._index.candidates(packet)]

    def number(self, entry: ChainRule) -> int:
        """The number of a rule, as `iptables --line-numbers` counts."""
        return self.rules.index(entry) + 1

    def find(self, rule: Rule) -> int | None:
        """The index of the first rule that says the same."""
        text = str(rule)
        if len(self.rules) < INDEXED:
            return next((index for index, entry in enumerate(self.rules) if entry.text == text), None)
        if self._by_text is None:
            self._by_text = defaultdict(list)
            for entry in self.rules:
                self._by_text[entry.text].append(entry)
        return min((self.rules.index(entry) for entry in self._by_text.get(text, ())), default=None)

    def insert(self, index: int, entry: ChainRule) -> None:
        """Puts a rule in, which has been found good for the hooks that the chain is reached from."""
        if self._index and index == len(self.rules):
            self._index.append(entry.rule)
        else:
            self._index = None
        self.rules.insert(index, entry)
        if self.sound_at:
            self.sound_at = frozenset(hooks for hooks in self.sound_at if hooks <= self.hooks)
        if self._by_text is not None:
            self._by_text[entry.text].append(entry)

    def pop(self, index: int) -> ChainRule:
        self._index = None
        entry = self.rules.pop(index)
        if self._by_text is not None:
            same = self._by_text[entry.text]
            same.remove(entry)
            if not same:
                del self._by_text[entry.text]
        return entry

    def set_rules(self, rules: list[ChainRule]) -> None:
        """Puts these in place of all it has."""
        self.rules, self._by_text, self.sound_at, self._index = rules, None, NOWHERE, None
