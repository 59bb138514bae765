"""scapy, imported so that it touches nothing: no routes of the real machine, no cache folder, no vendor table.

Only this package imports scapy.
"""

from __future__ import annotations

import sys
import types

from scapy.config import conf

conf.route_autoload = False
conf.route6_autoload = False

import scapy.main

scapy.main.SCAPY_CACHE_FOLDER = None

if "scapy.libs.manuf" not in sys.modules:
    _no_vendors = types.ModuleType("scapy.libs.manuf")
    _no_vendors.DATA = ""  # type: ignore[attr-defined]
    sys.modules["scapy.libs.manuf"] = _no_vendors

from scapy.layers.inet import ICMP, IP, TCP, UDP, IPOption_Router_Alert
from scapy.layers.inet6 import (
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
from scapy.layers.l2 import ARP, Ether
from scapy.packet import Packet as Layer
from scapy.packet import Raw as RawLayer

__all__ = [
    "ARP",
    "ICMP",
    "IP",
    "TCP",
    "UDP",
    "Ether",
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
    "IPOption_Router_Alert",
    "IPv6",
    "IPv6ExtHdrHopByHop",
    "Layer",
    "RawLayer",
    "RouterAlert",
]
