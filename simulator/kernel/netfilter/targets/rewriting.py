"""Targets that change headers and go on: TOS, DSCP, TTL, HL, TCPMSS, CHECKSUM. See iptables-extensions(8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from msgspec.structs import replace

from simulator.kernel.netfilter.matches.header import dscp_class, tos_from_text, tos_name
from simulator.kernel.netfilter.options import Given, Names, Option, RuleError
from simulator.kernel.netfilter.skb import Skb
from simulator.kernel.netfilter.targets.base import Action, Target
from simulator.kernel.netfilter.targets.marking import excluding
from simulator.kernel.packet import PROTO_TCP, Flag, Tcp, rewrite

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace

MANGLE = ("mangle",)
TCP_AND_IP_HEADERS = 40  # bytes
DEFAULT_MSS = 536  # RFC 9293 3.7.1: of an end that announces none
HIGHEST_MSS = 65515

TOS_OPTIONS = ("set-tos", "and-tos", "or-tos", "xor-tos")


class Tos(Target, frozen=True):
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


class Dscp(Target, frozen=True):
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


class Ttl(Target, frozen=True):
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


class HopLimit(Ttl, frozen=True):
    """HL: IPv6's TTL."""

    name: ClassVar[str] = "HL"
    option_prefix: ClassVar[str] = "hl"
    options: ClassVar[tuple[Option, ...]] = excluding(("hl-set", "hl-dec", "hl-inc"))


class TcpMss(Target, frozen=True):
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


class Checksum(Target, frozen=True):
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


def write_tos(skb: Skb, tos: int) -> None:
    if tos != skb.packet.tos:
        skb.packet = rewrite(skb.packet, tos=tos)


def _road_mtu(netns: NetNamespace, skb: Skb) -> int:
    """The smaller of the MTU ahead and the one back to the sender."""
    mtus = [skb.device_out.mtu] if skb.device_out else []
    try:
        back = netns.fib.lookup(skb.packet.src).device
    except OSError:
        back = None
    return min([*mtus, *([back.mtu] if back else [])], default=TCP_AND_IP_HEADERS + DEFAULT_MSS)
