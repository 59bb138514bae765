"""scapy, imported so that it touches nothing: no routes of the real machine, no cache folder, no vendor table.

Only kernel.packet and the capture writer may import this module, and nobody else may import scapy at all.
"""

from __future__ import annotations

import sys
import types

from scapy.config import conf

conf.route_autoload = False
conf.route6_autoload = False

import scapy.main  # noqa: E402  (the settings above must come first)

scapy.main.SCAPY_CACHE_FOLDER = None

if "scapy.libs.manuf" not in sys.modules:
    _no_vendors = types.ModuleType("scapy.libs.manuf")
    _no_vendors.DATA = ""  # type: ignore[attr-defined]
    sys.modules["scapy.libs.manuf"] = _no_vendors

from scapy.layers.inet import ICMP, IP, TCP, UDP, IPOption_Router_Alert  # noqa: E402
from scapy.layers.inet6 import (  # noqa: E402
    ICMPv6DestUnreach,
    ICMPv6EchoReply,
    ICMPv6EchoRequest,
    ICMPv6MLDMultAddrRec,
    ICMPv6MLReport2,
    ICMPv6ND_NA,
    ICMPv6ND_NS,
    ICMPv6ND_RS,
    ICMPv6NDOptDstLLAddr,
    ICMPv6NDOptSrcLLAddr,
    ICMPv6NDOptUnknown,
    ICMPv6PacketTooBig,
    ICMPv6TimeExceeded,
    IPv6,
    IPv6ExtHdrHopByHop,
    RouterAlert,
)
from scapy.layers.l2 import ARP, Ether  # noqa: E402
from scapy.packet import Packet as Layer  # noqa: E402
from scapy.packet import Raw as RawLayer  # noqa: E402

__all__ = [
    "ARP",
    "Ether",
    "ICMP",
    "ICMPv6DestUnreach",
    "ICMPv6EchoReply",
    "ICMPv6EchoRequest",
    "ICMPv6MLDMultAddrRec",
    "ICMPv6MLReport2",
    "ICMPv6NDOptDstLLAddr",
    "ICMPv6NDOptSrcLLAddr",
    "ICMPv6NDOptUnknown",
    "ICMPv6ND_NA",
    "ICMPv6ND_NS",
    "ICMPv6ND_RS",
    "ICMPv6PacketTooBig",
    "ICMPv6TimeExceeded",
    "IP",
    "IPOption_Router_Alert",
    "IPv6",
    "IPv6ExtHdrHopByHop",
    "Layer",
    "RawLayer",
    "RouterAlert",
    "TCP",
    "UDP",
]
