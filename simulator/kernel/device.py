"""A network device: what `ip link` shows. See netdevice(7), net_device in the kernel.

`transmit` sends a frame outwards, `receive` takes one that came in and hands it to the bridge it is a port of, or to
the protocol. Left out: queueing disciplines, offloads, multicast filters (every device takes every group).
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from enum import Enum
from ipaddress import ip_interface
from typing import TYPE_CHECKING, Literal

from msgspec import Struct
from msgspec.structs import replace

from simulator.clock import US
from simulator.kernel.drops import drop
from simulator.kernel.errors import error
from simulator.kernel.packet import BROADCAST_MAC, Arp, Frame
from simulator.trace import FrameReceived, FrameSent

if TYPE_CHECKING:
    from simulator.kernel.bridge import Bridge
    from simulator.kernel.netns import NetNamespace

ETHERNET_MTU = 1500
Direction = Literal["in", "out"]
Tap = Callable[["Device", Direction, Frame], None]


class DeviceEvent(Enum):
    """What the protocols are told about a device."""

    UP = "up"
    DOWN = "down"
    IPV6 = "ipv6"  # it may have IPv6 now, or no more
    CARRIER = "carrier"
    ADDRESS = "address"
    GONE = "gone"


class Counters(Struct):
    """What a device has counted; bytes are of whole frames."""

    rx_packets: int = 0
    rx_bytes: int = 0
    rx_errors: int = 0
    rx_dropped: int = 0
    rx_overruns: int = 0
    rx_frame: int = 0
    multicast: int = 0
    tx_packets: int = 0
    tx_bytes: int = 0
    tx_errors: int = 0
    tx_dropped: int = 0
    tx_overruns: int = 0
    tx_carrier: int = 0
    collisions: int = 0


class Address(Struct, frozen=True):
    """An address of a device. `scope`: global, link or host."""

    ip: str
    prefix: int
    broadcast: str | None = None
    scope: str = "global"
    label: str = ""
    peer: str | None = None
    tentative: bool = False
    dynamic: bool = False
    nodad: bool = False  # duplicates were not looked for (IFA_F_NODAD)

    @property
    def version(self) -> int:
        return 6 if ":" in self.ip else 4

    def __str__(self) -> str:
        return f"{self.ip}/{self.prefix}"


class Fault(Struct):
    """What somebody does to a device's wire: a cut, more delay (ns), a share of frames lost (0 to 1)."""

    cut: bool = False
    delay: int = 0
    loss: float = 0.0


class Device:
    """The base of all devices. `mac` is lower case; `ifindex` is unique in the namespace."""

    kind = "ether"  # as `ip -d link` names it
    arp = True
    uncounted_in = uncounted_out = 0  # how many bytes of each frame its counters leave out

    def __init__(self, netns: NetNamespace, name: str, *, mac: str, mtu: int = ETHERNET_MTU, qlen: int = 1000) -> None:
        self.netns = netns
        self.name = name
        self.ifindex = netns.new_ifindex()
        self.mac = mac
        self.mtu = mtu
        self.qlen = qlen
        self.up = False
        self.configured = False  # whether it was ever up: before, it has no queueing discipline
        self.carrier = True
        self.promiscuous = False
        self.multicast = True
        self.all_multicast = False
        self.master: Bridge | None = None
        self.rx_handler: Callable[[Frame], bool] | None = None  # what sits on top sees a frame first; True takes it
        self.counters = Counters()
        self.addresses: list[Address] = []
        self.taps: list[Tap] = []
        self.fault: Fault | None = None
        self.alias = ""
        netns.add_device(self)

    def __repr__(self) -> str:
        return f"<{self.kind} {self.netns.machine.name}/{self.netns.name}/{self.name}>"

    @property
    def running(self) -> bool:
        """Up and connected: what `ip link` calls LOWER_UP."""
        return self.up and self.carrier

    @property
    def peer_ifindex(self) -> int | None:
        """The index of the device at the other end, where `ip link` shows it (eth0@if5)."""
        return None

    @property
    def link_netnsid(self) -> int | None:
        """The id of the namespace the other end is in, if that is another one."""
        return None

    # -- life -------------------------------------------------------------------------------------------------------

    def set_up(self) -> None:
        if not self.up:
            self.up = self.configured = True
            self.netns.notify(self, DeviceEvent.UP)

    def set_down(self) -> None:
        if self.up:
            self.up = False
            self.netns.notify(self, DeviceEvent.DOWN)

    def set_carrier(self, carrier: bool) -> None:
        if carrier != self.carrier:
            self.carrier = carrier
            self.netns.notify(self, DeviceEvent.CARRIER)
            if self.master:
                self.master.port_changed()

    def rename(self, name: str) -> None:
        """Gives the device another name, also while it is up. Raises OSError EEXIST if the name is taken."""
        old = self.name
        self.netns.rename_device(self, name)
        self.addresses[:] = [replace(own, label=own.label.replace(old, name, 1)) for own in self.addresses]

    def delete(self) -> None:
        """Removes the device for good."""
        if self.master:
            self.master.detach(self)
        self.netns.remove_device(self)

    def add_address(
        self,
        text: str,
        *,
        broadcast: str | None = None,
        scope: str = "",
        label: str = "",
        peer: str | None = None,
        nodad: bool = False,
    ) -> None:
        """Adds "172.17.0.2/16"; with a peer the prefix is the peer's. Raises OSError EEXIST if the device has it."""
        interface = ip_interface(text)
        ip, prefix = str(interface.ip), interface.network.prefixlen
        if any(own.ip == ip and own.prefix == prefix for own in self.addresses):
            raise error(errno.EEXIST, text)
        kind = scope or (
            "host"
            if interface.is_loopback
            else "link"
            if interface.is_link_local and interface.version == 6
            else "global"
        )
        self.addresses.append(Address(ip, prefix, broadcast, kind, label or self.name, peer, nodad=nodad))
        self.netns.notify(self, DeviceEvent.ADDRESS)

    def remove_address(self, text: str) -> None:
        """Removes "172.17.0.2/16". Raises OSError EADDRNOTAVAIL if the device lacks it."""
        interface = ip_interface(text)
        for own in self.addresses:
            if own.ip == str(interface.ip) and own.prefix == interface.network.prefixlen:
                self.addresses.remove(own)
                self.netns.fib.forget_address(self, own)
                self.netns.notify(self, DeviceEvent.ADDRESS)
                return
        raise error(errno.EADDRNOTAVAIL, text)

    # -- frames -----------------------------------------------------------------------------------------------------

    def transmit(self, frame: Frame) -> None:
        """Sends a frame out through this device."""
        if not self.running:
            self.counters.tx_dropped += 1
            drop(self.netns, packet_id(frame), "NO_CARRIER" if self.up else "DEVICE_DOWN", self.name)
            return
        counters = self.counters
        counters.tx_packets += 1
        counters.tx_bytes += frame.length - self.uncounted_out
        for tap in self.taps:
            tap(self, "out", frame)
        trace = self.netns.trace
        if FrameSent in trace.wanted:
            netns = self.netns
            trace.emit(FrameSent(int(netns.clock.now), netns.machine.name, netns.name, self.name, frame))
        self.carry(frame)

    def carry(self, frame: Frame) -> None:
        """Brings the frame to whatever is at the other end; each kind of device in its own way."""
        raise NotImplementedError

    def cross(self, frame: Frame, other: Device, delay: int) -> None:
        """Sends the frame over a wire of this delay (ns) to another device, if no fault is in the way."""
        fault = self.fault or other.fault
        if fault:
            if fault.cut:
                drop(self.netns, packet_id(frame), "CABLE_CUT", self.name)
                return
            chance = self.netns.clock.chance
            if fault.loss and chance.integer("loss", 0, 999_999) < fault.loss * 1_000_000:
                drop(self.netns, packet_id(frame), "LOST", self.name)
                return
            delay += fault.delay
        self.netns.clock.after(delay, other.receive, frame)

    def receive(self, frame: Frame) -> None:
        """Takes a frame that came in from the wire."""
        if not self.up:
            self.counters.rx_dropped += 1
            drop(self.netns, packet_id(frame), "DEVICE_DOWN", self.name)
            return
        self.count_in(frame)
        if self.rx_handler and self.rx_handler(frame):
            return
        if self.master:
            self.master.port_receive(self, frame)
        elif frame.dst == self.mac or frame.dst == BROADCAST_MAC or frame.is_multicast:
            self.netns.protocols[frame.ethertype](self, frame)
        else:
            drop(self.netns, packet_id(frame), "OTHER_HOST", self.name)

    def count_in(self, frame: Frame) -> None:
        """Counts a frame that came in and shows it to those who watch."""
        counters = self.counters
        counters.rx_packets += 1
        counters.rx_bytes += frame.length - self.uncounted_in
        for tap in self.taps:
            tap(self, "in", frame)
        trace = self.netns.trace
        if FrameReceived in trace.wanted:
            netns = self.netns
            trace.emit(FrameReceived(int(netns.clock.now), netns.machine.name, netns.name, self.name, frame))


class Card(Device):
    """An Ethernet card at the end of a cable."""

    def __init__(self, netns: NetNamespace, name: str, *, mac: str) -> None:
        super().__init__(netns, name, mac=mac)
        self.carrier = False
        self.other: Card | None = None
        self.delay = 60 * US

    def carry(self, frame: Frame) -> None:
        if self.other:
            self.cross(frame, self.other, self.delay)


class Dummy(Device):
    """A device that swallows what it is given: `ip link add type dummy`."""

    kind = "dummy"
    arp = False

    def carry(self, frame: Frame) -> None:
        """Nothing is at the other end."""


def connect(one: Card, other: Card, *, delay: int = 60 * US) -> None:
    """Joins two cards by a cable of this delay (ns)."""
    one.other, other.other = other, one
    one.delay = other.delay = delay
    one.set_carrier(True)
    other.set_carrier(True)


def packet_id(frame: Frame) -> int:
    """The id of the packet in a frame; ARP has none."""
    return 0 if isinstance(frame.payload, Arp) else frame.payload.id
