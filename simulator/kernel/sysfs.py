"""/sys/class/net: a directory for each device of a network namespace, a file for each of its figures. See sysfs(5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from simulator.clock import MS
from simulator.kernel.bridge import AGEING_TIME, Bridge
from simulator.kernel.computed import Computed, computed
from simulator.kernel.disk import Node
from simulator.kernel.packet import BROADCAST_MAC

if TYPE_CHECKING:
    from simulator.kernel.device import Device
    from simulator.kernel.netns import NetNamespace

COUNTERS = (
    "collisions", "multicast", "rx_bytes", "rx_compressed", "rx_crc_errors", "rx_dropped", "rx_errors",
    "rx_fifo_errors", "rx_frame_errors", "rx_length_errors", "rx_missed_errors", "rx_nohandler", "rx_over_errors",
    "rx_packets", "tx_aborted_errors", "tx_bytes", "tx_carrier_errors", "tx_compressed", "tx_dropped", "tx_errors",
    "tx_fifo_errors", "tx_heartbeat_errors", "tx_packets", "tx_window_errors",
)  # fmt: skip
ETHERNET, LOOPBACK = 1, 772  # ARPHRD_: include/uapi/linux/if_arp.h


def _flags(device: Device) -> str:
    """IFF_ flags of netdevice(7): up, broadcast or loopback, multicast; what runs is not part of it."""
    loopback = device.kind == "loopback"
    bits = (0x1 if device.up else 0) | (0x8 if loopback else 0x2 | 0x1000) | (0x100 if device.promiscuous else 0)
    return hex(bits)


def _state(device: Device) -> str:
    if device.kind == "loopback":
        return "unknown"
    return "up" if device.running else "down"


FIGURES: dict[str, Callable[[Device], object]] = {
    "address": lambda device: device.mac,
    "addr_len": lambda device: 6,
    "broadcast": lambda device: "00:00:00:00:00:00" if device.kind == "loopback" else BROADCAST_MAC,
    "carrier": lambda device: int(device.running),
    "flags": _flags,
    "ifindex": lambda device: device.ifindex,
    "iflink": lambda device: device.peer_ifindex or device.ifindex,
    "mtu": lambda device: device.mtu,
    "operstate": _state,
    "tx_queue_len": lambda device: device.qlen,
    "type": lambda device: LOOPBACK if device.kind == "loopback" else ETHERNET,
}

BRIDGE_FIGURES: dict[str, Callable[[Bridge], object]] = {
    "ageing_time": lambda bridge: AGEING_TIME // (10 * MS),
    "bridge_id": lambda bridge: f"8000.{bridge.mac.replace(':', '')}",
    "forward_delay": lambda bridge: 1500,
    "hello_time": lambda bridge: 200,
    "max_age": lambda bridge: 2000,
    "priority": lambda bridge: 32768,
    "root_id": lambda bridge: f"8000.{bridge.mac.replace(':', '')}",
    "stp_state": lambda bridge: 0,
}


class SysFs(Computed):
    """/sys of those in a network namespace."""

    def __init__(self, netns: NetNamespace) -> None:
        super().__init__()
        self._netns = netns

    def look(self, parts: list[str]) -> Node | list[str] | None:
        if parts[:2] != ["class", "net"][: len(parts)]:
            return None
        if len(parts) < 2:
            return ["class", "net"][len(parts) : len(parts) + 1]
        if len(parts) == 2:
            return sorted(device.name for device in self._netns.listed())
        device = next((device for device in self._netns.listed() if device.name == parts[2]), None)
        return _of(device, parts[3:]) if device else None


def _of(device: Device, parts: list[str]) -> Node | list[str] | None:
    ports = sorted(port.name for port in device.ports) if isinstance(device, Bridge) else None
    match parts:
        case []:
            return sorted([*FIGURES, "statistics", *(["bridge", "brif"] if ports is not None else [])])
        case ["statistics"]:
            return list(COUNTERS)
        case ["statistics", name] if name in COUNTERS:
            return computed(lambda process: f"{getattr(device.counters, name, 0)}\n")
        case ["brif"]:
            return ports
        case ["bridge"] if isinstance(device, Bridge):
            return sorted(BRIDGE_FIGURES)
        case ["bridge", name] if isinstance(device, Bridge) and name in BRIDGE_FIGURES:
            return computed(lambda process: f"{BRIDGE_FIGURES[name](device)}\n")
        case [name] if name in FIGURES:
            return computed(lambda process: f"{FIGURES[name](device)}\n")
    return None
