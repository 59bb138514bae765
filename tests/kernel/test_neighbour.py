"""Laws of the neighbour table and ARP."""

from __future__ import annotations

import pytest

from simulator.clock import Clock, S
from simulator.kernel.machine import Machine
from simulator.kernel.neighbour import TRANSITIONS, Cause, Nud
from simulator.kernel.netns import NetNamespace
from simulator.trace import NeighbourChanged, Trace
from tests.kernel.conftest import join, ping, quiet_netns, watch


@pytest.fixture
def pair(machine: Machine) -> tuple[NetNamespace, NetNamespace]:
    one, other = quiet_netns(machine, "one"), quiet_netns(machine, "other")
    join(one, "10.0.0.1/24", other, "10.0.0.2/24")
    return one, other


def state(netns: NetNamespace, device: str, address: str) -> Nud | None:
    entry = netns.neighbours.lookup(netns.device(device), address)
    return entry.state if entry else None


def test_the_first_packet_waits_for_the_answer(clock: Clock, pair: tuple[NetNamespace, NetNamespace]) -> None:
    ping(pair[0], "10.0.0.1", "10.0.0.2")
    assert state(pair[0], "v1a", "10.0.0.2") is Nud.INCOMPLETE
    clock.run(until=1 * S)
    assert state(pair[0], "v1a", "10.0.0.2") is Nud.REACHABLE


def test_whoever_is_asked_learns_the_asker_too(clock: Clock, pair: tuple[NetNamespace, NetNamespace]) -> None:
    seen = watch(pair[1].device("v1b"))
    ping(pair[0], "10.0.0.1", "10.0.0.2")
    clock.run(until=1 * S)
    assert [line for line in seen if "ARP, Request" in line] == ["in ARP, Request who-has 10.0.0.2 tell 10.0.0.1"]


def test_three_unanswered_requests_fail_the_entry_and_tell_nobody_twice(
    clock: Clock, pair: tuple[NetNamespace, NetNamespace], drops: list[str]
) -> None:
    seen = watch(pair[0].device("v1a"))
    ping(pair[0], "10.0.0.1", "10.0.0.9")
    clock.run(until=10 * S)
    assert seen == ["out ARP, Request who-has 10.0.0.9 tell 10.0.0.1"] * 3
    assert state(pair[0], "v1a", "10.0.0.9") is Nud.FAILED
    assert drops == ["NEIGHBOUR_FAILED"]


def test_a_used_old_entry_is_checked_by_asking_it_alone(clock: Clock, pair: tuple[NetNamespace, NetNamespace]) -> None:
    ping(pair[0], "10.0.0.1", "10.0.0.2")
    clock.run(until=100 * S)
    assert state(pair[0], "v1a", "10.0.0.2") is Nud.STALE
    seen = watch(pair[0].device("v1a"))
    ping(pair[0], "10.0.0.1", "10.0.0.2")
    assert state(pair[0], "v1a", "10.0.0.2") is Nud.DELAY
    clock.run(until=120 * S)
    assert any("Request who-has 10.0.0.2" in line for line in seen[2:])
    assert state(pair[0], "v1a", "10.0.0.2") is Nud.REACHABLE


def test_an_entry_set_by_hand_needs_no_question(clock: Clock, pair: tuple[NetNamespace, NetNamespace]) -> None:
    device = pair[0].device("v1a")
    pair[0].neighbours.add(device, "10.0.0.2", pair[1].device("v1b").mac)
    seen = watch(device)
    ping(pair[0], "10.0.0.1", "10.0.0.2")
    clock.run(until=1 * S)
    assert "echo request" in seen[0]


def test_every_change_of_state_is_told(clock: Clock, trace: Trace, pair: tuple[NetNamespace, NetNamespace]) -> None:
    changes: list[tuple[str, str]] = []
    trace.subscribe(lambda record: changes.append((record.before, record.after)), NeighbourChanged)
    ping(pair[0], "10.0.0.1", "10.0.0.2")
    clock.run(until=1 * S)
    assert ("NONE", "INCOMPLETE") in changes
    assert ("INCOMPLETE", "REACHABLE") in changes


def test_no_state_is_a_dead_end() -> None:
    left = {state for state, _ in TRANSITIONS}
    assert {state for state in Nud if state not in left} == {Nud.PERMANENT, Nud.NOARP}


def test_only_an_answer_makes_an_entry_reachable() -> None:
    assert {cause for (_, cause), after in TRANSITIONS.items() if after is Nud.REACHABLE} == {Cause.ANSWERED}
