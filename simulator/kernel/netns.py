"""A network namespace: devices, addresses, routes, neighbours, netfilter, sockets, sysctls. See network_namespaces(7).

State and names only; what happens to frames and packets stands in the protocols' modules, which `stack.py` joins.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from simulator.kernel.device import Device, DeviceEvent
from simulator.kernel.errors import error
from simulator.kernel.loopback import Loopback
from simulator.kernel.neighbour import NeighbourTable
from simulator.kernel.netfilter.hooks import Netfilter
from simulator.kernel.path_mtu import PathMtus
from simulator.kernel.route import Fib
from simulator.kernel.sysctl import Settings

if TYPE_CHECKING:
    from simulator.kernel.machine import Machine
    from simulator.kernel.netfilter.skb import Skb
    from simulator.kernel.packet import Frame, Packet


class NetNamespace:
    """One network namespace of a machine. What has no value here is for `stack.Stack` to give."""

    protocols: Mapping[int, Callable[[Device, Frame], None]]  # who takes a frame, by EtherType
    listeners: tuple[Callable[[Device, DeviceEvent], None], ...]
    sockets: Any
    fragments: Any
    icmp_limits: Any

    def __init__(self, machine: Machine, name: str) -> None:
        self.machine, self.name = machine, name
        self.clock, self.trace = machine.clock, machine.trace
        self.devices: dict[int, Device] = {}
        self._names: dict[str, Device] = {}
        self._last_ifindex = 0
        self._peers: dict[NetNamespace, int] = {}
        self.sysctl = Settings()
        self.fib = Fib(self)
        self.neighbours = NeighbourTable(self)
        self.netfilter = Netfilter(self)
        self.path_mtus = PathMtus(self)
        self.loopback = Loopback(self)

    def number(self) -> int:
        """The id of the next packet of the lab."""
        return self.clock.serial("packet")

    # -- devices ----------------------------------------------------------------------------------------------------

    def new_ifindex(self) -> int:
        """The next number that is free here (dev_new_index)."""
        self._last_ifindex += 1
        while self._last_ifindex in self.devices:
            self._last_ifindex += 1
        return self._last_ifindex

    def add_device(self, device: Device) -> None:
        """Raises OSError EEXIST if the name is taken."""
        self._name(device, device.name)
        self.devices[device.ifindex] = device

    def rename_device(self, device: Device, name: str) -> None:
        """Raises OSError EEXIST if the name is taken."""
        former = device.name
        self._name(device, name)
        del self._names[former]

    def _name(self, device: Device, name: str) -> None:
        if name in self._names:
            raise error(errno.EEXIST, name)
        self._names[name] = device
        device.name = name

    def remove_device(self, device: Device) -> None:
        """Takes a device down and away, with its addresses, routes and neighbours."""
        device.set_down()
        if self.devices.pop(device.ifindex, None):
            del self._names[device.name]
        self.fib.forget_device(device)
        self.neighbours.forget_device(device)
        self.notify(device, DeviceEvent.GONE)

    def move_device(self, device: Device, other: NetNamespace, *, name: str = "") -> None:
        """Moves a device to another namespace: it arrives down and without addresses (dev_change_net_namespace).

        It keeps its index if that is free there. Raises OSError EEXIST if the name is taken.
        """
        self.remove_device(device)
        device.addresses.clear()
        device.configured = False
        device.netns = other
        device.name = name or device.name
        if device.ifindex in other.devices:
            device.ifindex = other.new_ifindex()
        other.add_device(device)

    def notify(self, device: Device, event: DeviceEvent) -> None:
        """Tells the protocols what happened to a device (the netdevice notifier chain)."""
        for listener in self.listeners:
            listener(device, event)

    def id_of(self, other: NetNamespace) -> int:
        """The number that this namespace knows another one by: link-netnsid of `ip link`."""
        return self._peers.setdefault(other, len(self._peers))

    def known_ids(self) -> dict[NetNamespace, int]:
        """The namespaces at the other ends of this one's devices, with their numbers."""
        numbers = {device.link_netnsid for device in self.listed()}
        return {other: number for other, number in self._peers.items() if number in numbers}

    def device(self, name: str) -> Device:
        """The device of this name. Raises OSError ENODEV."""
        if name not in self._names:
            raise error(errno.ENODEV, name)
        return self._names[name]

    def listed(self) -> list[Device]:
        """The devices by index, as `ip link` lists them."""
        return [self.devices[index] for index in sorted(self.devices)]

    def conf(self, family: str, device: str, key: str) -> str:
        """A per-device sysctl (net.ipv4.conf.DEVICE.KEY), else the namespace's default."""
        own = self.sysctl.get(f"net.{family}.conf.{device}.{key}")
        return own if own is not None else self.sysctl.find(f"net.{family}.conf.default.{key}", "0")

    # -- addresses --------------------------------------------------------------------------------------------------

    def is_local(self, address: str) -> bool:
        """Whether packets to this IPv4 or IPv6 address are for this namespace itself."""
        return self.fib.is_local(address)

    # -- the ways into the protocols ----------------------------------------------------------------------------------

    def send(self, packet: Packet, *, device: Device | None = None, mark: int = 0, uid: int | None = None) -> None:
        """Sends a packet that somebody here made; `device` pins the way out, `uid` owns the socket. Raises OSError."""
        raise NotImplementedError

    def source_for(self, destination: str, *, device: Device | None = None) -> str:
        """The address to speak to a destination from. Raises OSError without a route."""
        raise NotImplementedError

    def mtu_for(self, destination: str) -> int:
        """The MTU of the road to a destination. Raises OSError without a route."""
        raise NotImplementedError

    def deliver(self, skb: Skb) -> None:
        """Hands a packet for this host to its transport protocol."""
        raise NotImplementedError

    def unreachable(self, packet: Packet) -> None:
        """Nobody answers at a packet's next hop: its sender is told."""
        raise NotImplementedError

    def reply_icmp_error(self, packet: Packet, kind: int, code: int, *, mtu: int = 0) -> None:
        """Tells the sender of a packet what is wrong with it."""
        raise NotImplementedError
