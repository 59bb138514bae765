"""Filters, moments and durations as the API writes them; events and what they are filtered by."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.clock import Clock, S
from simulator.engine.errors import InvalidParameter, System
from simulator.engine.filters import (
    boolean,
    check_filters,
    labels_match,
    matches,
    prune_match,
    until,
)


def test_until_is_an_age_or_a_moment() -> None:
    clock = Clock(start=100 * S)
    assert until({}, clock) is None
    assert until({"until": ["10s"]}, clock) == 90 * S
    assert until({"until": ["42.5"]}, clock) == 85 * S // 2
    assert until({"until": ["1970-01-01T00:00:07Z"]}, clock) == 7 * S
    with pytest.raises(InvalidParameter, match="more than one until filter specified"):
        until({"until": ["1", "2"]}, clock)
    with pytest.raises(System, match='failed to parse value as time or duration: "x"'):
        until({"until": ["x"]}, clock)


def test_names_match_anywhere_as_a_pattern_or_as_they_are() -> None:
    assert matches({}, "name", "web")
    assert matches({"name": ["e"]}, "name", "web")
    assert matches({"name": ["x", "^w"]}, "name", "web")
    assert not matches({"name": ["^e"]}, "name", "web")
    assert matches({"name": ["a["]}, "name", "a[")


def test_labels_have_all_to_be_there() -> None:
    labels = {"a": "1", "b": ""}
    assert labels_match({"label": ["a=1", "b"]}, labels)
    assert not labels_match({"label": ["a=2"]}, labels)
    assert not labels_match({"label": ["a", "c"]}, labels)
    assert not labels_match({"label": ["a"]}, None)


def test_pruning_keeps_what_the_negated_label_names() -> None:
    assert not prune_match({"label!": ["keep"]}, {"keep": ""})
    assert prune_match({"label!": ["keep"]}, {"other": ""})
    assert not prune_match({"label": ["x"]}, {})


def test_filters_that_are_not_known_or_neither_true_nor_false() -> None:
    with pytest.raises(InvalidParameter, match="Invalid filter 'x'"):
        check_filters({"x": ["1"]}, ("y",))
    assert [boolean({"d": [value]}, "d") for value in ("1", "false")] == [True, False]
    with pytest.raises(InvalidParameter, match=r"Invalid filter 'd=\[maybe\]'"):
        boolean({"d": ["maybe"]}, "d")


# -- events ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filters", "actions"),
    [
        ({"type": ["network"]}, ["connect"]),
        ({"event": ["create", "start"]}, ["create", "start"]),
        ({"event": ["exec_create"]}, ["exec_create: env "]),
        ({"container": ["c1"], "event": ["start"]}, ["start"]),
        ({"container": ["c9"]}, []),
        ({"image": ["alpine"], "event": ["create"]}, ["create"]),
        ({"label": ["tier=front"], "event": ["create"]}, ["create"]),
        ({"label": ["tier=back"]}, []),
        ({"scope": ["swarm"]}, []),
        ({"plugin": ["x"]}, []),
        ({"node": ["x"]}, []),
        ({"nosuch": ["x"], "event": ["start"]}, ["start"]),
    ],
)
def test_events_pass_filters(world: Any, filters: dict[str, list[str]], actions: list[str]) -> None:
    feed = world.engine.events(filters)
    world.start("sleep", "100", name="c1", Labels={"tier": "front"})
    world.engine.exec_create("c1", {"Cmd": ["env"]})
    assert [document["Action"] for document in feed._waiting] == actions


def test_events_of_the_past_and_until(world: Any) -> None:
    world.create(name="c1")
    world.advance(5 * S)
    began = world.clock.wall() // S
    feed = world.engine.events(since=str(began), until=str(began + 10))
    world.create(name="c2")
    world.advance(20 * S)
    world.create(name="c3")
    names = []
    while (document := world.wait(feed.read())) is not None:
        names.append(document["Actor"]["Attributes"]["name"])
    assert names == ["c2"]


def test_an_end_alone_brings_the_past(world: Any) -> None:
    world.create(name="c1")
    feed = world.engine.events(until=str(world.clock.wall() // S + 1))
    assert [document["Action"] for document in feed._waiting] == ["create"]
    assert not world.engine.events()._waiting


def test_only_the_last_events_are_kept(world: Any) -> None:
    for number in range(300):
        world.create(name=f"c{number}")
    assert len(world.actions()) == 256
