"""The hooks: where the IP layer hands every packet to iptables, conntrack and NAT. net/netfilter/core.c.

`Netfilter.run(hook, skb)` takes the packet through all that listens at the hook, in the kernel's order of priorities:

    PREROUTING   raw, conntrack, mangle, nat (DNAT)
    INPUT        mangle, filter, security, nat (SNAT), confirm
    FORWARD      mangle, filter, security
    OUTPUT       raw, conntrack, mangle, nat (DNAT), filter, security
    POSTROUTING  mangle, nat (SNAT), confirm

What nobody needs costs nothing: a chain without rules is passed over, and connections are tracked only while some rule
of the namespace asks for it. The caller puts fragments together first where `tracks` says so.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from simulator.kernel.drops import drop
from simulator.kernel.netfilter import nat
from simulator.kernel.netfilter.chain import Chain, ChainRule
from simulator.kernel.netfilter.conntrack import Conntrack, Entry, Status
from simulator.kernel.netfilter.rule import Rule
from simulator.kernel.netfilter.rule_parser import parse
from simulator.kernel.netfilter.skb import (
    ACCEPT,
    DROP,
    FORWARD,
    INPUT,
    OUTPUT,
    POSTROUTING,
    PREROUTING,
    RETURN,
    CtState,
    Direction,
    Hook,
    Skb,
    Verdict,
)
from simulator.kernel.netfilter.tables import BUILTIN, Table
from simulator.kernel.packet import Icmp
from simulator.trace import PolicyApplied, RuleMatched

if TYPE_CHECKING:
    from simulator.kernel.device import Device
    from simulator.kernel.netns import NetNamespace

__all__ = ["CtState", "Direction", "Hook", "Netfilter", "Skb", "Verdict"]

Stage = Callable[[Skb], Verdict]

CONNTRACK, NAT, CONFIRM = "conntrack", "nat", "confirm"
ORDER: dict[Hook, tuple[str, ...]] = {
    PREROUTING: ("raw", CONNTRACK, "mangle", NAT),
    INPUT: ("mangle", "filter", "security", NAT, CONFIRM),
    FORWARD: ("mangle", "filter", "security"),
    OUTPUT: ("raw", CONNTRACK, "mangle", NAT, "filter", "security"),
    POSTROUTING: ("mangle", NAT, CONFIRM),
}


class Netfilter:
    """iptables, conntrack and NAT of one namespace and one IP version."""

    def __init__(self, netns: NetNamespace, version: int = 4) -> None:
        self.netns, self.version = netns, version
        self.conntrack = Conntrack(netns)
        self._tables: dict[str, Table] = {}
        self._trackers = 0  # rules that need conntrack
        self._stages: dict[Hook, tuple[Stage, ...]] = {}  # of the hooks that packets have come to
        self._shared: dict[tuple[str, str], dict[Any, Any]] = {}
        self._on_loopback: dict[int, tuple[Entry | None, CtState, Direction]] = {}
        self._answered: tuple[Entry, Direction] | None = None
        self._passing: Skb | None = None  # the last packet that came in: an error about it belongs to its connection
        self._ip6: Netfilter | None = None

    @property
    def ip6(self) -> Netfilter:
        """What ip6tables works on."""
        if self._ip6 is None:
            self._ip6 = Netfilter(self.netns, 6)
        return self._ip6

    @property
    def tracks(self) -> bool:
        """Whether connections are tracked: some rule needs it."""
        return self._trackers > 0

    def shared(self, match: str, name: str) -> dict[Any, Any]:
        """The named memory that rules share: the lists of `-m recent`, the tables of `-m hashlimit`."""
        return self._shared.setdefault((match, name), {})

    # -- packets ----------------------------------------------------------------------------------------------------

    def run(self, hook: Hook, skb: Skb) -> Verdict:
        """Takes a packet through a hook. ACCEPT, or DROP (which is recorded here)."""
        if skb.packet.version != self.version:
            return self._ip6.run(hook, skb) if self._ip6 else ACCEPT
        stages = self._stages.get(hook)
        if stages is None:
            stages = self._arranged(hook)
        skb.hook = hook
        for stage in stages:
            if stage(skb) is DROP:
                return DROP
        return ACCEPT

    def answering(self, skb: Skb, send: Callable[[], None]) -> None:
        """Calls `send`; the packet that it sends at once belongs to skb's connection (nf_ct_attach)."""
        self._answered = (skb.ct, skb.direction.other) if skb.ct else None
        try:
            send()
        finally:
            self._answered = None

    def device_down(self, device: Device) -> None:
        """Forgets the connections that borrowed a device's address by MASQUERADE (masq_device_event)."""
        self.conntrack.flush(lambda entry: entry.masqueraded_on == device.ifindex)

    def _track_input(self, skb: Skb) -> Verdict:
        """Conntrack in PREROUTING. What comes back by lo is known since it left."""
        if skb.packet.id in self._on_loopback and skb.device_in and skb.device_in.kind == "loopback":
            skb.ct, skb.ct_state, skb.direction = self._on_loopback.pop(skb.packet.id)
        else:
            self.conntrack.track(skb)
        self._passing = skb
        return ACCEPT

    def _track_output(self, skb: Skb) -> Verdict:
        """Conntrack in OUTPUT."""
        answered = self._answer_to(skb)
        if answered:
            skb.ct, skb.direction = answered
            skb.ct_state = CtState.RELATED
        else:
            self.conntrack.track(skb)
        return ACCEPT

    def _answer_to(self, skb: Skb) -> tuple[Entry, Direction] | None:
        """The connection of what an outgoing error or reset is about, confirmed or not."""
        answered, self._answered = self._answered, None
        message, passing = skb.packet.l4, self._passing
        if answered or not isinstance(message, Icmp) or message.about is None or passing is None:
            return answered
        is_about_it = message.about.id == passing.packet.id
        return (passing.ct, passing.direction.other) if is_about_it and passing.ct else None

    def _confirm(self, skb: Skb) -> Verdict:
        entry = skb.ct
        if entry and not entry.status & Status.CONFIRMED and not self.conntrack.confirm(skb, entry):
            drop(self.netns, skb.packet.id, "NAT_FAILED", f"{skb.hook.name}: another connection has the same tuple")
            return DROP
        if skb.hook is POSTROUTING and skb.device_out and skb.device_out.kind == "loopback":
            self._on_loopback[skb.packet.id] = (skb.ct, skb.ct_state, skb.direction)
        return ACCEPT

    def _translate(self, table: Table, chain: Chain, skb: Skb) -> Verdict:
        """NAT: rules for the first packet of a connection, the connection's tuples for all (nf_nat_inet_fn)."""
        entry = skb.ct
        if entry is None:
            return ACCEPT
        if (
            skb.ct_state is CtState.NEW
            and not entry.status & Status.CONFIRMED
            and not self._bind(table, chain, skb, entry)
        ):
            return DROP
        if entry.status & Status.TRANSLATED:
            nat.translate(skb, entry)
        return ACCEPT

    def _bind(self, table: Table, chain: Chain, skb: Skb, entry: Entry) -> bool:
        """Asks the rules what a new connection is to look like behind this host; False if its packet must die."""
        manip = nat.MANIP_AT[skb.hook]
        if entry.status & manip.done:
            return True
        if not chain.is_idle and self._decide(table, chain, skb) is DROP:
            return False
        if not entry.status & manip.done and not nat.keep(self.conntrack, entry, manip=manip):
            drop(self.netns, skb.packet.id, "NAT_FAILED", f"{skb.hook.name}: no free port")
            return False
        return True

    def _decide(self, table: Table, chain: Chain, skb: Skb) -> Verdict:
        """What a built-in chain makes of a packet: a rule's verdict, else the policy's."""
        verdict = self._walk(table, chain, skb)
        if verdict is not None:
            return verdict
        if chain.counted:
            chain.packets += 1
            chain.bytes += skb.packet.length
        policy = chain.policy or ACCEPT
        netns, packet = self.netns, skb.packet
        if PolicyApplied in netns.trace.wanted:
            where = (int(netns.clock.now), netns.machine.name, netns.name, packet.id)
            netns.trace.emit(PolicyApplied(*where, skb.hook.name, table.name, chain.name, policy.value))
        if policy is DROP:
            drop(netns, packet.id, "FILTER_DROP", f"{table.name} {chain.name}: policy")
        return policy

    def _walk(self, table: Table, chain: Chain, skb: Skb) -> Verdict | None:
        """Asks a chain's rules one after the other; None at its end."""
        tells = RuleMatched in self.netns.trace.wanted
        for entry in chain.candidates(skb.packet):
            if not entry.matches(skb):
                continue
            entry.packets += 1
            entry.bytes += skb.packet.length
            jump = entry.jump
            if jump:
                if tells:
                    self._tell(table, chain, entry, skb, jump.chain)
                verdict = self._walk(table, table.chain(jump.chain), skb)
                if verdict is not None or jump.goto:
                    return verdict
                continue
            verdict = entry.action(skb) if entry.action else None
            if tells:
                self._tell(table, chain, entry, skb, _title(entry))
            if verdict is RETURN:
                return None
            if verdict is not None:
                if verdict is DROP and entry.rule.target:
                    where = f"{table.name} {chain.name}: rule {chain.number(entry)}"
                    drop(self.netns, skb.packet.id, entry.rule.target.drop_code, where)
                return verdict
        return None

    def _tell(self, table: Table, chain: Chain, entry: ChainRule, skb: Skb, verdict: str) -> None:
        netns, number = self.netns, chain.number(entry)
        where = (int(netns.clock.now), netns.machine.name, netns.name, skb.packet.id, skb.hook.name)
        text = f"-A {chain.name} {entry.text}".rstrip()
        netns.trace.emit(RuleMatched(*where, table.name, chain.name, number, text, verdict, entry.made_by))

    # -- tables -----------------------------------------------------------------------------------------------------

    def table(self, name: str) -> Table:
        """The table of this name; it is made when first asked for."""
        if name not in self._tables:
            counted = "nf_tables" not in self.netns.machine.version.iptables  # the older x_tables count from the start
            self._tables[name] = Table(self.netns, name, self._changed, counted=counted)
            self._changed(0)
        return self._tables[name]

    def existing(self, name: str) -> Table | None:
        return self._tables.get(name)

    def tables(self) -> list[Table]:
        """The tables that exist, in the order of iptables-save."""
        return [self._tables[name] for name in BUILTIN if name in self._tables]

    def _changed(self, trackers: int) -> None:
        """Each hook may have other stages now."""
        self._trackers += trackers
        self._stages.clear()

    def _arranged(self, hook: Hook) -> tuple[Stage, ...]:
        stages = (self._stage(name, hook) for name in ORDER[hook])
        self._stages[hook] = tuple(stage for stage in stages if stage)
        return self._stages[hook]

    def _stage(self, name: str, hook: Hook) -> Stage | None:
        if name == CONNTRACK:
            track = self._track_output if hook is OUTPUT else self._track_input
            return track if self.tracks else None
        if name == CONFIRM:
            return self._confirm if self.tracks else None
        table = self._tables.get(name)
        if table is None:
            return None
        chain = table.at(hook)
        if name == NAT:
            return partial(self._translate, table, chain) if self.tracks else None
        return None if chain.is_idle else partial(self._decide, table, chain)

    # -- rules as text: what the engine does by running iptables ------------------------------------------------------

    def add(self, table: str, chain: str, text: str, *, made_by: str, position: int | None = None) -> None:
        """Appends a rule, or inserts it so that it has this number. Raises OSError, RuleError."""
        self.table(table).insert(chain, self._rule(text), made_by=made_by, position=position)

    def delete(self, table: str, chain: str, text: str) -> None:
        """Removes the first rule that says this. Raises OSError ENOENT (no such chain), ValueError (no such rule)."""
        index = self.table(table).chain(chain).find(self._rule(text))
        if index is None:
            raise ValueError(f"no rule '{text}' in {table} {chain}")
        self.table(table).delete(chain, index + 1)

    def has(self, table: str, chain: str, text: str) -> bool:
        """Whether such a rule is there (iptables -C)."""
        known = self._tables.get(table)
        return known is not None and chain in known and known.chain(chain).find(self._rule(text)) is not None

    def _rule(self, text: str) -> Rule:
        return _parsed(text, self.version)


@lru_cache(maxsize=256)
def _parsed(text: str, version: int) -> Rule:
    """The engine asks for a rule before it adds it: a rule is a value, so the text is read once."""
    return parse(text, version=version)


def _title(entry: ChainRule) -> str:
    return entry.rule.target.title if entry.rule.target else "continue"
