"""Names and ids: what means which container."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.clock import Chance
from simulator.engine.errors import Conflict, InvalidParameter, NotFound, System
from simulator.engine.names import PAIRS, ContainerNames, check_name, generate_name


@dataclass(eq=False)
class Thing:
    id: str


def names_of(*ids: str) -> ContainerNames[Thing]:
    names: ContainerNames[Thing] = ContainerNames()
    for identity in ids:
        names.add(Thing(identity))
    return names


def test_an_id_a_name_and_the_beginning_of_an_id_in_this_order() -> None:
    names = names_of("aaa111", "aab222", "ccc333")
    names.reserve("aaa", names.find("ccc333"))
    assert names.find("aaa111").id == "aaa111"
    assert names.find("aaa").id == "ccc333"
    assert names.find("/aaa").id == "ccc333"
    assert names.find("aab").id == "aab222"


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        ("", InvalidParameter, 'invalid name or ID supplied: ""'),
        ("x", NotFound, "No such container: x"),
        ("AAA", NotFound, "No such container: AAA"),
        ("aa", System, "Multiple IDs found with provided prefix: aa"),
    ],
)
def test_what_means_none_or_several(text: str, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        names_of("aaa111", "aab222").find(text)


def test_removing_gives_all_names_back() -> None:
    names = names_of("aaa111", "bbb222")
    first, second = names
    for name in ("a1", "b1/first"):
        names.reserve(name, first)
    with pytest.raises(Conflict):
        names.reserve("a1", second)
    names.remove(first)
    names.reserve("a1", second)
    assert names.names(second) == ["a1"]
    assert (len(names), "aaa111" in names) == (1, False)


@given(st.lists(st.text("0123456789abcdef", min_size=6, max_size=6), unique=True, min_size=1), st.data())
def test_a_beginning_means_a_container_if_only_one_id_begins_so(ids: list[str], data: st.DataObject) -> None:
    names = names_of(*ids)
    prefix = data.draw(st.sampled_from(ids))[: data.draw(st.integers(1, 5))]
    fitting = [identity for identity in ids if identity.startswith(prefix)]
    if len(fitting) == 1:
        assert names.find(prefix).id == fitting[0]
    else:
        with pytest.raises(System):
            names.find(prefix)


@pytest.mark.parametrize("name", ["a1", "/a1", "A.b-c_d", "0x"])
def test_names_that_are_allowed(name: str) -> None:
    check_name(name)


def test_a_generated_name_is_one_that_is_free() -> None:
    chance = Chance(0)
    chance.preset("container name", ["calm_cerf", "calm_cerf"])
    assert generate_name(chance, {"calm_cerf"}.__contains__) == "calm_cerf0"
    assert generate_name(chance, lambda name: False) in PAIRS
