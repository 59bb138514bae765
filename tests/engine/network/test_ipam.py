"""Pools and addresses are given as libnetwork's default IPAM gives them."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.engine.errors import EngineError, NotFound, System
from simulator.engine.network.addresses import overlap
from simulator.engine.network.ipam import AddressInUse, Allocator, NoFreeAddress, OutOfRange, Pool, PoolOverlaps


def subnets(allocator: Allocator, count: int) -> list[str]:
    return [str(allocator.request_pool().subnet) for _ in range(count)]


def test_the_predefined_pools_are_given_in_order() -> None:
    given_pools = subnets(Allocator(), 31)
    assert given_pools[:3] == ["172.17.0.0/16", "172.18.0.0/16", "172.19.0.0/16"]
    assert given_pools[14:17] == ["172.31.0.0/16", "192.168.0.0/20", "192.168.16.0/20"]
    assert given_pools[-1] == "192.168.240.0/20"


def test_a_pool_that_was_given_back_is_not_given_at_once() -> None:
    allocator = Allocator()
    allocator.release_pool(allocator.request_pool())
    assert str(allocator.request_pool().subnet) == "172.18.0.0/16"


def test_past_the_end_the_search_begins_anew_at_the_head() -> None:
    allocator = Allocator()
    pools = [allocator.request_pool() for _ in range(31)]
    with pytest.raises(NotFound, match="could not find an available, non-overlapping IPv4 address pool"):
        allocator.request_pool()
    allocator.release_pool(pools[3])
    assert str(allocator.request_pool().subnet) == "172.20.0.0/16"


def test_a_predefined_pool_that_overlaps_a_chosen_subnet_is_passed_over() -> None:
    allocator = Allocator()
    allocator.request_pool("172.17.128.0/24")
    assert subnets(allocator, 1) == ["172.18.0.0/16"]


def test_there_are_no_predefined_pools_of_ipv6() -> None:
    with pytest.raises(NotFound, match="IPv6"):
        Allocator().request_pool(version=6)


@pytest.mark.parametrize("other", ["10.0.0.0/8", "10.5.0.0/16", "10.5.3.0/24", "0.0.0.0/0"])
def test_a_subnet_may_not_overlap_another(other: str) -> None:
    allocator = Allocator()
    allocator.request_pool("10.5.0.0/16")
    with pytest.raises(PoolOverlaps):
        allocator.request_pool(other)


def test_a_range_of_a_subnet_is_not_checked_for_overlaps_but_two_equal_ones_are() -> None:
    allocator = Allocator()
    whole = allocator.request_pool("10.5.0.0/16")
    part = allocator.request_pool("10.5.0.0/16", "10.5.7.0/24")
    with pytest.raises(PoolOverlaps):
        allocator.request_pool("10.5.0.0/16", "10.5.7.0/24")
    assert allocator.request_address(whole) == "10.5.0.1"
    assert allocator.request_address(part) == "10.5.7.0"


def test_a_subnet_is_free_again_when_its_last_range_is() -> None:
    allocator = Allocator()
    one = allocator.request_pool("10.5.0.0/16", "10.5.7.0/24")
    two = allocator.request_pool("10.5.0.0/16", "10.5.8.0/24")
    allocator.release_pool(one)
    with pytest.raises(PoolOverlaps):
        allocator.request_pool("10.5.0.0/16")
    allocator.release_pool(two)
    allocator.request_pool("10.5.0.0/16")


@pytest.mark.parametrize(
    ("subnet", "ip_range", "what"),
    [("nonsense", "", "Pool"), ("10.3.0.0", "", "Pool"), ("10.3.0.0/24", "x", "SubPool"), ("10.3.0.0/33", "", "Pool")],
)
def test_what_is_no_subnet_is_refused(subnet: str, ip_range: str, what: str) -> None:
    with pytest.raises(System, match=f"Invalid Address {what}$"):
        Allocator().request_pool(subnet, ip_range)


@pytest.mark.parametrize(
    ("subnet", "ip_range", "expected"),
    [
        ("10.0.0.0/24", "", ["10.0.0.1", "10.0.0.2", "10.0.0.3"]),
        ("10.0.0.0/30", "", ["10.0.0.1", "10.0.0.2"]),
        ("10.0.0.0/31", "", []),
        ("10.0.0.0/32", "", []),
        ("172.28.0.0/16", "172.28.5.0/30", ["172.28.5.0", "172.28.5.1", "172.28.5.2", "172.28.5.3"]),
        ("10.0.0.0/24", "10.0.0.252/30", ["10.0.0.252", "10.0.0.253", "10.0.0.254"]),
        ("fd00::/64", "", ["fd00::1", "fd00::2", "fd00::3"]),
    ],
)
def test_the_first_free_address_is_given(subnet: str, ip_range: str, expected: list[str]) -> None:
    allocator = Allocator()
    pool = allocator.request_pool(subnet, ip_range)
    assert [allocator.request_address(pool) for _ in expected] == expected
    if len(expected) not in (3,) or "252" in ip_range:
        with pytest.raises(NoFreeAddress):
            allocator.request_address(pool)


@pytest.mark.parametrize(
    ("address", "error"),
    [("10.0.0.0", AddressInUse), ("10.0.0.255", AddressInUse), ("10.0.0.7", AddressInUse), ("10.0.1.1", OutOfRange)],
)
def test_an_address_asked_for_must_be_free_and_of_the_subnet(address: str, error: type[EngineError]) -> None:
    allocator = Allocator()
    pool = allocator.request_pool("10.0.0.0/24")
    allocator.request_address(pool, "10.0.0.7")
    with pytest.raises(error):
        allocator.request_address(pool, address)


def test_an_address_outside_the_range_may_be_asked_for() -> None:
    allocator = Allocator()
    pool = allocator.request_pool("10.0.0.0/24", "10.0.0.8/30")
    assert allocator.request_address(pool, "10.0.0.200") == "10.0.0.200"


def test_an_address_asked_for_in_a_full_subnet_is_not_available() -> None:
    allocator = Allocator()
    pool = allocator.request_pool("10.0.0.0/31")
    with pytest.raises(NoFreeAddress):
        allocator.request_address(pool, "10.0.0.1")


STEPS = st.lists(st.one_of(st.just("take"), st.integers(0, 17), st.integers(-18, -1)), max_size=60)


@given(STEPS, st.sampled_from(["", "10.9.0.4/30", "10.9.0.8/29"]))
def test_addresses_are_given_once_and_the_lowest_first(steps: list[str | int], ip_range: str) -> None:
    """take: any; 0..17: this very address; -1..-18: give back the n-th that is held."""
    allocator = Allocator()
    pool: Pool = allocator.request_pool("10.9.0.0/28", ip_range)
    allowed = [str(address) for address in ip_network(ip_range or "10.9.0.0/28")]
    held: set[str] = {"10.9.0.0", "10.9.0.15"}
    for step in steps:
        free = [address for address in allowed if address not in held]
        if step == "take":
            if free:
                assert allocator.request_address(pool) == free[0]
                held.add(free[0])
            else:
                with pytest.raises(NoFreeAddress):
                    allocator.request_address(pool)
        elif isinstance(step, int) and step >= 0:
            wanted = str(ip_address("10.9.0.0") + step)
            if wanted not in held and step < 16:
                assert allocator.request_address(pool, wanted) == wanted
                held.add(wanted)
            else:
                with pytest.raises((AddressInUse, OutOfRange, NoFreeAddress)):
                    allocator.request_address(pool, wanted)
        elif isinstance(step, int) and len(held) > 2:
            gone = sorted(held - {"10.9.0.0", "10.9.0.15"})[step % (len(held) - 2)]
            allocator.release_address(pool, gone)
            held.remove(gone)


@given(st.lists(st.one_of(st.none(), st.integers(0, 40)), max_size=70))
def test_pools_that_are_held_never_overlap(steps: list[int | None]) -> None:
    allocator, held = Allocator(), []
    for step in steps:
        if step is None:
            try:
                pool = allocator.request_pool()
            except NotFound:
                assert len(held) == 31
                continue
            assert not any(overlap(pool.subnet, other.subnet) for other in held)
            held.append(pool)
        elif held:
            allocator.release_pool(held.pop(step % len(held)))
