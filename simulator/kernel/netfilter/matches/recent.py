"""`-m recent`: addresses seen lately. See iptables-extensions(8), xt_recent.c.

The lists have names and are shared by all rules of a namespace (/proc/net/xt_recent, which is left out).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from msgspec import Struct

from simulator.clock import S
from simulator.kernel.netfilter.addresses import ipv4_from_text, number
from simulator.kernel.netfilter.matches.base import Match, Test
from simulator.kernel.netfilter.options import MAXIMUM_32, Given, Names, Option, RuleError, bang
from simulator.kernel.netfilter.skb import Skb

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace

RECENT_STAMPS = 20  # moments remembered of one address (ip_pkt_list_tot)


class Seen(Struct):
    """When an address was seen, the last moments, and with what TTL."""

    ttl: int
    stamps: list[int]

    def update(self, now: int, ttl: int) -> None:
        self.ttl = ttl
        self.stamps = [*self.stamps, now][-RECENT_STAMPS:]


class Recent(Match, frozen=True):
    """`-m recent`: lists of addresses seen lately (/proc/net/xt_recent)."""

    name: ClassVar[str] = "recent"
    options: ClassVar[tuple[Option, ...]] = (
        Option("set", 0, invertible=True, excludes=("rcheck", "update", "remove")),
        Option("rcheck", 0, invertible=True, excludes=("set", "update", "remove")),
        Option("update", 0, invertible=True, excludes=("set", "rcheck", "remove")),
        Option("remove", 0, invertible=True, excludes=("set", "rcheck", "update")),
        Option("seconds"),
        Option("reap", 0, needs="seconds"),
        Option("hitcount"),
        Option("rttl", 0),
        Option("name"),
        Option("rsource", 0),
        Option("rdest", 0),
        Option("mask"),
    )

    what: str  # set, rcheck, update, remove
    inverted: bool = False
    seconds: int = 0
    hitcount: int = 0
    reap: bool = False
    same_ttl: bool = False
    table: str = "DEFAULT"
    mask: str = "255.255.255.255"
    by_destination: bool = False

    @classmethod
    def build(cls, given: Given) -> Self:
        what = given.first("set", "rcheck", "update", "remove")
        if not what:
            raise RuleError("recent: you must specify one of `--set', `--rcheck' `--update' or `--remove'")
        return cls(
            what,
            given.inverted(what),
            given.integer("seconds", 1, MAXIMUM_32),
            given.integer("hitcount", 0, MAXIMUM_32),
            "reap" in given,
            "rttl" in given,
            given.text("name", "DEFAULT"),
            ipv4_from_text(given.text("mask", "255.255.255.255")) or "255.255.255.255",
            "rdest" in given,
        )

    def problem(self, table: str, hooks: frozenset[str]) -> str:
        return "xt_recent: --seconds and --hitcount need --rcheck or --update" if self._is_senseless else ""

    @property
    def _is_senseless(self) -> bool:
        return self.what in ("set", "remove") and bool(self.seconds or self.hitcount)

    def __str__(self) -> str:
        parts = [f"{bang(self.inverted)}--{self.what}"]
        parts += [f"--seconds {self.seconds}"] if self.seconds else []
        parts += ["--reap"] if self.reap else []
        parts += [f"--hitcount {self.hitcount}"] if self.hitcount else []
        parts += ["--rttl"] if self.same_ttl else []
        side = "rdest" if self.by_destination else "rsource"
        return " ".join([*parts, f"--name {self.table} --mask {self.mask} --{side}"])

    def listing(self, names: Names) -> str:
        what = {"rcheck": "CHECK"}.get(self.what, self.what.upper())
        parts = [f" {bang(self.inverted)}recent: {what}"]
        parts += [f"seconds: {self.seconds}"] if self.seconds else []
        parts += ["reap"] if self.reap else []
        parts += [f"hit_count: {self.hitcount}"] if self.hitcount else []
        parts += ["TTL-Match"] if self.same_ttl else []
        side = "dest" if self.by_destination else "source"
        return " ".join([*parts, f"name: {self.table} side: {side} mask: {self.mask}"])

    def test(self, netns: NetNamespace) -> Test:
        seen: dict[int, Seen] = netns.netfilter.shared(self.name, self.table)
        return lambda skb: self._asks(seen, skb, int(netns.clock.now)) is not self.inverted

    def _asks(self, seen: dict[int, Seen], skb: Skb, now: int) -> bool:
        packet = skb.packet
        address = number(packet.dst if self.by_destination else packet.src) & number(self.mask)
        entry = seen.get(address)
        if entry and self.same_ttl and entry.ttl != packet.ttl:
            entry = None
        if self.what == "set":
            seen.setdefault(address, Seen(packet.ttl, [])).update(now, packet.ttl)
            return True
        if entry is None:
            return False
        if self.what == "remove":
            del seen[address]
            return True
        return self._checks(entry, packet.ttl, now)

    def _checks(self, entry: Seen, ttl: int, now: int) -> bool:
        since = now - self.seconds * S if self.seconds else None
        hits = sum(since is None or stamp >= since for stamp in entry.stamps)
        hit = hits >= max(self.hitcount, 1)
        if self.reap and since is not None:
            entry.stamps = [stamp for stamp in entry.stamps if stamp >= since]
        if self.what == "update" and hit is not self.inverted:
            entry.update(now, ttl)
        return hit
