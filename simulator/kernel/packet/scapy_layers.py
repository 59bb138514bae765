"""scapy, imported so that it touches nothing: no routes, interfaces or tables of the real machine, no cache folder.

Imported the plain way it asks the kernel for routes and interfaces, reads /etc/services, /etc/protocols and
Wireshark's list of vendors, and writes a cache into the user's home. Only this package imports scapy.
"""

from __future__ import annotations

import importlib.util
import socket
import sys
import types
from typing import Any, NoReturn

import scapy.pton_ntop

# Where Python has no IPv6 sockets, as in a browser, scapy leaves out layers that need none, but can spell addresses.
_has_ipv6 = socket.has_ipv6
if not _has_ipv6:
    scapy.pton_ntop.socket = types.SimpleNamespace(**vars(socket))
    socket.has_ipv6 = True

from scapy.config import conf

conf.route_autoload = False
conf.route6_autoload = False

import scapy.main

scapy.main.SCAPY_CACHE_FOLDER = None


def _find_nothing(path: str, *_: Any, **__: Any) -> NoReturn:
    raise FileNotFoundError(path)


def _import_blind(package: types.ModuleType, name: str) -> None:
    """Imports a module of a package with an `open` of its own that finds no file."""
    spec = importlib.util.find_spec(f"{package.__name__}.{name}")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    module.open = _find_nothing  # type: ignore[attr-defined]
    sys.modules[spec.name] = module
    setattr(package, name, module)
    spec.loader.exec_module(module)


# Names of vendors for MAC addresses and for Bluetooth: large, and never asked for.
for _name, _data in (("scapy.libs.manuf", ""), ("scapy.libs.bluetoothids", {})):
    if _name not in sys.modules:
        sys.modules[_name] = types.ModuleType(_name)
        sys.modules[_name].DATA = _data  # type: ignore[attr-defined]

if "scapy.data" not in sys.modules:
    _import_blind(scapy, "data")

import scapy.interfaces

conf.ifaces.reload = lambda: None

from scapy.fields import FlagsField
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
    IPv6ExtHdrFragment,
    IPv6ExtHdrHopByHop,
    RouterAlert,
)
from scapy.layers.l2 import ARP, Ether
from scapy.packet import Packet as Layer
from scapy.packet import Raw as RawLayer

socket.has_ipv6 = _has_ipv6

__all__ = [
    "ARP",
    "ICMP",
    "IP",
    "TCP",
    "UDP",
    "Ether",
    "FlagsField",
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
    "IPv6ExtHdrFragment",
    "IPv6ExtHdrHopByHop",
    "Layer",
    "RawLayer",
    "RouterAlert",
]
