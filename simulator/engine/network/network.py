"""A network: its settings, its subnets, its endpoints. Mirrors libnetwork's network.go."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address
from typing import TYPE_CHECKING

from msgspec import Struct, field

from simulator.clock import Chance
from simulator.engine.errors import Forbidden, NotFound, System
from simulator.engine.network import leases
from simulator.engine.network.endpoint import Endpoint, EndpointConfig, checked, link_local_interfaces
from simulator.engine.network.ipam import Allocator, NoFreeAddress, Pool
from simulator.engine.network.leases import IpamConfig, Lease
from simulator.engine.network.records import Records

if TYPE_CHECKING:
    from simulator.engine.network.drivers.driver import Driver

ID_DIGITS = 64
PREDEFINED = ("bridge", "host", "none", "default")


def is_user_defined(name: str) -> bool:
    """Whether a network (or a container's network mode) of this name is one that somebody made."""
    return name not in PREDEFINED and not name.startswith("container:")


class Network(Struct, eq=False):
    """One network. `created` is in ns since the epoch."""

    id: str
    name: str
    driver_name: str
    driver: Driver
    allocator: Allocator
    chance: Chance
    created: int
    scope: str = "local"
    enable_ipv6: bool = False
    internal: bool = False
    attachable: bool = False
    ingress: bool = False
    config_only: bool = False
    config_from: str = ""
    labels: dict[str, str] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=dict)
    ipam_driver: str = "default"
    ipam_options: dict[str, str] | None = None
    ipam4: list[IpamConfig] = field(default_factory=list)
    ipam6: list[IpamConfig] = field(default_factory=list)
    leases4: list[Lease] = field(default_factory=list)
    leases6: list[Lease] = field(default_factory=list)
    endpoints: dict[str, Endpoint] = field(default_factory=dict)  # by name
    records: Records = field(default_factory=Records)
    dependants: int = 0  # networks that take their configuration from this one

    @property
    def is_user_defined(self) -> bool:
        return is_user_defined(self.name)

    @property
    def in_use(self) -> bool:
        return bool(self.endpoints) or self.dependants > 0

    # -- subnets ----------------------------------------------------------------------------------------------------

    def allocate(self, free_on_host: Callable[[Lease], bool]) -> None:
        """Gets the network its subnets and gateways."""
        if not self.driver.plumbs:
            return
        self.leases4 = leases.allocate(self.allocator, self.ipam4, name=self.name, version=4, free_on_host=free_on_host)
        if self.enable_ipv6:
            try:
                self.leases6 = leases.allocate(
                    self.allocator, self.ipam6, name=self.name, version=6, free_on_host=free_on_host
                )
            except Exception:
                leases.release(self.allocator, self.leases4)
                raise

    def release(self) -> None:
        leases.release(self.allocator, self.leases4)
        leases.release(self.allocator, self.leases6)

    # -- endpoints --------------------------------------------------------------------------------------------------

    def endpoint(self, name: str) -> Endpoint | None:
        return self.endpoints.get(name)

    def create_endpoint(self, name: str, config: EndpointConfig) -> Endpoint:
        """A container's place here, with its addresses and devices. Raises EngineError and leaves nothing behind."""
        config = checked(config)
        if self.config_only:
            raise Forbidden("cannot create endpoint on configuration-only network")
        if self.endpoint(name):
            raise Forbidden(f"endpoint with name {name} already exists in network {self.name}")
        endpoint = Endpoint(self.chance.hex("endpoint id", ID_DIGITS), name, self, config, mac=config.mac)
        endpoint.anonymous, endpoint.aliases, endpoint.links = config.anonymous, config.aliases, dict(config.links)
        endpoint.link_local = link_local_interfaces(config.link_local)
        try:
            self._assign_addresses(endpoint)
            self._plug(endpoint)
        except Exception:
            self._release_addresses(endpoint)
            raise
        self.endpoints[name] = endpoint
        self.records.add(endpoint)
        return endpoint

    def _plug(self, endpoint: Endpoint) -> None:
        try:
            self.driver.create_endpoint(endpoint)
        except (OSError, NotFound, Forbidden, System) as failure:
            raise System(f"failed to create endpoint {endpoint.name} on network {self.name}: {failure}") from None

    def delete_endpoint(self, endpoint: Endpoint) -> None:
        """Takes a container's place away. Its sandbox has left."""
        del self.endpoints[endpoint.name]
        self.records.remove(endpoint)
        if not self.endpoints:
            self.records = Records()
        self.driver.delete_endpoint(endpoint)
        self._release_addresses(endpoint)

    def rename_endpoint(self, endpoint: Endpoint, name: str) -> None:
        """The names of the network follow at once; a name that was given makes the endpoint a named one."""
        self.records.remove(endpoint)
        del self.endpoints[endpoint.name]
        endpoint.name, endpoint.anonymous = name, False
        self.endpoints[name] = endpoint
        self.records.add(endpoint)

    def _assign_addresses(self, endpoint: Endpoint) -> None:
        if not self.driver.plumbs:
            return
        endpoint.ipv4, endpoint.pool4 = self._assign(self.leases4, endpoint.config.ipv4, 4)
        if self.enable_ipv6:
            endpoint.ipv6, endpoint.pool6 = self._assign(self.leases6, endpoint.config.ipv6, 6)

    def _assign(self, offers: list[Lease], wanted: str, version: int) -> tuple[str, Pool]:
        for lease in offers:
            if wanted and ip_address(wanted) not in lease.pool.subnet:
                continue
            try:
                address = self.allocator.request_address(lease.pool, wanted)
            except NoFreeAddress:
                if wanted:
                    raise
                continue
            return f"{address}/{lease.pool.subnet.prefixlen}", lease.pool
        if wanted:
            raise System(f"Invalid address {wanted}: It does not belong to any of this network's subnets")
        pools = "addresses on this network's address pools"
        raise System(f"no available IPv{version} {pools}: {self.name} ({self.id})")

    def _release_addresses(self, endpoint: Endpoint) -> None:
        for pool, address in ((endpoint.pool4, endpoint.ip), (endpoint.pool6, endpoint.ip6)):
            if pool is not None:
                self.allocator.release_address(pool, address)
        endpoint.pool4 = endpoint.pool6 = None
