"""The macvlan driver: containers on the host's own wire, each with a MAC address. Mirrors drivers/macvlan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.engine.network.drivers.parent import ParentDriver
from simulator.kernel.macvlan import Macvlan

if TYPE_CHECKING:
    from simulator.engine.network.endpoint import Endpoint
    from simulator.kernel.device import Device


class MacvlanDriver(ParentDriver):
    """Networks of the driver macvlan."""

    name = "macvlan"
    modes = ("bridge", "private", "vepa", "passthru")

    def new_device(self, parent: Device, name: str, endpoint: Endpoint) -> Device:
        return Macvlan(parent, name, mac=endpoint.mac, mode=self.mode(endpoint.network))
