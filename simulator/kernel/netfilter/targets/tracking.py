"""Targets about connection tracking and watching: CT, NOTRACK, TRACE, LOG. See iptables-extensions(8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from simulator.kernel.netfilter.log import log_line
from simulator.kernel.netfilter.options import Given, Names, Option, RuleError, quoted
from simulator.kernel.netfilter.skb import CtState, Skb
from simulator.kernel.netfilter.targets.base import Action, Target

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace

# syslog(2)'s levels as --log-level takes them and as they are listed, by number.
LEVEL_NAMES = ("emerg", "alert", "crit", "error", "warning", "notice", "info", "debug")
LISTED_LEVELS = ("emerg", "alert", "crit", "err", "warn", "notice", "info", "debug")
DEFAULT_LEVEL = 4
PREFIX_LIMIT = 29  # characters

# What LOG adds, and its bit in the number that `iptables -nL` shows.
LOG_FLAGS = {"tcp-sequence": 1, "tcp-options": 2, "ip-options": 4, "uid": 8, "macdecode": 32}


class Ct(Target, frozen=True):
    """`-j CT --notrack`: the packet is nobody's connection. Without an option it does nothing."""

    name: ClassVar[str] = "CT"
    tables: ClassVar[tuple[str, ...]] = ("raw",)
    options: ClassVar[tuple[Option, ...]] = (Option("notrack", 0),)

    notrack: bool = False

    @classmethod
    def build(cls, given: Given) -> Self:
        return cls("notrack" in given)

    @property
    def title(self) -> str:
        return "CT"

    def __str__(self) -> str:
        return "--notrack" if self.notrack else ""

    def listing(self, names: Names) -> str:
        return " CT notrack" if self.notrack else " CT"

    def action(self, netns: NetNamespace) -> Action:
        def act(skb: Skb) -> None:
            if self.notrack and skb.ct is None:
                skb.ct_state = CtState.UNTRACKED

        return act


class Notrack(Ct, frozen=True):
    """The older name of `CT --notrack`."""

    name: ClassVar[str] = "NOTRACK"
    options: ClassVar[tuple[Option, ...]] = ()

    @classmethod
    def build(cls, given: Given) -> Self:
        return cls(notrack=True)

    def __str__(self) -> str:
        return ""

    def listing(self, names: Names) -> str:
        return " NOTRACK"


class Trace(Target, frozen=True):
    """Asks for a packet's road through the rules, which the lab's trace tells of every packet anyway."""

    name: ClassVar[str] = "TRACE"

    def __str__(self) -> str:
        return ""

    def action(self, netns: NetNamespace) -> Action:
        return lambda skb: None


class Log(Target, frozen=True):
    """Writes the packet into the kernel's log. The kernel does so for the host's own namespace only."""

    name: ClassVar[str] = "LOG"
    options: ClassVar[tuple[Option, ...]] = (
        Option("log-level"),
        Option("log-prefix"),
        *(Option(f"log-{flag}", 0) for flag in LOG_FLAGS),
    )

    prefix: str = ""
    level: int = DEFAULT_LEVEL
    flags: tuple[str, ...] = ()

    @classmethod
    def build(cls, given: Given) -> Self:
        prefix = given.text("log-prefix")
        if "log-prefix" in given and not prefix:
            raise RuleError("Argument must have a minimum length of 1 characters\n")
        if "\n" in prefix:
            raise RuleError("Newlines not allowed in --log-prefix")
        flags = tuple(flag for flag in LOG_FLAGS if f"log-{flag}" in given)
        return cls(prefix[:PREFIX_LIMIT], _level(given), flags)

    def __str__(self) -> str:
        parts = [f"--log-prefix {quoted(self.prefix)}"] if self.prefix else []
        parts += [f"--log-level {self.level}"] if self.level != DEFAULT_LEVEL else []
        return " ".join([*parts, *(f"--log-{flag}" for flag in self.flags)])

    def listing(self, names: Names) -> str:
        prefix = f' prefix "{self.prefix}"' if self.prefix else ""
        if names.numeric:
            return f" LOG flags {sum(LOG_FLAGS[flag] for flag in self.flags)} level {self.level}{prefix}"
        return "".join([f" LOG level {LISTED_LEVELS[self.level]}", *(f" {flag}" for flag in self.flags), prefix])

    def action(self, netns: NetNamespace) -> Action:
        def act(skb: Skb) -> None:
            if netns is netns.machine.netns:
                netns.machine.kernel_log(self.prefix + log_line(skb, frozenset(self.flags)))

        return act


def _level(given: Given) -> int:
    text = given.text("log-level", str(DEFAULT_LEVEL))
    if len(text) == 1 and text in "01234567":
        return int(text)
    if text == "panic":
        return LEVEL_NAMES.index("emerg")
    if text not in LEVEL_NAMES:
        raise RuleError(f'log level "{text}" unknown\n')
    return LEVEL_NAMES.index(text)
