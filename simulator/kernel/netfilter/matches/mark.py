"""Matches on marks: mark, connmark. See iptables-extensions(8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from simulator.kernel.netfilter.matches.base import Match, Test
from simulator.kernel.netfilter.options import MAXIMUM_32, Given, Names, Option, bang

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace


class _Marked(Match, frozen=True):
    """A mark's bits under a mask, as both of them ask for it."""

    options: ClassVar[tuple[Option, ...]] = (Option("mark", invertible=True, mandatory=True),)

    mark: int
    mask: int
    inverted: bool = False

    @classmethod
    def build(cls, given: Given) -> Self:
        return cls(*given.masked("mark"), given.inverted("mark"))

    def __str__(self) -> str:
        return f"{bang(self.inverted)}--mark {self.wanted}"

    @property
    def wanted(self) -> str:
        """0x1, or 0x1/0xff."""
        return f"{self.mark:#x}" if self.mask == MAXIMUM_32 else f"{self.mark:#x}/{self.mask:#x}"


class Mark(_Marked, frozen=True):
    """`-m mark`: the mark that a rule or a socket gave the packet."""

    name: ClassVar[str] = "mark"

    def listing(self, names: Names) -> str:
        return f" mark match {bang(self.inverted)}{self.wanted}"

    def test(self, netns: NetNamespace) -> Test:
        mark, mask, inverted = self.mark, self.mask, self.inverted
        return lambda skb: (skb.mark & mask == mark) is not inverted


class Connmark(_Marked, frozen=True):
    """`-m connmark`: the mark of the connection."""

    name: ClassVar[str] = "connmark"
    tracks: ClassVar[bool] = True

    def listing(self, names: Names) -> str:
        return f" connmark match {'!' if self.inverted else ''} {self.wanted}"

    def test(self, netns: NetNamespace) -> Test:
        mark, mask, inverted = self.mark, self.mask, self.inverted
        return lambda skb: skb.ct is not None and (skb.ct.mark & mask == mark) is not inverted
