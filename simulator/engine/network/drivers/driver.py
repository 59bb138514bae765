"""What a network driver does. Mirrors libnetwork's driverapi."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from simulator.engine.network.endpoint import Endpoint
    from simulator.engine.network.network import Network

VETH_PREFIX, VETH_DIGITS = "veth", 7  # devices of containers, until they are renamed inside
CONTAINER_PREFIX = "eth"


class Driver(Protocol):
    """One kind of network. Every call may raise EngineError; a network's driver is asked in this order."""

    plumbs: bool  # whether its networks have subnets and devices at all

    def create_network(self, network: Network) -> None:
        """Makes what the network needs on the host."""

    def delete_network(self, network: Network) -> None:
        """Removes it."""

    def create_endpoint(self, endpoint: Endpoint) -> None:
        """Makes the endpoint's devices and gives it a MAC address; its IP addresses are chosen."""

    def delete_endpoint(self, endpoint: Endpoint) -> None:
        """Removes them."""

    def join(self, endpoint: Endpoint) -> None:
        """A sandbox takes the endpoint: says which device it gets, its name there and the gateways."""

    def leave(self, endpoint: Endpoint) -> None:
        """The sandbox gives it up."""

    def publish(self, endpoint: Endpoint) -> None:
        """The endpoint becomes the one that connects its sandbox to the world: opens the sandbox's ports."""

    def revoke(self, endpoint: Endpoint) -> None:
        """It is that no longer: closes them."""


class Unplumbed:
    """The part of a driver that does nothing: for networks without devices, and without published ports."""

    plumbs = False

    def create_network(self, network: Network) -> None:
        pass

    def delete_network(self, network: Network) -> None:
        pass

    def create_endpoint(self, endpoint: Endpoint) -> None:
        pass

    def delete_endpoint(self, endpoint: Endpoint) -> None:
        pass

    def join(self, endpoint: Endpoint) -> None:
        pass

    def leave(self, endpoint: Endpoint) -> None:
        pass

    def publish(self, endpoint: Endpoint) -> None:
        pass

    def revoke(self, endpoint: Endpoint) -> None:
        pass
