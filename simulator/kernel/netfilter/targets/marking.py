"""Targets that change a packet or its mark and go on: MARK, CONNMARK, TOS, DSCP, TTL, HL, TCPMSS, CHECKSUM."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Self

from simulator.kernel.netfilter.matches.header import dscp_class, tos_from_text, tos_name
from simulator.kernel.netfilter.options import MAXIMUM_32, Given, Names, Option, RuleError, integer_from_text
from simulator.kernel.netfilter.skb import Skb, Verdict
from simulator.kernel.netfilter.targets.base import Action, Target
from simulator.kernel.packet import PROTO_TCP, Flag, Tcp, rewrite

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace

MANGLE = ("mangle",)
TCP_AND_IP_HEADERS = 40  # bytes
DEFAULT_MSS = 536  # RFC 9293 3.7.1: of an end that announces none
HIGHEST_MSS = 65515

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


@dataclass(frozen=True, slots=True)
class Mark(Target):
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


@dataclass(frozen=True, slots=True)
class Connmark(Target):
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


TOS_OPTIONS = ("set-tos", "and-tos", "or-tos", "xor-tos")


@dataclass(frozen=True, slots=True)
class Tos(Target):
    """Writes the type of service octet, under a mask."""

    name: ClassVar[str] = "TOS"
    tables: ClassVar[tuple[str, ...]] = MANGLE
    options: ClassVar[tuple[Option, ...]] = excluding(TOS_OPTIONS)

    value: int
    mask: int

    @classmethod
    def build(cls, given: Given) -> Self:
        option = given.first(*TOS_OPTIONS)
        if not option:
            raise RuleError("TOS: An action is required")
        if option == "set-tos":
            return cls(*tos_from_text(given.text(option)))
        bits = given.integer(option, 0, 0xFF)
        return cls(*{"and-tos": (0, ~bits & 0xFF), "or-tos": (bits, bits), "xor-tos": (bits, 0)}[option])

    def __str__(self) -> str:
        return f"--set-tos 0x{self.value:02x}/0x{self.mask:02x}"

    def listing(self, names: Names) -> str:
        known = tos_name(self.value, self.mask, names)
        if known:
            return f"  TOS set{known}"
        if not names.numeric:
            if self.value == 0:
                return f" TOS and 0x{~self.mask & 0xFF:02x}"
            if self.value == self.mask:
                return f" TOS or 0x{self.value:02x}"
            if self.mask == 0:
                return f" TOS xor 0x{self.value:02x}"
        return f" TOS set 0x{self.value:02x}/0x{self.mask:02x}"

    def action(self, netns: NetNamespace) -> Action:
        return lambda skb: write_tos(skb, skb.packet.tos & ~self.mask ^ self.value)


@dataclass(frozen=True, slots=True)
class Dscp(Target):
    """Writes the upper six bits of that octet."""

    name: ClassVar[str] = "DSCP"
    tables: ClassVar[tuple[str, ...]] = MANGLE
    options: ClassVar[tuple[Option, ...]] = excluding(("set-dscp", "set-dscp-class"))

    value: int

    @classmethod
    def build(cls, given: Given) -> Self:
        option = given.first("set-dscp", "set-dscp-class")
        if not option:
            raise RuleError("DSCP target: Parameter --set-dscp is required")
        return cls(given.integer(option, 0, 63) if option == "set-dscp" else dscp_class(given.text(option)))

    def __str__(self) -> str:
        return f"--set-dscp 0x{self.value:02x}"

    def listing(self, names: Names) -> str:
        return f" DSCP set 0x{self.value:02x}"

    def action(self, netns: NetNamespace) -> Action:
        return lambda skb: write_tos(skb, skb.packet.tos & 3 | self.value << 2)


@dataclass(frozen=True, slots=True)
class Ttl(Target):
    """Sets, raises or lowers the time to live."""

    name: ClassVar[str] = "TTL"
    option_prefix: ClassVar[str] = "ttl"
    tables: ClassVar[tuple[str, ...]] = MANGLE
    options: ClassVar[tuple[Option, ...]] = excluding(("ttl-set", "ttl-dec", "ttl-inc"))

    how: str  # set, inc, dec
    value: int

    @classmethod
    def build(cls, given: Given) -> Self:
        option = given.first(*(option.name for option in cls.options))
        if not option:
            raise RuleError(f"{cls.name}: You must specify an action")
        how = option[-3:]
        return cls(how, given.integer(option, 0 if how == "set" else 1, 255))

    def __str__(self) -> str:
        return f"--{self.option_prefix}-{self.how} {self.value}"

    def listing(self, names: Names) -> str:
        words = {"set": "set to", "inc": "increment by", "dec": "decrement by"}
        return f" {self.name} {words[self.how]} {self.value}"

    def action(self, netns: NetNamespace) -> Action:
        def act(skb: Skb) -> None:
            ttl = {"set": 0, "inc": skb.packet.ttl, "dec": skb.packet.ttl}[self.how]
            ttl = min(255, max(0, ttl - self.value if self.how == "dec" else ttl + self.value))
            if ttl != skb.packet.ttl:
                skb.packet = rewrite(skb.packet, ttl=ttl)

        return act


@dataclass(frozen=True, slots=True)
class HopLimit(Ttl):
    """HL: IPv6's TTL."""

    name: ClassVar[str] = "HL"
    option_prefix: ClassVar[str] = "hl"
    options: ClassVar[tuple[Option, ...]] = excluding(("hl-set", "hl-dec", "hl-inc"))


@dataclass(frozen=True, slots=True)
class TcpMss(Target):
    """Lowers the maximum segment size that a SYN announces: to a number, or (0) to what the road's MTU allows."""

    name: ClassVar[str] = "TCPMSS"
    protocols: ClassVar[tuple[int, ...]] = (PROTO_TCP,)
    options: ClassVar[tuple[Option, ...]] = (
        Option("set-mss", excludes=("clamp-mss-to-pmtu",)),
        Option("clamp-mss-to-pmtu", 0, excludes=("set-mss",)),
    )

    mss: int = 0

    @classmethod
    def build(cls, given: Given) -> Self:
        if not given:
            raise RuleError("TCPMSS target: At least one parameter is required")
        return cls(given.integer("set-mss", 0, HIGHEST_MSS))

    def problem(self, table: str, hooks: frozenset[str]) -> str:
        if not self.mss and hooks & {"PREROUTING", "INPUT"}:
            return "xt_TCPMSS: path-MTU clamping only supported in FORWARD, OUTPUT and POSTROUTING hooks"
        return Target.problem(self, table, hooks)

    def __str__(self) -> str:
        return f"--set-mss {self.mss}" if self.mss else "--clamp-mss-to-pmtu"

    def listing(self, names: Names) -> str:
        return f" TCPMSS set {self.mss}" if self.mss else " TCPMSS clamp to PMTU"

    def action(self, netns: NetNamespace) -> Action:
        def act(skb: Skb) -> None:
            segment = skb.packet.l4
            if not isinstance(segment, Tcp) or not segment.flags & Flag.SYN:
                return
            announced = segment.options.mss
            limit = self.mss or _road_mtu(netns, skb) - TCP_AND_IP_HEADERS
            wanted = min(limit, DEFAULT_MSS if announced is None else announced)
            if wanted != announced:
                options = replace(segment.options, mss=wanted)
                skb.packet = rewrite(skb.packet, l4=replace(segment, options=options))

        return act


@dataclass(frozen=True, slots=True)
class Checksum(Target):
    """Fills in checksums that offloading left out; here every packet has its own already."""

    name: ClassVar[str] = "CHECKSUM"
    tables: ClassVar[tuple[str, ...]] = MANGLE
    options: ClassVar[tuple[Option, ...]] = (Option("checksum-fill", 0, mandatory=True),)

    def __str__(self) -> str:
        return "--checksum-fill"

    def listing(self, names: Names) -> str:
        return " CHECKSUM fill"

    def action(self, netns: NetNamespace) -> Action:
        return lambda skb: None


def write_tos(skb: Skb, tos: int) -> Verdict | None:
    if tos != skb.packet.tos:
        skb.packet = rewrite(skb.packet, tos=tos)
    return None


def _road_mtu(netns: NetNamespace, skb: Skb) -> int:
    """The smaller of the MTU ahead and the one back to the sender."""
    mtus = [skb.device_out.mtu] if skb.device_out else []
    try:
        back = netns.fib.lookup(skb.packet.src).device
    except OSError:
        back = None
    return min([*mtus, *([back.mtu] if back else [])], default=TCP_AND_IP_HEADERS + DEFAULT_MSS)
