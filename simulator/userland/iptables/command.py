"""What iptables does when its command line has been read: changes and lists of one namespace's tables."""

from __future__ import annotations

import errno
from collections.abc import Callable

from simulator.clock import Steps
from simulator.kernel.netfilter.chain import Chain
from simulator.kernel.netfilter.hooks import Netfilter
from simulator.kernel.netfilter.options import NUMBERS, RuleError
from simulator.kernel.netfilter.rule import Rule
from simulator.kernel.netfilter.skb import Verdict
from simulator.kernel.netfilter.tables import Table
from simulator.kernel.netfilter.targets import TARGETS
from simulator.kernel.netfilter.targets.verdicts import Drop
from simulator.userland.iptables import listing, save
from simulator.userland.iptables.arguments import NAT_DROP, Arguments
from simulator.userland.iptables.dialect import NO_CHAIN, NO_RULE, TOO_BIG, Dialect, Failure
from simulator.userland.iptables.names import HostNames

POLICIES = {"ACCEPT": Verdict.ACCEPT, "DROP": Verdict.DROP}

Print = Callable[[str], None]


class MissingTarget(RuleError):
    """A rule jumps to what does not exist. iptables-restore of the nf_tables kind finds out when it commits."""


class Command:
    """One command line at work. `made_by` is what its rules remember as their origin."""

    def __init__(
        self,
        netfilter: Netfilter,
        arguments: Arguments,
        *,
        dialect: Dialect,
        names: HostNames,
        made_by: str,
        out: Print,
    ) -> None:
        self.netfilter, self.arguments, self.dialect, self.names = netfilter, arguments, dialect, names
        self.made_by, self.out = made_by, out
        self.rules: list[Rule] = []
        self._existing = netfilter.existing(arguments.table)
        # What a table looks like that does not exist yet: its built-in chains, empty.
        self._view = self._existing or save.untouched(netfilter, arguments.table)

    def run(self) -> Steps:
        """Does all that was asked. Raises RuleError, Failure."""
        arguments = self.arguments
        for host in arguments.hosts():
            yield from self.names.look_up(host, arguments.version)
        self.rules = arguments.rules()
        arguments.check()
        self._check_rule()
        for command in sorted(arguments.commands, key="LSZ".find):
            steps = _RUN[command](self)
            if steps is not None:
                yield from steps

    def _check_rule(self) -> None:
        arguments = self.arguments
        if arguments.command == "R" and len(self.rules) > 1:
            raise RuleError("Replacement rule does not specify a unique address")
        jump = arguments.jump
        if jump and jump.chain not in self._view:
            text = self.dialect.no_goto if jump.goto else self.dialect.no_target
            raise MissingTarget(text.format(jump.chain))
        if arguments.table == "nat" and isinstance(self.rules[0].target, Drop):
            raise RuleError(NAT_DROP)

    # -- rules ------------------------------------------------------------------------------------------------------

    def _append(self) -> None:
        self._add("A", None)

    def _insert(self) -> None:
        self._add("I", self.arguments.number or 1)

    def _add(self, command: str, position: int | None) -> None:
        chain = self._chain().name
        table = self._table()
        undo = table.snapshot() if len(self.rules) > 1 else None
        try:
            for offset, rule in enumerate(self.rules):
                at = None if position is None else position + offset
                table.insert(chain, rule, made_by=self.made_by, position=at, counters=self.arguments.counters)
        except OSError as reason:
            if undo:
                undo()
            raise self.dialect.refused(command, chain, reason) from None
        self._tell_rules()

    def _replace(self) -> None:
        chain, number = self._chain().name, self.arguments.number or 0
        try:
            self._table().replace(chain, number, self.rules[0], made_by=self.made_by, counters=self.arguments.counters)
        except OSError as reason:
            raise self.dialect.refused("R", chain, reason) from None
        self._tell_rules()

    def _delete(self) -> None:
        if self.arguments.number is not None:
            self._delete_number(self.arguments.number)
            return
        chain = self._chain(NO_RULE if self.dialect.is_nft else NO_CHAIN)
        for rule in self.rules:
            index = chain.find(rule)
            if index is None:
                raise Failure(NO_RULE)
            self._table().delete(chain.name, index + 1)
        self._tell_rules()

    def _delete_number(self, number: int) -> None:
        chain = self._chain()
        if not chain.made:
            raise Failure(NO_CHAIN)
        if number > len(chain.rules):
            raise Failure(TOO_BIG["D"])
        self._table().delete(chain.name, number)

    def _check(self) -> None:
        chain = self._chain(NO_RULE if self.dialect.is_nft else NO_CHAIN)
        for rule in self.rules:
            if chain.find(rule) is None:
                raise Failure(NO_RULE)
        self._tell_rules()

    def _tell_rules(self) -> None:
        if self.arguments.verbose:
            for rule in self.rules:
                self.out(listing.changed_line(rule, self.dialect))

    # -- chains -----------------------------------------------------------------------------------------------------

    def _flush(self) -> None:
        for chain in self._chosen():
            self._tell(f"Flushing chain `{chain.name}'")
            if self.arguments.chain is not None or chain.made:
                self._table().flush(chain.name)

    def _zero(self) -> None:
        number = self.arguments.number
        if number is not None:
            chain = self._chain(NO_RULE if self.dialect.is_nft else NO_CHAIN)
            if number > len(chain.rules):
                raise Failure(NO_RULE if self.dialect.is_nft else "Index of counter too big.")
            chain.rules[number - 1].packets = chain.rules[number - 1].bytes = 0
            return
        for chain in self._chosen():
            if not chain.made and self.arguments.chain is not None:
                raise Failure(NO_CHAIN)
            self._tell(f"Zeroing chain `{chain.name}'")
            if chain.made:
                self._table().zero(chain.name)

    def _new(self) -> None:
        try:
            self._table().add_chain(self.arguments.chain or "")
        except OSError as reason:
            raise self.dialect.refused("N", self.arguments.chain or "", reason) from None

    def _remove(self) -> None:
        """One chain, or all user chains and then all or none of them."""
        table = self._existing
        if table is None:
            if self.arguments.chain is not None:
                raise Failure(NO_CHAIN)
            return
        everything = self.arguments.chain is None
        undo = table.snapshot()
        refusal: Failure | None = None
        every = table.by_age() if self.dialect.is_nft else table.chains()
        for chain in every if everything else [self._chain()]:
            if not (everything and chain.is_builtin):
                self._tell(f"Deleting chain `{chain.name}'")
            try:
                table.remove_chain(chain.name)
            except OSError as reason:
                if not (everything and chain.is_builtin):
                    refusal = refusal or self.dialect.refused("X", chain.name, reason)
        if refusal:
            undo()
            raise refusal

    def _rename(self) -> None:
        if not self.dialect.is_nft and self.arguments.argument in TARGETS[self.arguments.version]:
            raise Failure("File exists.")
        try:
            (self._existing or self._view).rename_chain(self.arguments.chain or "", self.arguments.argument)
        except OSError as reason:
            if reason.errno == errno.ENOENT and self.dialect.is_nft and self.arguments.argument in self._view:
                reason = FileExistsError(errno.EEXIST, "")
            raise self.dialect.refused("E", self.arguments.chain or "", reason) from None

    def _policy(self) -> None:
        name = self.arguments.chain or ""
        if name not in self._view or not self._view.chain(name).is_builtin:
            raise Failure("Bad built-in chain name.")
        if self.arguments.argument not in POLICIES:
            raise Failure("Bad policy name. Run `dmesg' for more information.")
        self._table().set_policy(name, POLICIES[self.arguments.argument])

    def _tell(self, text: str) -> None:
        if self.arguments.verbose:
            self.out(text)

    # -- lists ------------------------------------------------------------------------------------------------------

    def _list(self) -> Steps:
        arguments = self.arguments
        chains = self._listed()
        numeric = "n" in arguments.seen
        for index, chain in enumerate(chains):
            if not numeric:
                for address in listing.listed_nets(chain, arguments.number):
                    yield from self.names.look_up_name(address)
            how = listing.Format(
                self.dialect,
                NUMBERS if numeric else self.names,
                arguments.verbose > 0,
                "x" in arguments.seen,
                "0" in arguments.seen,
            )
            if arguments.number is not None:
                lines = listing.rule_lines(chain, how, arguments.number)
            else:
                lines = listing.chain_lines(chain, how)
            if index:
                self.out("")
            for line in lines:
                self.out(line)

    def _list_rules(self) -> None:
        counters, number = self.arguments.verbose > 0, self.arguments.number
        chains = self._listed()
        if number is None:
            for chain in chains:
                self.out(save.chain_line(chain, counters=counters))
        for chain in chains:
            for line in save.rule_lines(chain, counters=counters, only=number):
                self.out(line)

    def _listed(self) -> list[Chain]:
        """The chain that is to be listed, or all."""
        name = self.arguments.chain
        if name is None:
            return self._view.chains()
        if name not in self._view:
            if not self.dialect.is_nft:
                raise Failure(NO_CHAIN)
            text = f"chain `{name}' in table `{self.arguments.table}' is incompatible, use 'nft' tool."
            raise Failure(text, is_versioned=True)
        return [self._view.chain(name)]

    # -- where ------------------------------------------------------------------------------------------------------

    def _table(self) -> Table:
        return self.netfilter.table(self.arguments.table)

    def _chain(self, complaint: str = NO_CHAIN) -> Chain:
        """The chain named in the command. Raises Failure."""
        name = self.arguments.chain or ""
        if name not in self._view:
            raise Failure(complaint)
        return self._view.chain(name)

    def _chosen(self) -> list[Chain]:
        """The chain named, or all that exist."""
        if self.arguments.chain is not None:
            return [self._chain()]
        return self._existing.chains() if self._existing else []


_RUN: dict[str, Callable[[Command], Steps | None]] = {
    "A": Command._append,
    "I": Command._insert,
    "R": Command._replace,
    "D": Command._delete,
    "C": Command._check,
    "F": Command._flush,
    "Z": Command._zero,
    "N": Command._new,
    "X": Command._remove,
    "E": Command._rename,
    "P": Command._policy,
    "L": Command._list,
    "S": Command._list_rules,
}
