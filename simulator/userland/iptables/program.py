"""The programs iptables, iptables-save, iptables-restore and their IPv6 twins."""

from __future__ import annotations

import shlex

from msgspec import Struct

from simulator.clock import Steps
from simulator.kernel.netfilter.hooks import Netfilter
from simulator.kernel.netfilter.options import NotSimulatedError, RuleError
from simulator.kernel.netfilter.tables import BUILTIN
from simulator.kernel.process import Process
from simulator.userland.getopt import BadOption, options
from simulator.userland.iptables import save
from simulator.userland.iptables.arguments import Arguments
from simulator.userland.iptables.command import Command
from simulator.userland.iptables.dialect import (
    OTHER_PROBLEM,
    PARAMETER_PROBLEM,
    VERSION_PROBLEM,
    Dialect,
    Failure,
    dialect_of,
)
from simulator.userland.iptables.names import HostNames
from simulator.userland.iptables.usage import help_text


class Session(Struct, frozen=True):
    """One run of one of the programs."""

    process: Process
    program: str
    version: int
    dialect: Dialect

    @property
    def netfilter(self) -> Netfilter:
        own = self.process.netns.netfilter
        return own if self.version == 4 else own.ip6

    @property
    def banner(self) -> str:
        return f"{self.program} {self.dialect.version}"

    def check_root(self, table: str = "filter") -> None:
        """Raises Failure."""
        if self.process.uid != 0:
            raise self.dialect.not_root(table)

    def complain(self, failure: Failure) -> int:
        """Prints why a command failed; its status."""
        self.process.error(f"{self.banner if failure.is_versioned else self.program}: {failure.text}")
        return failure.status

    def refuse(self, error: RuleError, where: str = "") -> int:
        """Prints what is wrong with the arguments; the status. `where` is a line of iptables-restore's."""
        if error.message:
            self.process.error(f"{self.banner}: {error.message}" if error.prefixed else error.message)
        if isinstance(error, NotSimulatedError):
            return OTHER_PROBLEM
        self.process.error(f"{where}Try `{self.program} -h' or '{self.program} --help' for more information.")
        return PARAMETER_PROBLEM


def session(process: Process, program: str) -> Session:
    version = 6 if program.startswith("ip6") else 4
    return Session(process, program, version, dialect_of(process.machine.version.iptables))


def iptables(process: Process) -> Steps:
    """iptables(8)."""
    return (yield from _tables(session(process, "iptables")))


def ip6tables(process: Process) -> Steps:
    return (yield from _tables(session(process, "ip6tables")))


def iptables_save(process: Process) -> Steps:
    """iptables-save(8)."""
    return _save(session(process, "iptables-save"))
    yield


def ip6tables_save(process: Process) -> Steps:
    return _save(session(process, "ip6tables-save"))
    yield


def _tables(own: Session) -> Steps:
    process = own.process
    names = HostNames(process)
    arguments = Arguments(names, version=own.version)
    try:
        arguments.read(process.argv[1:])
        if arguments.wants_version:
            process.print(own.banner)
            return 0
        if arguments.wants_help:
            process.print(help_text(own.program, own.dialect.version), end="")
            return 0
        if arguments.table not in BUILTIN:
            return own.complain(Failure(own.dialect.no_table(arguments.table), VERSION_PROBLEM, is_versioned=True))
        own.check_root(arguments.table)
        made_by = shlex.join([own.program, *process.argv[1:]])
        command = Command(
            own.netfilter, arguments, dialect=own.dialect, names=names, made_by=made_by, out=process.print
        )
        yield from command.run()
    except RuleError as error:
        _warn(process, arguments)
        return own.refuse(error)
    except Failure as failure:
        return own.complain(failure)
    _warn(process, arguments)
    return 0


def _warn(process: Process, arguments: Arguments) -> None:
    for warning in arguments.warnings:
        process.error(warning)


def _save(own: Session) -> int:
    process = own.process
    try:
        given = options(
            process.argv, "bcdt:M:f:V46", long={"counters": "c", "dump": "d", "version": "V", "table=": "t"}
        )
    except BadOption as unknown:
        process.error(f"{own.program}: {unknown}\nLook at manual page `{own.program}.8' for more information.")
        return OTHER_PROBLEM
    if "V" in given:
        process.print(own.banner)
        return 0
    if given.operands:
        process.error("Unknown arguments found on commandline")
        return OTHER_PROBLEM
    table = given.get("t")
    if table and table not in BUILTIN:
        process.error(f"Table `{table}' does not exist")
        return OTHER_PROBLEM
    try:
        own.check_root()
    except Failure as failure:
        return own.complain(failure)
    lines = save.saved(own.netfilter, process.clock, own.banner, only=table, counters="c" in given)
    for line in lines:
        process.print(line)
    return 0
