"""The subnets of a network: what is asked for, and what IPAM gave. Mirrors libnetwork's ipamAllocate, ipamRelease."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from ipaddress import ip_address

from msgspec import Struct, field

from simulator.engine.errors import EngineError, Forbidden, System
from simulator.engine.network.addresses import ip_from_text
from simulator.engine.network.ipam import Allocator, Pool

DEFAULT_GATEWAY_KEY = {4: "DefaultGatewayIPv4", 6: "DefaultGatewayIPv6"}  # an auxiliary address that is the gateway


class IpamConfig(Struct, frozen=True):
    """One subnet that is asked for, as it was written. Without a subnet any will do."""

    subnet: str = ""
    ip_range: str = ""
    gateway: str = ""
    auxiliary: dict[str, str] = field(default_factory=dict)


class Lease(Struct):
    """One subnet that a network has. `gateway` is its bridge's own address."""

    pool: Pool
    gateway: str = ""
    auxiliary: dict[str, str] = field(default_factory=dict)

    @property
    def gateway_interface(self) -> str:
        return f"{self.gateway}/{self.pool.subnet.prefixlen}"

    @property
    def default_gateway(self) -> str:
        """What containers use as gateway, if that is not the bridge."""
        return self.auxiliary.get(DEFAULT_GATEWAY_KEY[self.pool.subnet.version], "")


def allocate(
    allocator: Allocator,
    configs: list[IpamConfig],
    *,
    name: str,
    version: int,
    free_on_host: Callable[[Lease], bool],
) -> list[Lease]:
    """A lease for each config. When one fails, those before it are given back."""
    if not configs:
        configs.append(IpamConfig())
    made: list[Lease] = []
    try:
        for config in configs:
            if config.gateway and ip_from_text(config.gateway) is None:
                raise System(f"invalid gateway address {config.gateway} in Ipam configuration")
            made.append(_lease(allocator, config, version, free_on_host))
            _take_gateway(allocator, config, made[-1])
            _take_auxiliary(allocator, config, made[-1], name)
    except _Kept as kept:
        raise kept.reason from None
    except EngineError:
        for lease in made:
            allocator.release_pool(lease.pool)
        raise
    return made


class _Kept(Exception):
    """A refusal after which the engine forgets to give the subnet back: it stays taken until the engine restarts."""

    def __init__(self, reason: EngineError) -> None:
        self.reason = reason


def _lease(allocator: Allocator, config: IpamConfig, version: int, free_on_host: Callable[[Lease], bool]) -> Lease:
    """A subnet of one's own choice is taken as it is; one of the predefined must not overlap the host's networks."""
    refused: list[Pool] = []
    try:
        while True:
            lease = Lease(allocator.request_pool(config.subnet, config.ip_range, version=version))
            if config.subnet or free_on_host(lease):
                return lease
            refused.append(lease.pool)
    finally:
        for pool in refused:
            allocator.release_pool(pool)


def _take_gateway(allocator: Allocator, config: IpamConfig, lease: Lease) -> None:
    wanted = ip_from_text(config.gateway) or ""
    try:
        lease.gateway = allocator.request_address(lease.pool, wanted)
    except EngineError as failure:
        raise System(f"failed to allocate gateway ({config.gateway}): {failure.message}") from None


def _take_auxiliary(allocator: Allocator, config: IpamConfig, lease: Lease, name: str) -> None:
    for key, text in config.auxiliary.items():
        address = ip_from_text(text)
        if address is None:
            raise _Kept(System(f"non parsable secondary ip address ({key}:{text}) passed for network {name}"))
        if ip_address(address) not in lease.pool.subnet:
            where = f"auxiliary address: ({key}:{text}) must belong to the master pool: {lease.pool.subnet}"
            raise _Kept(Forbidden(where))
        try:
            lease.auxiliary[key] = allocator.request_address(lease.pool, address)
        except EngineError as failure:
            raise System(f"failed to allocate secondary ip address ({key}:{text}): {failure.message}") from None


def release(allocator: Allocator, leases: Sequence[Lease]) -> None:
    for lease in leases:
        for address in (lease.gateway, *lease.auxiliary.values()):
            allocator.release_address(lease.pool, address)
        allocator.release_pool(lease.pool)
