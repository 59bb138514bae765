"""The host driver: containers use the host's own network. Mirrors libnetwork's drivers/host."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.engine.errors import Forbidden
from simulator.engine.network.drivers.driver import Unplumbed

if TYPE_CHECKING:
    from simulator.engine.network.network import Network


class Single(Unplumbed):
    """A driver of which there is one network, made by the engine itself."""

    name: str

    def __init__(self) -> None:
        self._made = False

    def create_network(self, network: Network) -> None:
        if self._made:
            raise Forbidden(f'only one instance of "{self.name}" network is allowed')
        self._made = True

    def delete_network(self, network: Network) -> None:
        raise Forbidden(f'network of type "{self.name}" cannot be deleted')


class HostDriver(Single):
    """The network `host`."""

    name = "host"
