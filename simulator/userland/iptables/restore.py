"""iptables-restore(8): reads what iptables-save wrote. Each table changes as a whole at its COMMIT, or not at all."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from simulator.clock import Steps
from simulator.kernel.netfilter.options import RuleError, integer_from_text
from simulator.kernel.netfilter.tables import BUILTIN, Table
from simulator.kernel.netfilter.words import split_line
from simulator.kernel.process import Process
from simulator.userland.getopt import BadOption, Options, options
from simulator.userland.iptables.arguments import Arguments
from simulator.userland.iptables.command import POLICIES, Command, MissingTarget
from simulator.userland.iptables.dialect import OTHER_PROBLEM, RESOURCE_PROBLEM, Failure
from simulator.userland.iptables.names import HostNames
from simulator.userland.iptables.program import Session, session
from simulator.userland.iptables.usage import RESTORE_HELP
from simulator.userland.program import lines, open_input, strerror

LETTERS = "bcvVthnM:T:46w::W::"
LONG = {
    "counters": "c",
    "verbose": "v",
    "version": "V",
    "test": "t",
    "help": "h",
    "noflush": "n",
    "modprobe=": "M",
    "table=": "T",
    "ipv4": "4",
    "ipv6": "6",
    "wait=?": "w",
}


def iptables_restore(process: Process) -> Steps:
    """iptables-restore(8)."""
    return (yield from _restore(session(process, "iptables-restore")))


def ip6tables_restore(process: Process) -> Steps:
    return (yield from _restore(session(process, "ip6tables-restore")))


def _restore(own: Session) -> Steps:
    process = own.process
    try:
        given = options(process.argv, LETTERS, long=LONG)
    except BadOption as unknown:
        process.error(f"{own.program}: {unknown}\nTry `{own.program} -h' for more information.")
        return OTHER_PROBLEM
    if "V" in given or "h" in given:
        process.print(own.banner + "\n" if "V" in given else RESTORE_HELP.format(program=own.program), end="")
        return 0
    try:
        own.check_root()
        file = open_input(process, given.operands[0]) if given.operands else process.stdin
    except Failure as failure:
        return own.complain(failure)
    except OSError as missing:
        process.error(f"Can't open {given.operands[0]}: {strerror(missing)}")
        return OTHER_PROBLEM
    reader = Reader(own, given, HostNames(process))
    text = yield from lines(file)
    return (yield from reader.read(text))


class Reader(Struct):
    """Where the reading stands."""

    own: Session
    given: Options
    names: HostNames
    table: Table | None = None
    undo: Callable[[], None] | None = None
    skipping: bool = False  # a table that -T does not name
    number: int = 0
    missing: MissingTarget | None = None

    def read(self, text: list[str]) -> Steps:
        """Reads all lines; the exit status."""
        try:
            for self.number, line in enumerate(text, 1):
                yield from self._line(line)
            if self.table:
                raise Failure(f"COMMIT expected at line {self.number + 1}")
        except RuleError as error:
            self._roll_back()
            return self.own.refuse(error, f"Error occurred at line: {self.number}\n")
        except Failure as failure:
            self._roll_back()
            return self.own.complain(failure)
        return 0

    def _line(self, line: str) -> Steps:
        if not line.strip() or line.startswith("#"):
            if line.startswith("#") and "v" in self.given:
                self.own.process.print(line)
            return
        if line.strip() == "COMMIT" and (self.table or self.skipping):
            self._commit()
        elif line.startswith("*") and self.table is None:
            self._begin(line[1:].strip())
        elif self.skipping:
            return
        elif self.table is None:
            raise Failure(f"line {self.number} failed")
        elif line.startswith(":"):
            self._chain(self.table, line[1:])
        else:
            yield from self._command(self.table, line)

    def _begin(self, name: str) -> None:
        if name not in BUILTIN:
            raise RuleError(f"{self.own.program}: line {self.number} table name '{name}' invalid")
        self.skipping = self.given.get("T", name) != name
        if self.skipping:
            return
        self.table = self.own.netfilter.table(name)
        self.undo = self.table.snapshot()
        if "n" not in self.given:
            for chain in self.table.chains():
                if "v" in self.given and chain.is_builtin:
                    self.own.process.print(f"Flushing chain `{chain.name}'")
            self.table.reset()

    def _commit(self) -> None:
        if self.missing:
            raise self.missing
        if "t" in self.given:
            self._roll_back()
        self.table = self.undo = None
        self.skipping = False

    def _roll_back(self) -> None:
        if self.undo:
            self.undo()
        self.table = self.undo = None

    def _chain(self, table: Table, text: str) -> None:
        """ ":INPUT ACCEPT [0:0]": a policy, or a user chain to begin with."""
        name, policy, counters = [*text.split(), "", "", ""][:3]
        if not policy:
            raise RuleError(f"{self.own.program}: line {self.number} policy invalid")
        if name not in table:
            table.add_chain(name)
        chain = table.chain(name)
        if not chain.is_builtin:
            table.flush(name)
        elif policy in POLICIES:
            table.set_policy(name, POLICIES[policy])
            chain.packets, chain.bytes = self._counters(counters)
        elif policy != "-":
            raise Failure(f"line {self.number} failed: Bad policy name.")

    def _counters(self, text: str) -> tuple[int, int]:
        """ "[5:300]", where -c asks for it."""
        if "c" not in self.given or not text:
            return 0, 0
        packets, _, octets = text.strip("[]").partition(":")
        return integer_from_text(packets) or 0, integer_from_text(octets) or 0

    def _command(self, table: Table, line: str) -> Steps:
        counters = (0, 0)
        if line.startswith("["):
            text, _, line = line.partition("]")
            counters = self._counters(text)
        arguments = Arguments(self.names, version=self.own.version, table=table.name)
        arguments.read(split_line(line))
        if counters != (0, 0):
            arguments.counters = counters
        arguments.verbose |= "v" in self.given
        process = self.own.process
        made_by = f"{self.own.program}: {line.strip()}"
        command = Command(
            self.own.netfilter,
            arguments,
            dialect=self.own.dialect,
            names=self.names,
            made_by=made_by,
            out=process.print,
        )
        try:
            yield from command.run()
        except Failure as failure:
            raise self._at_line(failure) from None
        except MissingTarget as missing:
            if not self.own.dialect.is_nft:
                raise
            self.missing = self.missing or missing
        for warning in arguments.warnings:
            process.error(warning)

    def _at_line(self, failure: Failure) -> Failure:
        """The failure as it is told of a line."""
        if failure.status == RESOURCE_PROBLEM:
            return Failure(f"\nline {self.number}:{failure.text}", failure.status, is_versioned=True)
        return Failure(f"line {self.number} failed: {failure.text}", failure.status)
