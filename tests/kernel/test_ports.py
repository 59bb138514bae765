"""Who may share a port."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.kernel.ports import PortTable, PortUse
from tests.kernel.network import World

USES = st.builds(
    PortUse,
    st.sampled_from(["0.0.0.0", "::", "127.0.0.1", "10.0.0.1", "::1"]),
    st.just(80),
    dual=st.booleans(),
    device=st.sampled_from(["", "eth0", "lo"]),
    reuse_address=st.booleans(),
    reuse_port=st.booleans(),
)


@given(USES, USES)
def test_two_that_do_not_listen_conflict_both_ways_or_not_at_all(one: PortUse, other: PortUse) -> None:
    assert one.conflicts(other) == other.conflicts(one)


@given(USES)
def test_nobody_conflicts_with_himself(use: PortUse) -> None:
    assert not use.conflicts(use)


@pytest.mark.parametrize(
    ("use", "ip", "covered"),
    [
        (PortUse("0.0.0.0", 1), "10.0.0.1", True),
        (PortUse("0.0.0.0", 1), "::1", False),
        (PortUse("::", 1), "10.0.0.1", False),
        (PortUse("::", 1, dual=True), "10.0.0.1", True),
        (PortUse("::", 1), "fd00::1", True),
        (PortUse("10.0.0.1", 1), "10.0.0.2", False),
    ],
)
def test_what_an_address_covers(use: PortUse, ip: str, covered: bool) -> None:
    assert use.covers(ip) is covered


def test_devices_keep_ports_apart() -> None:
    one, other = PortUse("0.0.0.0", 1, device="eth0"), PortUse("0.0.0.0", 1, device="eth1")
    assert not one.conflicts(other)
    assert one.conflicts(PortUse("0.0.0.0", 1))


def test_a_released_port_is_free() -> None:
    table = PortTable(World(["a"]).machines["a"].netns)
    use = PortUse("0.0.0.0", 80)
    table.claim(use)
    assert table.taken(PortUse("127.0.0.1", 80))
    table.release(use)
    table.release(use)
    assert not table.taken(PortUse("127.0.0.1", 80))


def test_the_next_free_port_is_taken_when_chance_finds_one_in_use() -> None:
    netns = World(["a"]).machines["a"].netns
    table = PortTable(netns)
    netns.clock.chance.preset("ephemeral port", [50_000, 50_000, 60_999, 60_999])
    uses = [PortUse("0.0.0.0", 0) for _ in range(4)]
    for use in uses:
        table.claim(use)
    assert [use.port for use in uses] == [50_000, 50_001, 60_999, 32_768]
