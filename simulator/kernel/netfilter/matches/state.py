"""Matches on the connection that a packet belongs to: conntrack, state, connlimit."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Self

from msgspec import Struct

from simulator.clock import S
from simulator.kernel.netfilter.addresses import Net, nets_from_text, number
from simulator.kernel.netfilter.conntrack import Entry, Status
from simulator.kernel.netfilter.matches.base import Match, Test
from simulator.kernel.netfilter.matches.ports import HIGHEST_PORT, Ports
from simulator.kernel.netfilter.options import MAXIMUM_32, Given, Names, Option, RuleError, bang, integer_from_text
from simulator.kernel.netfilter.protocols import protocol_from_text
from simulator.kernel.netfilter.skb import CtState, Skb

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace

# In the order in which they are printed.
STATES = ("INVALID", "NEW", "RELATED", "ESTABLISHED", "UNTRACKED", "SNAT", "DNAT")
STATE_MATCH_STATES = STATES[:5]
STATUSES = {
    "EXPECTED": Status.EXPECTED,
    "SEEN_REPLY": Status.SEEN_REPLY,
    "ASSURED": Status.ASSURED,
    "CONFIRMED": Status.CONFIRMED,
}
DIRECTIONS = ("ORIGINAL", "REPLY")

Wanted = tuple[str, ...] | int | Net | Ports | tuple[int, int]
Question = Callable[[Skb, Entry], bool]

ADDRESS_OPTIONS = ("ctorigsrc", "ctorigdst", "ctreplsrc", "ctrepldst")
PORT_OPTIONS = ("ctorigsrcport", "ctorigdstport", "ctreplsrcport", "ctrepldstport")


class Condition(Struct, frozen=True):
    """One thing asked: the option, what it wants, and how that is spelt."""

    option: str
    wanted: Wanted
    spelling: str
    inverted: bool


class Conntrack(Match, frozen=True):
    """`-m conntrack`: state, protocol, addresses, ports, status, remaining life and direction."""

    name: ClassVar[str] = "conntrack"
    tracks: ClassVar[bool] = True
    options: ClassVar[tuple[Option, ...]] = (
        *(
            Option(option, invertible=True)
            for option in ("ctstate", "ctproto", *ADDRESS_OPTIONS, *PORT_OPTIONS, "ctstatus", "ctexpire")
        ),
        Option("ctdir"),
    )

    conditions: tuple[Condition, ...]

    @classmethod
    def build(cls, given: Given) -> Self:
        if not given:
            raise RuleError("conntrack: At least one option is required")
        names = [option.name for option in cls.options if option.name in given]
        return cls(tuple(_condition(name, given) for name in names))

    def __str__(self) -> str:
        return " ".join(f"{bang(part.inverted)}--{part.option} {part.spelling}" for part in self.conditions)

    def listing(self, names: Names) -> str:
        return "".join(f" {bang(part.inverted)}{part.option} {part.spelling}" for part in self.conditions)

    def test(self, netns: NetNamespace) -> Test:
        states = [part for part in self.conditions if part.option == "ctstate"]
        rest = [(_question(part, netns), part.inverted) for part in self.conditions if part.option != "ctstate"]
        state_test = _state_test(states[0].wanted, states[0].inverted) if states else None
        if not rest and state_test:
            return state_test

        def test(skb: Skb) -> bool:
            if state_test and not state_test(skb):
                return False
            entry = skb.ct
            return entry is not None and all(asks(skb, entry) is not inverted for asks, inverted in rest)

        return test


class State(Match, frozen=True):
    """`-m state`: the older spelling of --ctstate."""

    name: ClassVar[str] = "state"
    tracks: ClassVar[bool] = True
    options: ClassVar[tuple[Option, ...]] = (Option("state", invertible=True, mandatory=True),)

    states: tuple[str, ...]
    inverted: bool = False

    @classmethod
    def build(cls, given: Given) -> Self:
        states = _names_from_text(given.text("state"), STATE_MATCH_STATES, 'Bad state "{}"')
        return cls(states, given.inverted("state"))

    def __str__(self) -> str:
        return f"{bang(self.inverted)}--state {','.join(self.states)}"

    def listing(self, names: Names) -> str:
        return f" {bang(self.inverted)}state {','.join(self.states)}"

    def test(self, netns: NetNamespace) -> Test:
        return _state_test(self.states, self.inverted)


class Connlimit(Match, frozen=True):
    """`-m connlimit`: how many connections the same host or network has."""

    name: ClassVar[str] = "connlimit"
    tracks: ClassVar[bool] = True
    options: ClassVar[tuple[Option, ...]] = (
        Option("connlimit-upto", invertible=True, excludes=("connlimit-above",)),
        Option("connlimit-above", invertible=True, excludes=("connlimit-upto",)),
        Option("connlimit-mask"),
        Option("connlimit-saddr", 0, excludes=("connlimit-daddr",)),
        Option("connlimit-daddr", 0, excludes=("connlimit-saddr",)),
    )

    limit: int
    above: bool
    prefix: int = 32
    by_destination: bool = False

    @classmethod
    def build(cls, given: Given) -> Self:
        option = given.first("connlimit-above", "connlimit-upto")
        if not option:
            raise RuleError('connlimit: You must specify "--connlimit-above" or "--connlimit-upto".')
        above = (option == "connlimit-above") is not given.inverted(option)
        prefix = given.integer("connlimit-mask", 0, 32, 32)
        return cls(given.integer(option, 0, MAXIMUM_32), above, prefix, "connlimit-daddr" in given)

    def __str__(self) -> str:
        kind, side = "above" if self.above else "upto", "daddr" if self.by_destination else "saddr"
        return f"--connlimit-{kind} {self.limit} --connlimit-mask {self.prefix} --connlimit-{side}"

    def listing(self, names: Names) -> str:
        side = "dst" if self.by_destination else "src"
        return f" #conn {side}/{self.prefix} {'>' if self.above else '<='} {self.limit}"

    def test(self, netns: NetNamespace) -> Test:
        shift = 32 - self.prefix

        def group(entry: Entry) -> int:
            return number(entry.original.dst if self.by_destination else entry.original.src) >> shift

        def test(skb: Skb) -> bool:
            own = skb.ct
            if own is None:
                return False
            others = (entry for entry in netns.netfilter.conntrack.entries() if entry is not own and entry.is_open)
            count = 1 + sum(group(entry) == group(own) for entry in others)
            return (count > self.limit) is self.above

        return test


# --- reading conditions --------------------------------------------------------------------------------------------


def _condition(option: str, given: Given) -> Condition:
    text, inverted = given.text(option), given.inverted(option)
    wanted: Wanted
    if option == "ctstate":
        wanted = _names_from_text(text, STATES, 'Bad ctstate "{}"')
        return Condition(option, wanted, ",".join(wanted), inverted)
    if option == "ctstatus":
        wanted = _names_from_text(text, tuple(STATUSES), 'Bad ctstatus "{}"', none="NONE")
        return Condition(option, wanted, ",".join(wanted) or "NONE", inverted)
    if option == "ctproto":
        wanted = protocol_from_text(text)
        return Condition(option, wanted, str(wanted), inverted)
    if option in ADDRESS_OPTIONS:
        wanted = nets_from_text(text, given.names, 6 if text.count(":") > 1 else 4)[0]
        return Condition(option, wanted, wanted.base if wanted.prefix in (32, 128) else str(wanted), inverted)
    if option in PORT_OPTIONS:
        wanted = _ports(text, given.names)
        return Condition(option, wanted, str(wanted), inverted)
    if option == "ctexpire":
        wanted = given.integer_range(option, 0, MAXIMUM_32)
        return Condition(option, wanted, str(Ports(*wanted)), inverted)
    wanted = _names_from_text(text, DIRECTIONS, 'ctdir: Bad value for "--ctdir" option: "{}"')
    return Condition(option, wanted, wanted[0], inverted)


def _names_from_text(text: str, known: tuple[str, ...], complaint: str, none: str = "") -> tuple[str, ...]:
    asked = text.upper().split(",")
    for name in asked:
        if name not in known and name != none:
            raise RuleError(complaint.format(text))
    return tuple(name for name in known if name in asked)


def _ports(text: str, names: Names) -> Ports:
    first, colon, last = text.partition(":")
    ends = [integer_from_text(part) for part in ((first, last) if colon else (first, first))]
    if any(end is None or end > HIGHEST_PORT for end in ends):
        raise RuleError(f'Port "{text}" does not resolve to anything.\n')
    return Ports(ends[0] or 0, ends[1] or 0)


# --- asking --------------------------------------------------------------------------------------------------------


def _state_test(wanted: object, inverted: bool) -> Test:
    """What --ctstate and --state ask. A packet without an entry is INVALID, unless it was not to be tracked."""
    assert isinstance(wanted, tuple)
    states = frozenset(CtState(name) for name in wanted if name in CtState.__members__)
    translated = 0
    if "SNAT" in wanted:
        translated |= Status.SRC_NAT
    if "DNAT" in wanted:
        translated |= Status.DST_NAT

    def test(skb: Skb) -> bool:
        hit = skb.ct_state in states
        if not hit and translated and skb.ct is not None:
            hit = bool(skb.ct.status & translated)
        return hit is not inverted

    return test


def _question(part: Condition, netns: NetNamespace) -> Question:
    wanted = part.wanted
    if isinstance(wanted, Net):
        tuple_of, end = _side(part.option)
        return lambda skb, entry: number(getattr(getattr(entry, tuple_of), end)) in wanted
    if isinstance(wanted, Ports):
        tuple_of, end = _side(part.option)
        return lambda skb, entry: getattr(getattr(entry, tuple_of), end) in wanted
    if isinstance(wanted, int):
        return lambda skb, entry: entry.original.proto == wanted
    if part.option == "ctexpire":
        low, high = (int(end) for end in wanted)
        return lambda skb, entry: low <= (entry.deadline - int(netns.clock.now)) // S <= high
    if part.option == "ctstatus":
        status = 0
        for name in wanted:
            status |= STATUSES[str(name)]
        return lambda skb, entry: bool(entry.status & status) if status else not entry.status & ~Status.NAT
    return lambda skb, entry: skb.direction.name == wanted[0]


def _side(option: str) -> tuple[str, str]:
    """ctorigdstport -> ("original", "dport"): where an entry has what the option asks for."""
    which = "original" if option.startswith("ctorig") else "reply"
    end = option[len("ctorig") :]
    return which, {"src": "src", "dst": "dst", "srcport": "sport", "dstport": "dport"}[end]
