"""What the commands about network devices share: interface flags, masks, the order of names, who may change anything.

See netdevice(7), capabilities(7). A command reads the tables of its own namespace and changes them by the calls that
the engine uses too.
"""

from __future__ import annotations

import errno
import re
from enum import IntFlag
from functools import cmp_to_key
from ipaddress import AddressValueError, IPv4Address, IPv4Network, NetmaskValueError

from simulator.kernel.bridge import Bridge
from simulator.kernel.device import Address, Device
from simulator.kernel.errors import error
from simulator.kernel.netns import NetNamespace
from simulator.kernel.process import Process

MIN_MTU = 68  # bytes: RFC 791, the least that every link must carry
MAX_MTU = {"veth": 65535, "bridge": 65535, "ether": 65521}

NAMED = "/run/netns"  # where namespaces with names are

_MAC = re.compile(r"[0-9a-f]{1,2}(:[0-9a-f]{1,2}){5}")


class Iff(IntFlag):
    """The flags of a device, in the order in which ifconfig writes them."""

    UP = 0x1
    BROADCAST = 0x2
    LOOPBACK = 0x8
    POINTOPOINT = 0x10
    RUNNING = 0x40
    NOARP = 0x80
    PROMISC = 0x100
    ALLMULTI = 0x200
    MULTICAST = 0x1000


def flags(device: Device) -> Iff:
    """What a device is and how it is, as SIOCGIFFLAGS tells."""
    loopback = device.kind == "loopback"
    found = Iff.LOOPBACK if loopback else Iff.BROADCAST
    if device.multicast and not loopback:
        found |= Iff.MULTICAST
    if device.up:
        found |= Iff.UP
    if device.running:
        found |= Iff.RUNNING
    if not device.arp and not loopback:
        found |= Iff.NOARP
    if device.promiscuous:
        found |= Iff.PROMISC
    if device.all_multicast:
        found |= Iff.ALLMULTI
    return found


def netmask(prefix: int) -> str:
    """16 as 255.255.0.0."""
    return str(IPv4Network(f"0.0.0.0/{prefix}").netmask)


def prefix_of(mask: str) -> int | None:
    """255.255.0.0 as 16; None if that is no mask."""
    try:
        return IPv4Network(f"0.0.0.0/{IPv4Address(mask)}").prefixlen
    except (AddressValueError, NetmaskValueError, ValueError):
        return None


def classful_prefix(address: str) -> int:
    """The prefix length that an address had before there were masks: what ifconfig gives it (inet_abc_len)."""
    first = int(address.split(".")[0])
    return 0 if first == 0 else 8 if first < 128 else 16 if first < 192 else 24


def broadcast_of(address: str, prefix: int) -> str | None:
    """The broadcast address of the network that an address is in; None where there is none."""
    if prefix >= 31:
        return None
    return str(IPv4Network(f"{address}/{prefix}", strict=False).broadcast_address)


def is_secondary(device: Device, address: Address) -> bool:
    """Whether an IPv4 address stands behind an earlier one of its subnet."""
    if address.version == 6:
        return False
    network = IPv4Network(str(address), strict=False)
    for other in device.addresses:
        if other is address:
            return False
        if other.version == 4 and other.prefix == address.prefix and IPv4Address(other.ip) in network:
            return True
    return False


def mac_from_text(text: str) -> str | None:
    """A MAC address in lower case with two digits each; None if it is none."""
    if not _MAC.fullmatch(text.lower()):
        return None
    return ":".join(f"{int(octet, 16):02x}" for octet in text.split(":"))


def natural(names: list[str]) -> list[str]:
    """Names in the order of ifconfig: letter by letter, but numbers by their value (nstrcmp)."""
    return sorted(names, key=cmp_to_key(_compare))


def _compare(one: str, other: str) -> int:
    at = number = 0
    while at < len(one) and at < len(other) and one[at] == other[at]:
        at += 1
        if not one[at - 1].isdigit():
            number = at
    left, right = one[at : at + 1], other[at : at + 1]
    if left.isdigit() and right.isdigit():
        return 1 if _leading_number(one[number:]) > _leading_number(other[number:]) else -1
    return (ord(left) if left else 0) - (ord(right) if right else 0)


def _leading_number(text: str) -> int:
    found = re.match(r"\d+", text)
    return int(found.group()) if found else 0


def namespaces(process: Process) -> dict[str, NetNamespace]:
    """The namespaces that have a name, by it: ip-netns(8)."""
    if not process.disk.exists(NAMED):
        return {}
    nodes = {name: process.disk.lookup(f"{NAMED}/{name}") for name in process.disk.listdir(NAMED)}
    return {name: node.content for name, node in nodes.items() if isinstance(node.content, NetNamespace)}


def require_admin(process: Process) -> None:
    """Raises OSError EPERM unless the process may change its network."""
    if not process.may("NET_ADMIN"):
        raise error(errno.EPERM)


def require_free(netns: NetNamespace, *names: str) -> None:
    """Raises OSError EEXIST if a device has one of these names."""
    if any(device.name in names for device in netns.devices.values()):
        raise error(errno.EEXIST)


def new_bridge(process: Process, name: str) -> Bridge:
    """A bridge as `ip link add` and `brctl addbr` make it. Raises OSError EEXIST."""
    require_free(process.netns, name)
    bridge = Bridge(process.netns, name, mac=process.clock.chance.mac("bridge mac"))
    bridge.qlen, bridge.follows_ports = 1000, True
    return bridge


def change_mtu(device: Device, mtu: int) -> None:
    """Sets the MTU (dev_set_mtu). Raises OSError EINVAL with the kernel's own words."""
    if mtu < MIN_MTU:
        raise OSError(errno.EINVAL, "mtu less than device minimum.")
    if mtu > MAX_MTU.get(device.kind, 1 << 31):
        raise OSError(errno.EINVAL, "mtu greater than device maximum.")
    device.mtu = mtu
    if isinstance(device, Bridge):
        device.mtu_chosen = True
    if device.master:
        device.master.follow_ports()


def change_mac(device: Device, mac: str) -> None:
    """Sets the MAC address; the bridge that the device is a port of learns it (br_fdb_changeaddr)."""
    old, device.mac = device.mac, mac
    if isinstance(device, Bridge):
        device.follows_ports = False
    if device.master:
        fdb = device.master.fdb
        if old in fdb and fdb[old].port is device:
            fdb[mac] = fdb.pop(old)
        device.master.follow_ports()


def not_simulated(process: Process, what: str) -> int:
    """Says in one line that the model lacks something; gives the exit status."""
    process.error(f"docklab does not simulate {what}")
    return 1
