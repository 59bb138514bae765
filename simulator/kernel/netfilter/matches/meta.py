"""Matches on what is not in the packet's headers: comment, owner."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from msgspec import Struct

from simulator.kernel.netfilter.matches.base import Match, Test
from simulator.kernel.netfilter.options import (
    MAXIMUM_32,
    Given,
    Names,
    Option,
    RuleError,
    bang,
    integer_from_text,
    quoted,
)
from simulator.kernel.netfilter.skb import Skb

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace

COMMENT_LIMIT = 255  # XT_MAX_COMMENT_LEN - 1


class Comment(Match, frozen=True):
    """`-m comment`: matches everything and says why the rule is there."""

    name: ClassVar[str] = "comment"
    options: ClassVar[tuple[Option, ...]] = (Option("comment", mandatory=True),)

    text: str

    @classmethod
    def build(cls, given: Given) -> Self:
        return cls(given.text("comment")[:COMMENT_LIMIT])

    def __str__(self) -> str:
        return f"--comment {quoted(self.text)}"

    def listing(self, names: Names) -> str:
        return f" /* {self.text} */"

    def test(self, netns: NetNamespace) -> Test:
        return lambda skb: True


class Ids(Struct, frozen=True):
    """User or group ids from low to high, or all but those."""

    low: int
    high: int
    inverted: bool = False

    def __contains__(self, number: int) -> bool:
        return (self.low <= number <= self.high) is not self.inverted

    def __str__(self) -> str:
        return str(self.low) if self.low == self.high else f"{self.low}-{self.high}"


class Owner(Match, frozen=True):
    """`-m owner`: who owns the socket that sends. Only where packets leave the host."""

    name: ClassVar[str] = "owner"
    options: ClassVar[tuple[Option, ...]] = (
        Option("uid-owner", invertible=True),
        Option("gid-owner", invertible=True),
        Option("socket-exists", 0, invertible=True),
    )
    hooks: ClassVar[frozenset[str]] = frozenset({"OUTPUT", "POSTROUTING"})

    uid: Ids | None = None
    gid: Ids | None = None
    socket: bool | None = None

    @classmethod
    def build(cls, given: Given) -> Self:
        if not given:
            raise RuleError("owner: At least one of --uid-owner, --gid-owner or --socket-exists is required")
        socket = not given.inverted("socket-exists") if "socket-exists" in given else None
        return cls(_ids(given, "uid-owner"), _ids(given, "gid-owner"), socket)

    def problem(self, table: str, hooks: frozenset[str]) -> str:
        for ids in (self.uid, self.gid):
            if ids and ids.low > ids.high:
                return "xt_owner: the range is reversed"
        wrong = sorted(hooks - self.hooks)
        if wrong:
            used = "/".join(wrong)
            return f"x_tables: ip_tables: owner match: used from hooks {used}, but only valid from OUTPUT/POSTROUTING"
        return ""

    def __str__(self) -> str:
        parts = [f"{bang(self.socket is False)}--socket-exists"] if self.socket is not None else []
        parts += [f"{bang(self.uid.inverted)}--uid-owner {self.uid}"] if self.uid else []
        parts += [f"{bang(self.gid.inverted)}--gid-owner {self.gid}"] if self.gid else []
        return " ".join(parts)

    def listing(self, names: Names) -> str:
        parts = [f" {bang(self.socket is False)}owner socket exists"] if self.socket is not None else []
        for ids, word, name_of in ((self.uid, "UID", names.user), (self.gid, "GID", names.group)):
            if ids:
                spelt = name_of(ids.low) if ids.low == ids.high else str(ids)
                parts.append(f" {bang(ids.inverted)}owner {word} match {spelt}")
        return "".join(parts)

    def test(self, netns: NetNamespace) -> Test:
        uid, gid, socket = self.uid, self.gid, self.socket

        def test(skb: Skb) -> bool:
            has_socket = skb.uid is not None
            if socket is not None and has_socket is not socket:
                return False
            if skb.uid is None:
                return socket is False and not uid and not gid
            return (uid is None or skb.uid in uid) and (gid is None or (skb.gid or 0) in gid)

        return test


def _ids(given: Given, option: str) -> Ids | None:
    if option not in given:
        return None
    text = given.text(option)
    number_of = given.names.uid if option == "uid-owner" else given.names.gid
    known = number_of(text)
    if known is not None:
        return Ids(known, known, given.inverted(option))
    first, dash, last = text.partition("-")
    low, high = integer_from_text(first), integer_from_text(last if dash else first)
    if low is None or high is None or max(low, high) > MAXIMUM_32:
        raise RuleError(f'owner: Bad value for "--{option}" option: "{text}"')
    return Ids(low, high, given.inverted(option))
