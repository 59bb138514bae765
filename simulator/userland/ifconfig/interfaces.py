"""The interfaces that ifconfig shows: devices, and a line of its own for each label (eth0:1) that an address has."""

from __future__ import annotations

import errno

from msgspec import Struct

from simulator.kernel.device import Address, Device
from simulator.kernel.errors import error
from simulator.kernel.netns import NetNamespace
from simulator.userland.netdevice import natural


class Interface(Struct, frozen=True):
    """A device or one of its labels, with its first IPv4 address."""

    name: str
    device: Device
    address: Address | None

    @property
    def is_label(self) -> bool:
        return ":" in self.name

    @property
    def ipv6(self) -> list[Address]:
        return [] if self.is_label else [own for own in self.device.addresses if own.version == 6]


def interface(netns: NetNamespace, name: str) -> Interface:
    """Raises OSError ENODEV; a label that no address has is an interface without address."""
    device = netns.device(name.partition(":")[0])
    own = [address for address in device.addresses if address.version == 4 and (address.label or device.name) == name]
    return Interface(name, device, own[0] if own else None)


def interfaces(netns: NetNamespace, *, every: bool = False) -> list[Interface]:
    """All that are up, or really all, by name."""
    names = [device.name for device in netns.listed()]
    labels = [address.label for device in netns.listed() for address in device.addresses if ":" in address.label]
    found = [interface(netns, name) for name in natural(list(dict.fromkeys(names + labels)))]
    return [each for each in found if every or each.device.up]


def existing(netns: NetNamespace, name: str) -> Interface | None:
    try:
        return interface(netns, name)
    except OSError as refusal:
        if refusal.errno != errno.ENODEV:
            raise error(errno.EIO) from refusal
        return None
