"""Laws of addresses as the engine reads them, and of sets of subnets."""

from __future__ import annotations

from ipaddress import ip_network

from hypothesis import given
from hypothesis import strategies as st

from simulator.engine.network.addresses import Subnet, SubnetSet, overlap

SUBNETS = st.one_of(
    st.builds(lambda a, p: ip_network((a << 8, p), strict=False), st.integers(0, 0xFFFFFF), st.integers(0, 32)),
    st.builds(lambda a, p: ip_network((a << 112, p), strict=False), st.integers(0, 0xFFFF), st.integers(0, 128)),
)


@given(st.lists(SUBNETS, max_size=8), st.lists(st.integers(0, 7), unique=True), SUBNETS)
def test_a_set_finds_an_overlap_where_a_walk_finds_one(added: list[Subnet], removed: list[int], asked: Subnet) -> None:
    subnets = SubnetSet()
    for subnet in added:
        subnets.add(subnet)
    for index in removed:
        if index < len(added):
            subnets.remove(added[index])
    left = [subnet for index, subnet in enumerate(added) if index not in removed]
    assert subnets.overlaps(asked) == any(overlap(asked, subnet) for subnet in left)
