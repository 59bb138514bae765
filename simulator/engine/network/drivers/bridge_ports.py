"""Publishing ports of containers on bridge networks. Mirrors libnetwork's drivers/bridge/port_mapping.go, portmapper.

A binding without an address is made twice, for IPv4 and for IPv6; as these bridges have no ip6tables, the second is
docker-proxy alone. A port of the engine's choice that a process of the host has already is given up for the next one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from simulator.engine.errors import EngineError
from simulator.engine.network.addresses import is_ipv4
from simulator.engine.network.drivers.bridge_options import ANY, BridgeConfig
from simulator.engine.network.drivers.bridge_rules import Firewall
from simulator.engine.network.endpoint import Endpoint
from simulator.engine.network.ports import PortAllocator, PortBinding
from simulator.engine.network.proxy import Proxy
from simulator.trace import PortAllocated, PortReleased

if TYPE_CHECKING:
    from simulator.kernel.machine import Machine

ANY6 = "::"
ATTEMPTS = 10  # maxAllocatePortAttempts

StartProxy = Callable[[PortBinding], Proxy]


class PortMapper:
    """Opens and closes ports: the book of the allocator, the rules, the proxy."""

    def __init__(
        self, machine: Machine, allocator: PortAllocator, firewall: Firewall, start_proxy: StartProxy, *, both: bool
    ) -> None:
        self._machine, self._allocator, self._firewall = machine, allocator, firewall
        self._start_proxy = start_proxy
        self._both = both  # whether a binding without an address is one of IPv6 as well

    def open(self, endpoint: Endpoint, bindings: tuple[PortBinding, ...], config: BridgeConfig) -> None:
        """Opens all or none. Raises System."""
        try:
            for wanted in bindings:
                for binding in self._families(endpoint, wanted, config):
                    self._open_one(endpoint, binding, config)
        except EngineError:
            self.close(endpoint, config)
            raise

    def close(self, endpoint: Endpoint, config: BridgeConfig) -> None:
        for binding in endpoint.ports:
            endpoint.proxies.pop(binding).stop()
            if self._has_rules(binding, config):
                self._firewall.remove_port(config.bridge, binding)
            self._release(binding)
        endpoint.ports = []

    def _families(self, endpoint: Endpoint, wanted: PortBinding, config: BridgeConfig) -> list[PortBinding]:
        """The binding for IPv4 and for IPv6, as far as its address and the network's default leave room for them."""
        default = config.binding_ip or ANY
        host_ip = wanted.host_ip or default
        inside6 = endpoint.ip6 or endpoint.ip
        if wanted.host_ip or default != ANY:
            return [wanted.at(host_ip=host_ip, container_ip=endpoint.ip if is_ipv4(host_ip) else inside6)]
        four = wanted.at(host_ip=ANY, container_ip=endpoint.ip)
        return [four, wanted.at(host_ip=ANY6, container_ip=inside6)] if self._both else [four]

    def _open_one(self, endpoint: Endpoint, wanted: PortBinding, config: BridgeConfig) -> None:
        attempts = 1 if wanted.first else ATTEMPTS
        for attempt in range(attempts):
            try:
                self._map(endpoint, wanted, config)
                return
            except EngineError:
                if attempt == attempts - 1:
                    raise

    def _map(self, endpoint: Endpoint, wanted: PortBinding, config: BridgeConfig) -> None:
        number = self._allocator.request(wanted.host_ip, wanted.port.proto, wanted.first, wanted.last)
        binding = wanted.on(number)
        self._tell(PortAllocated, binding)
        if self._has_rules(binding, config):
            self._firewall.add_port(config.bridge, binding)
        try:
            endpoint.proxies[binding] = self._start_proxy(binding)
        except EngineError:
            if self._has_rules(binding, config):
                self._firewall.remove_port(config.bridge, binding)
            self._release(binding)
            raise
        endpoint.ports.append(binding)

    def _release(self, binding: PortBinding) -> None:
        self._allocator.release(binding.host_ip, binding.port.proto, binding.number)
        self._tell(PortReleased, binding)

    def _tell(self, kind: type[PortAllocated | PortReleased], binding: PortBinding) -> None:
        machine = self._machine
        if kind in machine.trace.wanted:
            now = int(machine.clock.now)
            machine.trace.emit(kind(now, machine.name, "", binding.host_ip, binding.port.proto, binding.number))

    @staticmethod
    def _has_rules(binding: PortBinding, config: BridgeConfig) -> bool:
        """Internal networks and IPv6 have no chain for ports."""
        return is_ipv4(binding.host_ip) and not config.internal
