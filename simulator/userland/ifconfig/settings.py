"""What ifconfig changes, one word after the other, each by its ioctl: netdevice(7)."""

from __future__ import annotations

import errno
from collections.abc import Callable

from msgspec.structs import replace

from simulator.kernel.device import Address, Device
from simulator.kernel.errors import strerror
from simulator.kernel.process import Process
from simulator.userland.ifconfig.interfaces import Interface, interface
from simulator.userland.netdevice import (
    broadcast_of,
    change_mac,
    change_mtu,
    classful_prefix,
    mac_from_text,
    prefix_of,
    require_admin,
)
from simulator.userland.resolver import inet_aton

# Words with an argument that change nothing in the model.
_IGNORED_PAIRS = frozenset({"keepalive", "outfill", "mem_start", "io_addr", "irq", "media", "tunnel"})
_IGNORED = frozenset({"trailers", "-trailers", "dynamic", "-dynamic", "inet"})
_SWITCHES = {"arp": "arp", "promisc": "promiscuous", "multicast": "multicast", "allmulti": "all_multicast"}


class BadAddress(Exception):
    """A word that is neither a setting nor an address; `argument` if it stood behind a setting."""

    def __init__(self, word: str, *, argument: bool = False) -> None:
        super().__init__(word)
        self.argument = argument


class BadHardware(Exception):
    """A word that is no MAC address."""


class Refused(Exception):
    """The kernel refused an ioctl."""

    def __init__(self, request: str, number: int) -> None:
        super().__init__(f"{request}: {strerror(number)}")
        self.request, self.reason = request, strerror(number)


class Settings:
    """Changes of one interface. `masks`: whether an address may bring its prefix length (net-tools)."""

    def __init__(self, process: Process, name: str, *, masks: bool) -> None:
        self.process, self.name, self.masks = process, name, masks

    def apply(self, words: list[str]) -> None:
        """Does what the words say. Raises Refused, BadAddress."""
        rest = list(words)
        while rest:
            word = rest.pop(0)
            if word == "hw":
                rest[:2] = [" ".join(rest[:2])]
            if word in _IGNORED:
                continue
            if word in _IGNORED_PAIRS:
                rest[:1] = []
            elif word.removeprefix("-") in _SWITCHES:
                self._switch(_SWITCHES[word.removeprefix("-")], on=not word.startswith("-"))
            elif word in _PLAIN:
                _PLAIN[word](self)
            elif word in _WITH_ARGUMENT and rest:
                _WITH_ARGUMENT[word](self, rest.pop(0))
            else:
                self._address(word)

    # -- flags ------------------------------------------------------------------------------------------------------

    def up(self) -> None:
        self._up(self._changing("SIOCGIFFLAGS", "SIOCSIFFLAGS"))

    def _up(self, shown: Interface) -> None:
        """An address that has a name of its own does not take its device up with it."""
        if not shown.is_label:
            shown.device.set_up()

    def down(self) -> None:
        shown = self._changing("SIOCGIFFLAGS", "SIOCSIFFLAGS")
        if shown.is_label:
            self._remove(shown)
        else:
            shown.device.set_down()

    def _switch(self, attribute: str, *, on: bool) -> None:
        setattr(self._changing("SIOCGIFFLAGS", "SIOCSIFFLAGS").device, attribute, on)

    # -- numbers ----------------------------------------------------------------------------------------------------

    def mtu(self, text: str) -> None:
        device = self._changing("SIOCSIFMTU").device
        try:
            change_mtu(device, int(text) if text.isdigit() else 0)
        except OSError as refusal:
            raise Refused("SIOCSIFMTU", refusal.errno or errno.EINVAL) from None

    def queue_length(self, text: str) -> None:
        self._changing("SIOCSIFTXQLEN").device.qlen = int(text) if text.isdigit() else 0

    def hardware(self, text: str) -> None:
        mac = mac_from_text(text.removeprefix("ether").strip())
        if not text.startswith("ether") or mac is None:
            raise BadHardware(text.split(" ")[-1])
        change_mac(self._changing("SIOCSIFHWADDR").device, mac)

    # -- addresses --------------------------------------------------------------------------------------------------

    def _address(self, text: str) -> None:
        ip, slash, length = text.partition("/")
        own = inet_aton(ip)
        if own is None or (slash and not (self.masks and length.isdigit() and int(length) <= 32)):
            raise BadAddress(text)
        shown = self._changing("SIOCSIFADDR")
        self._remove(shown)
        if own != "0.0.0.0":
            prefix = int(length) if slash else classful_prefix(own)
            device = shown.device
            device.add_address(f"{own}/{prefix}", broadcast=broadcast_of(own, prefix), label=self.name)
            self._up(shown)

    def netmask(self, text: str) -> None:
        if inet_aton(text) is None:
            raise BadAddress(text, argument=True)
        prefix = prefix_of(text)
        shown = self._changing("SIOCSIFNETMASK")
        if prefix is None or shown.address is None:
            raise Refused("SIOCSIFNETMASK", errno.EADDRNOTAVAIL if prefix else errno.EINVAL)
        broadcast = broadcast_of(shown.address.ip, prefix)
        self._replace(shown, replace(shown.address, prefix=prefix, broadcast=broadcast))

    def broadcast(self, text: str) -> None:
        own = inet_aton(text)
        shown = self._changing("SIOCSIFBRDADDR")
        if own is None:
            raise BadAddress(text, argument=True)
        if shown.address is None:
            raise Refused("SIOCSIFBRDADDR", errno.EADDRNOTAVAIL)
        self._replace(shown, replace(shown.address, broadcast=own))

    def metric(self, text: str) -> None:
        """A setting that no device has any more; net-tools has forgotten the word."""
        if self.masks:
            raise BadAddress("metric")
        self._changing("SIOCSIFMETRIC")
        raise Refused("SIOCSIFMETRIC", errno.EOPNOTSUPP)

    def add(self, text: str) -> None:
        self._list(text, Device.add_address, "SIOCSIFADDR")

    def delete(self, text: str) -> None:
        self._list(text, Device.remove_address, "SIOCDIFADDR" if ":" in text else "SIOCSIFADDR")

    def _list(self, text: str, change: Callable[[Device, str], None], request: str) -> None:
        device = self._changing("SIOCSIFADDR").device
        try:
            change(device, text)
        except ValueError:
            raise BadAddress(text) from None
        except OSError as refusal:
            raise Refused(request, refusal.errno or errno.EINVAL) from None

    # -- helpers ----------------------------------------------------------------------------------------------------

    def _changing(self, *requests: str) -> Interface:
        """The interface, if it is there and may be changed. Raises Refused over the first or the last request."""
        try:
            shown = interface(self.process.netns, self.name)
        except OSError:
            raise Refused(requests[0], errno.ENODEV) from None
        try:
            require_admin(self.process)
        except OSError as refusal:
            raise Refused(requests[-1], refusal.errno or errno.EPERM) from None
        return shown

    def _remove(self, shown: Interface) -> None:
        if shown.address:
            shown.device.remove_address(str(shown.address))

    def _replace(self, shown: Interface, address: Address) -> None:
        """A changed address goes to the end of the list, as the kernel takes it out and puts it in again."""
        self._remove(shown)
        text = str(address)
        shown.device.add_address(text, broadcast=address.broadcast, scope=address.scope, label=address.label)


_PLAIN = {"up": Settings.up, "down": Settings.down}
_WITH_ARGUMENT = {
    "mtu": Settings.mtu,
    "metric": Settings.metric,
    "txqueuelen": Settings.queue_length,
    "hw": Settings.hardware,
    "netmask": Settings.netmask,
    "broadcast": Settings.broadcast,
    "add": Settings.add,
    "del": Settings.delete,
}
