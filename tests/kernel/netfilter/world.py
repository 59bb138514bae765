"""A host between a container and the machine beyond, for the tests of iptables; all of it real."""

from __future__ import annotations

from typing import Any

from simulator.clock import Clock, S
from simulator.kernel.machine import Machine
from simulator.kernel.netfilter.hooks import Hook, Skb, Verdict
from simulator.kernel.packet import Flag, Icmp, Packet, Tcp, TcpOptions, Udp, icmp, tcp, udp
from simulator.trace import Dropped, Trace
from simulator.versions import version
from tests.kernel.conftest import join, quiet_netns, watch

INSIDE, HOST_IN, HOST_OUT, OUTSIDE = "172.17.0.2", "172.17.0.1", "10.0.2.15", "10.0.2.2"


class Road:
    """inside 172.17.0.2 - 172.17.0.1 (docker0) host (eth0) 10.0.2.15 - 10.0.2.2 outside."""

    def __init__(self, engine: str = "20.10") -> None:
        self.clock, self.trace = Clock(seed=1), Trace()
        self.machine = Machine("host", self.clock, self.trace, version=version(engine))
        self.host = self.machine.netns
        self.host.sysctl["net.ipv6.conf.default.disable_ipv6"] = "1"
        self.host.sysctl["net.ipv4.ip_forward"] = "1"
        self.host.loopback.set_up()
        self.inside, self.outside = (quiet_netns(self.machine, name) for name in ("inside", "outside"))
        self.docker0, inner = join(self.host, f"{HOST_IN}/16", self.inside, f"{INSIDE}/16", 1)
        self.eth0, outer = join(self.host, f"{HOST_OUT}/24", self.outside, f"{OUTSIDE}/24", 2)
        self.docker0.name, self.eth0.name = "docker0", "eth0"
        self.inside.fib.default(HOST_IN, inner)
        self.outside.fib.default(HOST_OUT, outer)
        self.netfilter = self.host.netfilter
        self.seen_inside, self.seen_outside = watch(inner), watch(outer)
        self.drops: list[str] = []
        self.trace.subscribe(lambda record: self.drops.append(record.code), Dropped)

    def add(self, *lines: str, made_by: str = "test") -> None:
        """Adds rules: "nat PREROUTING -p tcp ...". A line of a table and a name alone makes a chain."""
        for line in lines:
            table, chain, *rest = line.split(" ", 2)
            if rest:
                self.netfilter.add(table, chain, rest[0], made_by=made_by)
            else:
                self.netfilter.table(table).add_chain(chain)

    def settle(self) -> None:
        self.clock.run(until=self.clock.now + S)

    def counts(self, table: str, chain: str) -> list[int]:
        """How many packets each rule of a chain has matched."""
        return [entry.packets for entry in self.netfilter.table(table).chain(chain).rules]

    def run(self, hook: Hook, packet: Packet, **about: Any) -> tuple[Verdict, Skb]:
        """A packet through one hook."""
        skb = Skb(packet, self.host, **about)
        return self.netfilter.run(hook, skb), skb

    def routed(self, packet: Packet) -> Skb:
        """A packet from inside to outside or back, through the hooks of forwarding."""
        inwards = packet.src.startswith("10.")
        devices = {"device_in": self.eth0 if inwards else self.docker0}
        skb = Skb(packet, self.host, **devices)
        assert self.netfilter.run(Hook.PREROUTING, skb) is Verdict.ACCEPT
        skb.device_out = self.docker0 if inwards else self.eth0
        assert self.netfilter.run(Hook.FORWARD, skb) is Verdict.ACCEPT
        assert self.netfilter.run(Hook.POSTROUTING, skb) is Verdict.ACCEPT
        return skb

    # -- packets ----------------------------------------------------------------------------------------------------

    def tcp(
        self, src: str = INSIDE, dst: str = OUTSIDE, *, ports: str = "40000>80", flags: int = Flag.SYN, **header: Any
    ) -> Packet:
        sport, dport = (int(port) for port in ports.split(">"))
        options = header.pop("options", TcpOptions())
        data = header.pop("data", b"")
        segment = Tcp(sport, dport, 1, 0, flags, 1000, options, data)
        return tcp(src, dst, segment, number=self.host.number(), **header)

    def udp(
        self, src: str = INSIDE, dst: str = OUTSIDE, *, ports: str = "5000>53", data: bytes = b"", **header: Any
    ) -> Packet:
        sport, dport = (int(port) for port in ports.split(">"))
        return udp(src, dst, Udp(sport, dport, data), number=self.host.number(), **header)

    def echo(self, src: str = INSIDE, dst: str = OUTSIDE, *, kind: int = 8, ident: int = 7, **header: Any) -> Packet:
        return icmp(src, dst, Icmp(kind, 0, ident, 1, bytes(56)), number=self.host.number(), **header)

    def error(self, src: str, dst: str, about: Packet, *, kind: int = 3, code: int = 3) -> Packet:
        return icmp(src, dst, Icmp(kind, code, about=about), number=self.host.number())
