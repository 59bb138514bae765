"""Address management: which subnet a network gets, and which address of it a container.

Mirrors libnetwork's default IPAM driver (ipam/allocator.go, ipam/structures.go, ipamutils): a list of predefined pools
that is walked next-fit, so that a subnet which was given back is not used again at once; and per subnet a bitmap from
which the first free address is taken. Networks with an IP range have a pool of their own below the subnet's: such a
child is not checked for overlaps, only whether the same child exists. Left out: pools of cluster scope, IPAM plugins.
"""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from msgspec import Struct, field

from simulator.engine.errors import Forbidden, NotFound, System
from simulator.engine.network.addresses import Subnet, SubnetSet, subnet_from_text

# ipamutils' localScopeDefaultNetworks: a base and the length of the prefixes it is cut into.
PREDEFINED_BASES = (
    ("172.17.0.0/16", 16),
    ("172.18.0.0/16", 16),
    ("172.19.0.0/16", 16),
    ("172.20.0.0/14", 16),
    ("172.24.0.0/14", 16),
    ("172.28.0.0/14", 16),
    ("192.168.0.0/16", 20),
)

MAX_ADDRESSES = 2**64 - 1  # the bitmap counts in 64 bits, so a /64 and anything wider has this many


class PoolOverlaps(Forbidden):
    """Somebody has this subnet or a part of it."""

    def __init__(self) -> None:
        super().__init__("Pool overlaps with other one on this address space")


class NoFreeAddress(System):
    """Every address of the pool is taken."""

    def __init__(self) -> None:
        super().__init__("No available addresses on this pool")


class AddressInUse(Forbidden):
    """The address asked for is taken."""

    def __init__(self) -> None:
        super().__init__("Address already in use")


class OutOfRange(System):
    """The address asked for is not one of the subnet."""

    def __init__(self) -> None:
        super().__init__("Requested address is out of range")


class Bitmap:
    """Which of the addresses of a subnet are taken, by their number in it."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._taken: set[int] = set()
        self._floors: dict[int, int] = {}  # where a search began -> below it, from there on, all is taken

    @property
    def free(self) -> int:
        return self.size - len(self._taken)

    def take(self, ordinal: int) -> bool:
        """Takes this very one. False if it is taken or there is none such."""
        if ordinal in self._taken or ordinal >= self.size:
            return False
        self._taken.add(ordinal)
        return True

    def take_first(self, start: int, end: int) -> int | None:
        """Takes the first free one from start to end (both included), if there is one."""
        ordinal = self._floors.get(start, start)
        while ordinal in self._taken:
            ordinal += 1
        self._floors[start] = ordinal
        if ordinal > min(end, self.size - 1):
            return None
        self._taken.add(ordinal)
        return ordinal

    def release(self, ordinal: int) -> None:
        self._taken.discard(ordinal)
        for start, floor in self._floors.items():
            if start <= ordinal < floor:
                self._floors[start] = ordinal


class PoolKey(Struct, frozen=True):
    """What tells one pool from another: the subnet, and the range in it as it was written."""

    subnet: Subnet
    range: str = ""


class Pool(Struct):
    """A subnet that is in use, or a range of one. `start` and `end` are the first and last address to give."""

    key: PoolKey
    bitmap: Bitmap
    start: int
    end: int
    references: int = 1
    parent: Pool | None = None

    @property
    def subnet(self) -> Subnet:
        return self.key.subnet


def predefined_pools() -> list[Subnet]:
    """The subnets from which networks without one of their own get theirs."""
    return [pool for base, prefix in PREDEFINED_BASES for pool in ip_network(base).subnets(new_prefix=prefix)]


class Allocator(Struct):
    """The local address space: pools by key, and where in the list of predefined ones the next search begins."""

    predefined: list[Subnet] = field(default_factory=predefined_pools)
    _next: int = 0
    _pools: dict[PoolKey, Pool] = field(default_factory=dict)
    _subnets: SubnetSet = field(default_factory=SubnetSet)

    def request_pool(self, subnet: str = "", ip_range: str = "", *, version: int = 4) -> Pool:
        """A pool of this subnet (and range), or the next predefined one. Raises PoolOverlaps, NotFound, System."""
        if not subnet:
            return self._add(PoolKey(self._next_predefined(version)), None)
        key = PoolKey(self._parse(subnet, ip_range), ip_range)
        if key in self._pools:
            raise PoolOverlaps
        if not ip_range:
            if self._subnets.overlaps(key.subnet):
                raise PoolOverlaps
            return self._add(key, None)
        return self._add_range(key)

    def release_pool(self, pool: Pool) -> None:
        """Gives a pool back; a subnet goes with the last of its ranges."""
        each: Pool | None = pool
        while each is not None:
            each.references -= 1
            if each.references == 0:
                del self._pools[each.key]
                self._subnets.remove(each.subnet)
            each = each.parent

    def request_address(self, pool: Pool, preferred: str = "") -> str:
        """The first free address of the pool, or the one asked for: "172.17.0.2"."""
        if preferred and ip_address(preferred) not in pool.subnet:
            raise OutOfRange
        if pool.bitmap.free <= 0:
            raise NoFreeAddress
        if preferred:
            ordinal = self._ordinal(pool, preferred)
            if not pool.bitmap.take(ordinal):
                raise AddressInUse
        else:
            found = pool.bitmap.take_first(pool.start, pool.end)
            if found is None:
                raise NoFreeAddress
            ordinal = found
        return str(pool.subnet.network_address + ordinal)

    def release_address(self, pool: Pool, address: str) -> None:
        pool.bitmap.release(self._ordinal(pool, address))

    # -- inside -----------------------------------------------------------------------------------------------------

    def _next_predefined(self, version: int) -> Subnet:
        count = len(self.predefined)
        for step in range(count):
            index = (self._next + step) % count
            subnet = self.predefined[index]
            if subnet.version == version and not self._subnets.overlaps(subnet):
                # As in the original: past the end of the list the search begins at its head again.
                self._next = self._next + step + 1 if self._next + step + 1 < count else 0
                return subnet
        raise NotFound(
            f"could not find an available, non-overlapping IPv{version} address pool"
            " among the defaults to assign to the network"
        )

    def _parse(self, subnet: str, ip_range: str) -> Subnet:
        parsed = subnet_from_text(subnet)
        bad = "Pool" if parsed is None else "SubPool" if ip_range and subnet_from_text(ip_range) is None else ""
        if parsed is None or bad:
            where = f'address space "LocalDefault" pool "{subnet}" subpool "{ip_range}"'
            raise System(f"failed to parse pool request for {where}: Invalid Address {bad}")
        return parsed

    def _add(self, key: PoolKey, parent: Pool | None) -> Pool:
        size = min(key.subnet.num_addresses, MAX_ADDRESSES)
        bitmap = Bitmap(size)
        bitmap.take(0)  # the subnet itself; for IPv6 too, so that a bridge gets ::1
        if key.subnet.version == 4:
            bitmap.take(size - 1)  # broadcast
        return self._register(Pool(key, bitmap, 0, size - 1, parent=parent))

    def _add_range(self, key: PoolKey) -> Pool:
        master_key = PoolKey(key.subnet)
        master = self._pools.get(master_key)
        if master is None:
            master = self._add(master_key, None)
        else:
            master.references += 1
        part, mask = ip_network(key.range, strict=False), int(key.subnet.hostmask)
        start, end = int(part.network_address) & mask, int(part.broadcast_address) & mask
        return self._register(Pool(key, master.bitmap, start, end, parent=master))

    def _register(self, pool: Pool) -> Pool:
        self._pools[pool.key] = pool
        self._subnets.add(pool.subnet)
        return pool

    @staticmethod
    def _ordinal(pool: Pool, address: str) -> int:
        return int(ip_address(address)) - int(pool.subnet.network_address)
