"""Targets that set marks and go on: MARK, CONNMARK. See iptables-extensions(8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from simulator.kernel.netfilter.options import MAXIMUM_32, Given, Names, Option, RuleError, integer_from_text
from simulator.kernel.netfilter.skb import Skb
from simulator.kernel.netfilter.targets.base import Action, Target

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace

MARK_OPTIONS = ("set-xmark", "set-mark", "and-mark", "or-mark", "xor-mark")


def excluding(names: tuple[str, ...], *more: str) -> tuple[Option, ...]:
    """Options of which one may be given."""
    every = (*names, *more)
    return tuple(Option(name, excludes=tuple(other for other in every if other != name)) for name in names)


def mark_and_mask(given: Given, option: str) -> tuple[int, int]:
    """What the options mean: the bits of the mask are cleared, then those of the mark are turned over."""
    if option == "set-xmark":
        return given.masked(option)
    if option == "set-mark":
        mark, mask = given.masked(option)
        return mark, mask | mark
    bits = integer_from_text(given.text(option))
    if bits is None or bits > MAXIMUM_32:
        raise RuleError(f'{given.kind.name}: bad value for option "--{option}", or out of range (0-{MAXIMUM_32}).\n')
    return {"and-mark": (0, ~bits & MAXIMUM_32), "or-mark": (bits, bits), "xor-mark": (bits, 0)}[option]


def mark_listing(mark: int, mask: int) -> str:
    """How `iptables -L` words a mark that is set."""
    if mark == 0:
        return f"and {~mask & MAXIMUM_32:#x}"
    if mark == mask:
        return f"or {mark:#x}"
    if mask == 0:
        return f"xor {mark:#x}"
    return f"set {mark:#x}" if mask == MAXIMUM_32 else f"xset {mark:#x}/{mask:#x}"


class Mark(Target, frozen=True):
    """Gives the packet a mark, which routing rules and other rules can ask for."""

    name: ClassVar[str] = "MARK"
    options: ClassVar[tuple[Option, ...]] = excluding(MARK_OPTIONS)

    mark: int
    mask: int

    @classmethod
    def build(cls, given: Given) -> Self:
        option = given.first(*MARK_OPTIONS)
        if not option:
            raise RuleError("MARK: One of the --set-xmark, --{and,or,xor,set}-mark options is required")
        return cls(*mark_and_mask(given, option))

    def __str__(self) -> str:
        return f"--set-xmark {self.mark:#x}/{self.mask:#x}"

    def listing(self, names: Names) -> str:
        return f" MARK {mark_listing(self.mark, self.mask)}"

    def action(self, netns: NetNamespace) -> Action:
        def act(skb: Skb) -> None:
            skb.mark = skb.mark & ~self.mask ^ self.mark

        return act


class Connmark(Target, frozen=True):
    """Sets the connection's mark, or copies it from or to the packet. `what`: set, save, restore."""

    name: ClassVar[str] = "CONNMARK"
    tracks: ClassVar[bool] = True
    options: ClassVar[tuple[Option, ...]] = (
        *excluding((*MARK_OPTIONS,), "save-mark", "restore-mark"),
        Option("save-mark", 0, excludes=("restore-mark",)),
        Option("restore-mark", 0, excludes=("save-mark",)),
        Option("ctmask"),
        Option("nfmask"),
        Option("mask"),
    )

    what: str
    mark: int = 0
    mask: int = MAXIMUM_32  # of the connection's mark
    packet_mask: int = MAXIMUM_32

    @classmethod
    def build(cls, given: Given) -> Self:
        option = given.first(*MARK_OPTIONS)
        if option:
            return cls("set", *mark_and_mask(given, option))
        what = given.first("save-mark", "restore-mark")
        if not what:
            raise RuleError("CONNMARK target: No operation specified")
        both = given.integer("mask", 0, MAXIMUM_32, MAXIMUM_32)
        mask, packet_mask = (given.integer(name, 0, MAXIMUM_32, both) for name in ("ctmask", "nfmask"))
        return cls(what.removesuffix("-mark"), 0, mask, packet_mask)

    def __str__(self) -> str:
        if self.what == "set":
            return f"--set-xmark {self.mark:#x}/{self.mask:#x}"
        return f"--{self.what}-mark --nfmask {self.packet_mask:#x} --ctmask {self.mask:#x}"

    def listing(self, names: Names) -> str:
        if self.what == "set":
            return f" CONNMARK {mark_listing(self.mark, self.mask)}"
        text = f" CONNMARK {self.what}"
        if self.packet_mask == self.mask:
            return text + ("" if self.mask == MAXIMUM_32 else f" mask {self.mask:#x}")
        return f"{text} nfmask {self.packet_mask:#x} ctmask ~{self.mask:#x}"

    def action(self, netns: NetNamespace) -> Action:
        def act(skb: Skb) -> None:
            entry = skb.ct
            if entry is None:
                return
            if self.what == "restore":
                skb.mark = skb.mark & ~self.packet_mask ^ entry.mark & self.mask
            else:
                mark = self.mark if self.what == "set" else skb.mark & self.packet_mask
                entry.mark = entry.mark & ~self.mask ^ mark

        return act
