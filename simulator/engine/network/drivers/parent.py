"""What the drivers macvlan and ipvlan share: networks that sit on a device of the host, the parent.

Mirrors libnetwork's drivers/macvlan and drivers/ipvlan. Without a parent a network gets a dummy device, and its
containers reach each other only. Ports cannot be published. Left out: VLAN subinterfaces as parents (eth0.10).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.engine.errors import System
from simulator.engine.network.addresses import mac_for
from simulator.engine.network.drivers.driver import CONTAINER_PREFIX, VETH_DIGITS, VETH_PREFIX
from simulator.kernel.device import Device, Dummy

if TYPE_CHECKING:
    from simulator.engine.network.endpoint import Endpoint
    from simulator.engine.network.network import Network
    from simulator.kernel.netns import NetNamespace

DUMMY_PREFIX = "dm-"
NOT_SUPPORTED = "operation not supported"


class ParentDriver:
    """The base of both drivers. `modes`: those that -o <name>_mode may say, the default first."""

    plumbs = True
    name: str
    modes: tuple[str, ...]

    def __init__(self, netns: NetNamespace) -> None:
        self._netns = netns
        self._parents: dict[str, str] = {}  # the id of a network -> the name of its parent
        self._dummies: dict[str, Dummy] = {}

    def mode(self, network: Network) -> str:
        return network.options.get(f"{self.name}_mode") or self.modes[0]

    # -- networks ---------------------------------------------------------------------------------------------------

    def create_network(self, network: Network) -> None:
        if not network.leases4:
            raise System("ipv4 pool is empty")
        mode, own_dummy = self.mode(network), DUMMY_PREFIX + network.id[:12]
        if mode not in self.modes:
            default = f"'{self.modes[0]}' mode is the {self.name} driver default"
            raise System(f"requested {self.name} mode '{mode}' is not valid, {default}")
        parent = network.options.get("parent") or own_dummy
        if parent == "lo":
            raise System(f"loopback interface is not a valid {self.name} parent link")
        for other, taken in self._parents.items():
            if taken == parent:
                raise System(f"network {DUMMY_PREFIX}{other[:12]} is already using parent interface {parent}")
        if self._device(parent) is None:
            self._make_parent(network, parent, own_dummy)
        self._parents[network.id] = parent

    def _make_parent(self, network: Network, parent: str, own_dummy: str) -> None:
        if parent == own_dummy:
            dummy = Dummy(self._netns, own_dummy, mac=self._netns.clock.chance.mac("dummy mac"))
            dummy.set_up()
            self._dummies[network.id] = dummy
        elif "." not in parent:
            raise System(f"invalid subinterface vlan name {parent}, example formatting is eth0.10")
        else:
            raise System(f"failed to create {parent} vlan link: {NOT_SUPPORTED}")

    def delete_network(self, network: Network) -> None:
        del self._parents[network.id]
        dummy = self._dummies.pop(network.id, None)
        if dummy is not None and self._device(dummy.name) is dummy:
            dummy.delete()

    def _device(self, name: str) -> Device | None:
        try:
            return self._netns.device(name)
        except OSError:
            return None

    # -- endpoints --------------------------------------------------------------------------------------------------

    def create_endpoint(self, endpoint: Endpoint) -> None:
        endpoint.mac = endpoint.mac or mac_for(endpoint.ip)

    def delete_endpoint(self, endpoint: Endpoint) -> None:
        device, endpoint.device = endpoint.device, None
        if device is not None and device in device.netns.devices.values():
            device.delete()

    def join(self, endpoint: Endpoint) -> None:
        parent = self._device(self._parents[endpoint.network.id])
        if parent is None:
            wanted = self._parents[endpoint.network.id]
            raise System(f"the requested parent interface {wanted} was not found on the Docker host")
        name = VETH_PREFIX + self._netns.clock.chance.hex("veth name", VETH_DIGITS)
        endpoint.device = self.new_device(parent, name, endpoint)
        endpoint.prefix = CONTAINER_PREFIX
        self.set_gateways(endpoint)

    def new_device(self, parent: Device, name: str, endpoint: Endpoint) -> Device:
        """The endpoint's device on top of the parent. Raises System."""
        raise System(f"failed to create the {self.name} port: {NOT_SUPPORTED}")

    def set_gateways(self, endpoint: Endpoint) -> None:
        network = endpoint.network
        if network.internal:
            return
        endpoint.gateway = network.leases4[0].gateway
        endpoint.gateway6 = network.leases6[0].gateway if network.leases6 else ""

    def leave(self, endpoint: Endpoint) -> None:
        """Nothing on the host depends on who uses an endpoint."""

    def publish(self, endpoint: Endpoint) -> None:
        """The driver does not publish ports; the real engine logs a warning."""

    def revoke(self, endpoint: Endpoint) -> None:
        """Nothing was published."""
