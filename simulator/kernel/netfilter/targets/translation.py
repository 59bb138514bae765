"""Targets that translate addresses: DNAT, SNAT, MASQUERADE, REDIRECT, NETMAP. See iptables-extensions(8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from msgspec import Struct

from simulator.kernel.netfilter.addresses import Net, address_from_number, ipv4_from_text, nets_from_text, number
from simulator.kernel.netfilter.nat import Manip, Range, bind
from simulator.kernel.netfilter.options import Given, Names, Option, RuleError, integer_from_text
from simulator.kernel.netfilter.protocols import protocol_name
from simulator.kernel.netfilter.skb import Hook, Skb, Verdict
from simulator.kernel.netfilter.targets.base import Action, Target
from simulator.kernel.route import any_source, source_on

if TYPE_CHECKING:
    from simulator.kernel.device import Device
    from simulator.kernel.netns import NetNamespace

PORT_PROTOCOLS = (6, 17, 33, 132)
DNAT_HOOKS = frozenset({"PREROUTING", "OUTPUT"})
SNAT_HOOKS = frozenset({"INPUT", "POSTROUTING"})
FLAG_OPTIONS = (Option("random", 0), Option("random-fully", 0), Option("persistent", 0))


class Ports(Struct, frozen=True):
    """The ports that a translation may choose; `shift` as in nat.Range."""

    first: int
    last: int
    shift: int | None = None

    def __str__(self) -> str:
        text = str(self.first) if self.first == self.last else f"{self.first}-{self.last}"
        return text + ("" if self.shift is None else f"/{self.shift}")


class Translation(Target, frozen=True):
    """What all of them have in common."""

    tables: ClassVar[tuple[str, ...]] = ("nat",)
    tracks: ClassVar[bool] = True
    drop_code: ClassVar[str] = "NAT_FAILED"


def translating(netns: NetNamespace, skb: Skb, *, manip: Manip, allowed: Range) -> Verdict:
    """Binds the packet's connection to a range."""
    if skb.ct is None or not bind(netns.netfilter.conntrack, skb.ct, manip=manip, allowed=allowed):
        return Verdict.DROP
    return Verdict.ACCEPT


class Dnat(Translation, frozen=True):
    """`-j DNAT --to-destination [ADDRESS[-ADDRESS]][:PORT[-PORT[/BASE]]]`."""

    name: ClassVar[str] = "DNAT"
    manip: ClassVar[Manip] = Manip.DESTINATION
    hooks: ClassVar[frozenset[str]] = DNAT_HOOKS
    options: ClassVar[tuple[Option, ...]] = (Option("to-destination", mandatory=True), *FLAG_OPTIONS)

    low: str = ""
    high: str = ""
    ports: Ports | None = None
    flags: tuple[str, ...] = ()

    @classmethod
    def build(cls, given: Given) -> Self:
        text = given.text(cls.options[0].name)
        addresses, colon, port_text = text.partition(":")
        if ":" in port_text:
            raise RuleError(f'Bad IP address "{text}"')
        ports = None
        if colon:
            need_ports(given)
            ports = ports_from_text(port_text, given)
        low, high = _addresses(addresses) if addresses or not colon else ("", "")
        return cls(low, high, ports, flags_given(given))

    def _target(self) -> str:
        addresses = self.low if self.low == self.high else f"{self.low}-{self.high}"
        return addresses + (f":{self.ports}" if self.ports else "")

    def __str__(self) -> str:
        return " ".join([f"--{self.options[0].name} {self._target()}", *(f"--{flag}" for flag in self.flags)])

    def listing(self, names: Names) -> str:
        return " ".join([f" to:{self._target()}", *self.flags])

    def action(self, netns: NetNamespace) -> Action:
        allowed = range_of(self.low, self.high, ports=self.ports, flags=self.flags)
        return lambda skb: translating(netns, skb, manip=self.manip, allowed=allowed)


class Snat(Dnat, frozen=True):
    """`-j SNAT --to-source ...`, spelt like DNAT's."""

    name: ClassVar[str] = "SNAT"
    manip: ClassVar[Manip] = Manip.SOURCE
    hooks: ClassVar[frozenset[str]] = SNAT_HOOKS
    options: ClassVar[tuple[Option, ...]] = (Option("to-source", mandatory=True), *FLAG_OPTIONS)


class ToPorts(Translation, frozen=True):
    """A translation to an address that the machine itself has; only the ports are given."""

    listed: ClassVar[str]  # how `iptables -L` introduces them

    ports: Ports | None = None
    flags: tuple[str, ...] = ()

    @classmethod
    def build(cls, given: Given) -> Self:
        ports = None
        if "to-ports" in given:
            need_ports(given)
            ports = ports_from_text(given.text("to-ports"), given)
        return cls(ports, flags_given(given))

    def __str__(self) -> str:
        ports = [f"--to-ports {self.ports}"] if self.ports else []
        return " ".join([*ports, *(f"--{flag}" for flag in self.flags)])

    def listing(self, names: Names) -> str:
        ports = [f" {self.listed} {self.ports}"] if self.ports else []
        return "".join([*ports, *(f" {flag}" for flag in self.flags)])

    def to(self, netns: NetNamespace, skb: Skb, address: str, *, manip: Manip) -> Verdict:
        allowed = range_of(address, address, ports=self.ports, flags=self.flags)
        return translating(netns, skb, manip=manip, allowed=allowed)


class Masquerade(ToPorts, frozen=True):
    """SNAT to the address of the device that the packet leaves by."""

    name: ClassVar[str] = "MASQUERADE"
    listed: ClassVar[str] = "masq ports:"
    hooks: ClassVar[frozenset[str]] = frozenset({"POSTROUTING"})
    options: ClassVar[tuple[Option, ...]] = (Option("to-ports"), *FLAG_OPTIONS[:2])

    def action(self, netns: NetNamespace) -> Action:
        def act(skb: Skb) -> Verdict:
            device, entry = skb.device_out, skb.ct
            if entry is None or device is None or entry.original.src in ("0.0.0.0", "::"):
                return Verdict.ACCEPT
            address = _own_address(netns, device, skb)
            if address is None:
                return Verdict.DROP
            entry.masqueraded_on = device.ifindex
            return self.to(netns, skb, address, manip=Manip.SOURCE)

        return act


class Redirect(ToPorts, frozen=True):
    """DNAT to this machine itself: to the first address of the device it came in by, or to 127.0.0.1."""

    name: ClassVar[str] = "REDIRECT"
    listed: ClassVar[str] = "redir ports"
    hooks: ClassVar[frozenset[str]] = DNAT_HOOKS
    options: ClassVar[tuple[Option, ...]] = (Option("to-ports"), FLAG_OPTIONS[0])

    def action(self, netns: NetNamespace) -> Action:
        def act(skb: Skb) -> Verdict:
            loopback = "127.0.0.1" if skb.packet.version == 4 else "::1"
            address: str | None = loopback
            if skb.hook is not Hook.OUTPUT and skb.device_in:
                address = _first_address(skb.device_in, skb.packet.version)
            if address is None:
                return Verdict.DROP
            return self.to(netns, skb, address, manip=Manip.DESTINATION)

        return act


class Netmap(Translation, frozen=True):
    """Maps a whole network onto another; the host's part of the address stays."""

    name: ClassVar[str] = "NETMAP"
    options: ClassVar[tuple[Option, ...]] = (Option("to", mandatory=True),)

    net: Net

    @classmethod
    def build(cls, given: Given) -> Self:
        return cls(nets_from_text(given.text("to"), given.names, 4)[0])

    def __str__(self) -> str:
        return f"--to {self.net}"

    def listing(self, names: Names) -> str:
        return f" to:{self.net}"

    def action(self, netns: NetNamespace) -> Action:
        def act(skb: Skb) -> Verdict:
            manip = Manip.DESTINATION if skb.hook in (Hook.PREROUTING, Hook.OUTPUT) else Manip.SOURCE
            own = number(skb.packet.dst if manip is Manip.DESTINATION else skb.packet.src)
            address = address_from_number(self.net.address | own & ~self.net.mask, 4)
            return translating(netns, skb, manip=manip, allowed=Range(address, address))

        return act


# --- reading and choosing ------------------------------------------------------------------------------------------


def flags_given(given: Given) -> tuple[str, ...]:
    return tuple(option.name for option in FLAG_OPTIONS if option.name in given)


def range_of(low: str, high: str, *, ports: Ports | None, flags: tuple[str, ...]) -> Range:
    """What the options mean to NAT."""
    is_random = "random" in flags or "random-fully" in flags
    persistent = "persistent" in flags
    if ports is None:
        return Range(low, high, random=is_random, persistent=persistent)
    return Range(low, high, ports.first, ports.last, is_random, persistent, ports.shift)


def need_ports(given: Given) -> None:
    if given.proto not in PORT_PROTOCOLS or given.proto_inverted:
        raise RuleError("Need TCP, UDP, SCTP or DCCP with port specification")


def ports_from_text(text: str, given: Given) -> Ports:
    """ "80", "80-90" or "80-90/8080". Raises RuleError."""
    range_text, slash, shift_text = text.partition("/")
    first_text, dash, last_text = range_text.partition("-")
    first = _port(first_text, given)
    last = _port(last_text, given) if dash else first
    if last < first:
        raise RuleError(f"Port range `{last_text}' funky")
    return Ports(first, last, _port(shift_text, given) if slash else None)


def _port(text: str, given: Given) -> int:
    port = integer_from_text(text)
    if port is None:
        port = given.names.port(text, protocol_name(given.proto))
    if port is None or port > 65535:
        raise RuleError(f"Port `{text}' not valid")
    return port


def _addresses(text: str) -> tuple[str, str]:
    first, dash, last = text.partition("-")
    ends = []
    for part in (first, last if dash else first):
        address = ipv4_from_text(part) if part.count(".") == 3 else None
        if address is None:
            raise RuleError(f'Bad IP address "{part}"')
        ends.append(address)
    return ends[0], ends[1]


def _own_address(netns: NetNamespace, device: Device, skb: Skb) -> str | None:
    """The address of a device towards the packet's next hop (inet_select_addr)."""
    nexthop = skb.nexthop
    if nexthop is None:
        try:
            nexthop = netns.fib.lookup(skb.packet.dst).gateway
        except OSError:
            nexthop = None
    own = source_on(device, nexthop or skb.packet.dst)
    return any_source(netns) if own is None and skb.packet.version == 4 else own


def _first_address(device: Device, version: int) -> str | None:
    return next((address.ip for address in device.addresses if address.version == version), None)
