"""A learning bridge (IEEE 802.1D without spanning tree). See bridge(8), net/bridge in the kernel.

The bridge is a device itself: what its host sends through it goes to the ports, what is addressed to it goes up.
With net.bridge.bridge-nf-call-iptables the packets it passes on walk through iptables as routed ones do
(net/bridge/br_netfilter_hooks.c). Left out: STP, VLAN filtering, multicast snooping (groups are flooded).
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from msgspec import Struct

from simulator.clock import S
from simulator.kernel import bridge_netfilter
from simulator.kernel.device import ETHERNET_MTU, Device, packet_id
from simulator.kernel.drops import drop
from simulator.kernel.errors import EXFULL, error
from simulator.kernel.packet import ETH_IP, ETH_IPV6, ETHERNET_HEADER, NO_MAC, Frame
from simulator.trace import BridgeForwarded

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace

AGEING_TIME = 300 * S
MAX_PORTS = 1023  # BR_MAX_PORTS, of which the first number is not used
# Which sysctl sends packets of a protocol through iptables or ip6tables.
NETFILTER_SWITCHES = {ETH_IP: "net.bridge.bridge-nf-call-iptables", ETH_IPV6: "net.bridge.bridge-nf-call-ip6tables"}
CARRIER_DELAY = 1 * S // 2  # how long after its last port the bridge notices that it has no carrier


class FdbEntry(Struct):
    """Behind which port a MAC address is. `local` ones are the bridge's own and its ports'."""

    port: Device
    updated: int
    local: bool = False


class Bridge(Device):
    """A bridge with its ports and its forwarding database (fdb)."""

    kind = "bridge"
    uncounted_in = ETHERNET_HEADER  # br_pass_frame_up; what it sends is counted whole

    def __init__(self, netns: NetNamespace, name: str, *, mac: str) -> None:
        super().__init__(netns, name, mac=mac, qlen=0)
        self.carrier = False
        self._ports: dict[Device, None] = {}  # the oldest first
        self.hairpin: set[int] = set()  # indexes of ports that may send a frame back where it came from
        self.fdb: dict[str, FdbEntry] = {}
        self._behind: dict[Device, set[str]] = {}  # the addresses that were learnt, by port
        self.created = int(netns.clock.now)
        self.follows_ports = False  # nobody chose its MAC address: it comes from its ports
        self.mtu_chosen = False  # otherwise its MTU comes from its ports

    @property
    def ports(self) -> list[Device]:
        """Its ports, the oldest first."""
        return list(self._ports)

    # -- ports ------------------------------------------------------------------------------------------------------

    def attach(self, device: Device) -> None:
        """Makes a device a port.

        Raises OSError: EBUSY if it is one already, ELOOP for a bridge, EINVAL for lo, EXFULL if there are no more.
        """
        if device.kind == "loopback":
            raise error(errno.EINVAL, device.name)
        if device.master:
            raise error(errno.EBUSY, device.name)
        if isinstance(device, Bridge):
            raise OSError(errno.ELOOP, "Can not enslave a bridge to a bridge.", device.name)
        if len(self._ports) == MAX_PORTS:
            raise error(EXFULL, device.name)
        device.master = self
        self._ports[device] = None
        self.fdb[device.mac] = FdbEntry(device, int(self.netns.clock.now), local=True)
        if self.follows_ports:
            self.follow_ports()
        elif not self.mtu_chosen:
            self.mtu = device.mtu if len(self._ports) == 1 else min(self.mtu, device.mtu)
        self.port_changed()

    def detach(self, device: Device) -> None:
        if device.master is not self:
            raise error(errno.EINVAL, device.name)
        del self._ports[device]
        device.master = None
        self.hairpin.discard(device.ifindex)
        for mac in (device.mac, *self._behind.pop(device, ())):
            if mac in self.fdb and self.fdb[mac].port is device:
                del self.fdb[mac]
        if device.mac == self.mac or not any(port.mtu == self.mtu for port in self._ports):
            self.follow_ports()
        self.port_changed()

    def follow_ports(self) -> None:
        """The lowest MAC address and the least MTU of the ports (br_stp_recalculate_bridge_id, br_mtu_auto_adjust)."""
        if self.follows_ports:
            self.mac = min((port.mac for port in self._ports), default=NO_MAC)
        if not self.mtu_chosen:
            self.mtu = min((port.mtu for port in self._ports), default=ETHERNET_MTU)

    def port_changed(self) -> None:
        """The bridge has a carrier while one of its ports is running."""
        if any(port.running for port in self._ports):
            self.set_carrier(True)
        elif self.carrier:
            self.netns.neighbours.forget_device(self)  # at once (neigh_carrier_down); the link's own state lags
            self.netns.clock.after(CARRIER_DELAY, self._check_carrier)

    def _check_carrier(self) -> None:
        if not any(port.running for port in self._ports):
            self.set_carrier(False)

    def delete(self) -> None:
        for port in self.ports:
            self.detach(port)
        super().delete()

    # -- fdb --------------------------------------------------------------------------------------------------------

    def learn(self, mac: str, port: Device) -> None:
        now = int(self.netns.clock.now)
        entry = self.fdb.get(mac)
        if entry is None:
            self.fdb[mac] = FdbEntry(port, now)
            self._behind.setdefault(port, set()).add(mac)
        elif not entry.local:
            if entry.port is not port:
                self._behind[entry.port].discard(mac)
                self._behind.setdefault(port, set()).add(mac)
            entry.port, entry.updated = port, now

    def lookup(self, mac: str) -> Device | None:
        """The port behind which a MAC address is, if the bridge has learnt it and not forgotten."""
        entry = self.fdb.get(mac)
        if entry is None:
            return None
        if not entry.local and self.netns.clock.now - entry.updated >= AGEING_TIME:
            del self.fdb[mac]
            self._behind[entry.port].discard(mac)
            return None
        return entry.port

    # -- frames -----------------------------------------------------------------------------------------------------

    def carry(self, frame: Frame) -> None:
        """A frame of the host itself goes to the port that is known, or to all."""
        self._send(frame, came_from=None)

    def port_receive(self, port: Device, frame: Frame) -> None:
        """A frame came in through a port."""
        if not self.up:
            drop(self.netns, packet_id(frame), "DEVICE_DOWN", self.name)
            return
        self.learn(frame.src, port)
        switch = NETFILTER_SWITCHES.get(frame.ethertype)
        if switch and self.netns.sysctl[switch] == "1":
            bridge_netfilter.port_receive(self, port, frame)
            return
        if self.is_own(frame):
            self.pass_up(frame)
        elif not frame.is_multicast:
            self.forward(port, frame)
        else:
            self.forward(port, frame)
            self.pass_up(frame)

    def is_own(self, frame: Frame) -> bool:
        """Whether the frame is addressed to the bridge or one of its ports, so to the host."""
        entry = self.fdb.get(frame.dst)
        return frame.dst == self.mac or (entry is not None and entry.local)

    def pass_up(self, frame: Frame) -> None:
        """Hands a frame to the host's own protocols."""
        self.count_in(frame)
        self.netns.protocols[frame.ethertype](self, frame)

    def forward(self, port: Device, frame: Frame) -> None:
        """Sends a frame that came in through a port on to others."""
        if not frame.is_multicast:
            self.observe(frame)
        self.relay(port, frame)

    def observe(self, frame: Frame) -> None:
        """Shows a frame that only passes through to those who watch the bridge, as promiscuous mode does."""
        for tap in self.taps:
            tap(self, "in", frame)

    def relay(self, port: Device, frame: Frame) -> None:
        self._send(frame, came_from=port)

    def _send(self, frame: Frame, came_from: Device | None) -> None:
        known = None if frame.is_multicast else self.lookup(frame.dst)
        goals = [known] if known else reversed(self._ports)  # the port list has the newest first
        out = [goal for goal in goals if goal.running and (goal is not came_from or goal.ifindex in self.hairpin)]
        trace = self.netns.trace
        if BridgeForwarded in trace.wanted:
            names = tuple(port.name for port in out)
            now, netns = int(self.netns.clock.now), self.netns
            flooded = known is None
            trace.emit(
                BridgeForwarded(now, netns.machine.name, netns.name, self.name, packet_id(frame), names, flooded)
            )
        if known and not out:
            drop(
                self.netns,
                packet_id(frame),
                "BRIDGE_SAME_PORT" if known is came_from else "BRIDGE_PORT_DOWN",
                known.name,
            )
        for port in out:
            port.transmit(frame)
