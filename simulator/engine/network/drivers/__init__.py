"""The network drivers, one file each, and the table of them. A new driver is one more row."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from simulator.engine.network.drivers.bridge import BridgeDriver
from simulator.engine.network.drivers.bridge_ports import PortMapper
from simulator.engine.network.drivers.driver import Driver
from simulator.engine.network.drivers.host import HostDriver
from simulator.engine.network.drivers.ipvlan import IpvlanDriver
from simulator.engine.network.drivers.macvlan import MacvlanDriver
from simulator.engine.network.drivers.null import NullDriver
from simulator.engine.network.ports import PortAllocator
from simulator.engine.network.proxy import start_proxy

if TYPE_CHECKING:
    from simulator.engine.network.controller import NetworkController

PROXY = "/usr/sbin/docker-proxy"


def table(controller: NetworkController) -> dict[str, Driver]:
    """The drivers of one engine, by name."""
    return {
        "bridge": _bridge(controller),
        "host": HostDriver(),
        "ipvlan": IpvlanDriver(controller.netns),
        "macvlan": MacvlanDriver(controller.netns),
        "null": NullDriver(),
    }


def _bridge(controller: NetworkController) -> BridgeDriver:
    netns = controller.netns
    first, last = netns.sysctl["net.ipv4.ip_local_port_range"].split()
    ports = PortAllocator(int(first), int(last))
    start = partial(start_proxy, controller.daemon, PROXY)
    mapper = PortMapper(controller.machine, ports, controller.firewall, start, both=controller.version.ipv6_bindings)
    driver = BridgeDriver(netns, controller.firewall, mapper)
    driver.set_up()
    return driver
