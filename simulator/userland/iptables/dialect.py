"""In what iptables' two kinds differ: the one that talks to nf_tables (1.8) and the older one (1.4, x_tables).

They read the same rules and print the same lists, but word the kernel's refusals in their own ways.
"""

from __future__ import annotations

import errno

from msgspec import Struct

from simulator.kernel.errors import strerror

PARAMETER_PROBLEM, VERSION_PROBLEM, RESOURCE_PROBLEM, OTHER_PROBLEM = 2, 3, 4, 1  # exit statuses

# What both say where the other end's answer has a meaning of its own (iptc_strerror, nft_strerror).
NO_CHAIN = "No chain/target/match by that name."
NO_RULE = "Bad rule (does a matching rule exist in that chain?)."
TOO_BIG = {"I": "Index of insertion too big.", "R": "Index of replacement too big.", "D": "Index of deletion too big."}


class Failure(Exception):
    """A command that failed: what is printed behind the program's name (and version), and the status."""

    def __init__(self, text: str, status: int = OTHER_PROBLEM, *, is_versioned: bool = False) -> None:
        super().__init__(text)
        self.text, self.status, self.is_versioned = text, status, is_versioned


class Dialect(Struct, frozen=True):
    """How one kind speaks."""

    version: str
    numeric_protocols: bool  # -n prints 6 for tcp
    is_nft: bool

    @property
    def no_target(self) -> str:
        """What is said of a target that is neither a chain nor known."""
        return "Chain '{}' does not exist" if self.is_nft else "Couldn't load target `{}':No such file or directory\n"

    @property
    def no_goto(self) -> str:
        return "Chain '{}' does not exist" if self.is_nft else "goto '{}' is not a chain"

    def no_table(self, name: str) -> str:
        if self.is_nft:
            return f"table '{name}' does not exist\nPerhaps iptables or your kernel needs to be upgraded."
        return (
            f"can't initialize iptables table `{name}': Table does not exist (do you need to insmod?)\n"
            "Perhaps iptables or your kernel needs to be upgraded."
        )

    def not_root(self, table: str) -> Failure:
        if self.is_nft:
            text = "Could not fetch rule set generation id: Permission denied (you must be root)"
            return Failure(text, RESOURCE_PROBLEM, is_versioned=True)
        text = (
            f"can't initialize iptables table `{table}': Permission denied (you must be root)\n"
            "Perhaps iptables or your kernel needs to be upgraded."
        )
        return Failure(text, VERSION_PROBLEM, is_versioned=True)

    def refused(self, command: str, chain: str, reason: OSError) -> Failure:
        """The kernel did not take a rule or chain."""
        if reason.errno == errno.E2BIG:
            return Failure(TOO_BIG[command])
        if reason.errno == errno.EEXIST:
            return Failure("Chain already exists." if command == "N" else "File exists.")
        if self.is_nft:
            return self._refused_by_nft(command, chain, reason)
        is_bad_jump = reason.errno in (errno.ENOENT, errno.EOPNOTSUPP) and command in "AIR"
        if reason.errno == errno.EINVAL or is_bad_jump:
            return Failure("Invalid argument. Run `dmesg' for more information.")
        return Failure(NO_CHAIN if reason.errno == errno.ENOENT else f"{strerror(reason.errno or 0)}.")

    def _refused_by_nft(self, command: str, chain: str, reason: OSError) -> Failure:
        number = reason.errno or 0
        if number in (errno.ENOENT, errno.EINVAL) and command in "NXFZE":
            return Failure(NO_CHAIN)
        if number == errno.EPERM:
            return Failure("Directory not empty.")
        if command == "X":
            text = f" CHAIN_DEL failed ({strerror(errno.EBUSY)}): chain {chain}"
        else:
            what = {"A": "APPEND", "I": "INSERT", "R": "REPLACE"}[command]
            number = errno.EMLINK if number == errno.ELOOP else number
            text = f" RULE_{what} failed ({strerror(number)}): rule in chain {chain}"
        return Failure(text, RESOURCE_PROBLEM, is_versioned=True)


def dialect_of(version: str) -> Dialect:
    """The dialect of a version as `iptables -V` prints it."""
    is_nft = "nf_tables" in version
    return Dialect(version, numeric_protocols=is_nft, is_nft=is_nft)
