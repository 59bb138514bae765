"""IP packets, ARP messages and Ethernet frames as values: made once, with their scapy layers, and never changed."""

from __future__ import annotations

from typing import Any

from simulator.kernel.packet import scapy_layers as scapy
from simulator.kernel.packet.headers import (
    ARP_REQUEST,
    ETH_ARP,
    ETH_IP,
    ETH_IPV6,
    ETHERNET_HEADER,
    HAS_PORTS,
    NO_MAC,
    Icmp,
    Transport,
)
from simulator.kernel.packet.spelling import describe, endpoint
from simulator.kernel.packet.template import Template, stack
from simulator.kernel.packet.wire import BUILD_IP, Body, build_body

_ETHERNET = Template(scapy.Ether(dst=NO_MAC, src=NO_MAC))
_ARP = Template(scapy.ARP(hwsrc=NO_MAC, hwdst=NO_MAC, psrc="0.0.0.0", pdst="0.0.0.0"))


class Packet:
    """An IP packet of version 4 or 6. `id` names it for its whole life, through NAT and forwarding."""

    __slots__ = (
        "body",
        "df",
        "dst",
        "id",
        "ident",
        "is_fragment",
        "l4",
        "length",
        "mf",
        "offset",
        "proto",
        "src",
        "tos",
        "ttl",
        "version",
        "wire",
    )

    def __init__(
        self,
        src: str,
        dst: str,
        proto: int,
        l4: Transport,
        *,
        number: int,
        ttl: int = 64,
        ident: int = 0,
        df: bool = False,
        mf: bool = False,
        offset: int = 0,
        tos: int = 0,
        body: Body | None = None,
    ) -> None:
        self.id = number
        self.version = 6 if ":" in src else 4
        self.src = src
        self.dst = dst
        self.proto = proto
        self.ttl = ttl
        self.ident = ident
        self.df = df
        self.mf = mf
        self.offset = offset
        self.is_fragment = mf or offset > 0
        self.tos = tos
        self.l4 = l4
        self.body = build_body(self) if body is None else body
        self.length, self.wire = BUILD_IP[self.version](self)

    @property
    def sport(self) -> int | None:
        return self.l4.sport if isinstance(self.l4, HAS_PORTS) else None

    @property
    def dport(self) -> int | None:
        return self.l4.dport if isinstance(self.l4, HAS_PORTS) else None

    @property
    def is_icmp_error(self) -> bool:
        return isinstance(self.l4, Icmp) and self.l4.about is not None

    def bytes(self) -> bytes:
        """The packet as on the wire, without the Ethernet header."""
        return bytes(self.wire)

    def __str__(self) -> str:
        return f"{endpoint(self.src, self.sport)} > {endpoint(self.dst, self.dport)} {describe(self)}"

    __repr__ = __str__


class Arp:
    """An ARP request or reply for IPv4 over Ethernet."""

    __slots__ = ("hwdst", "hwsrc", "op", "pdst", "psrc", "wire")

    length = 28

    def __init__(self, op: int, *, hwsrc: str, psrc: str, hwdst: str, pdst: str) -> None:
        self.op, self.hwsrc, self.psrc, self.hwdst, self.pdst = op, hwsrc, psrc, hwdst, pdst
        self.wire: Any = _ARP(op=op, hwsrc=hwsrc, psrc=psrc, hwdst=hwdst, pdst=pdst)

    def __str__(self) -> str:
        if self.op == ARP_REQUEST:
            return f"ARP, Request who-has {self.pdst} tell {self.psrc}"
        return f"ARP, Reply {self.psrc} is-at {self.hwsrc}"

    __repr__ = __str__


class Frame:
    """An Ethernet frame. `length` is in bytes, without padding and checksum.

    `is_multicast` says whether it goes to a group, or to all (the lowest bit of the first octet).
    """

    __slots__ = ("_bytes", "dst", "ethertype", "is_multicast", "length", "payload", "src", "wire")

    def __init__(self, payload: Packet | Arp, *, src: str, dst: str) -> None:
        self.src = src
        self.dst = dst
        self.is_multicast = dst[1] in "13579bdf"
        self.payload = payload
        self.ethertype = ETH_ARP if isinstance(payload, Arp) else ETH_IP if payload.version == 4 else ETH_IPV6
        self.length = ETHERNET_HEADER + payload.length
        self.wire: Any = stack(_ETHERNET(dst=dst, src=src, type=self.ethertype), payload.wire)
        self._bytes: bytes | None = None

    def bytes(self) -> bytes:
        """The frame as on the wire; serialised once."""
        if self._bytes is None:
            self._bytes = bytes(self.wire)
        return self._bytes

    def __str__(self) -> str:
        return f"{self.src} > {self.dst} {self.payload}"

    __repr__ = __str__
