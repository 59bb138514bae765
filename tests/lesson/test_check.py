"""Laws of comparing what came with what a lesson shows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.lesson.check import check, first_difference, missing
from simulator.lesson.document import Lesson, Line, lesson_from_text
from simulator.lesson.player import Player


def lines(text: str) -> list[Line]:
    return [Line(line, number) for number, line in enumerate(text.split("|"), 1)] if text else []


def parted(expected: str, shown: str) -> tuple[int | None, str | None] | None:
    found = first_difference(lines(expected), shown.split("|") if shown else [])
    return None if found is None else (found[0].number if found[0] else None, found[1])


@pytest.mark.parametrize(
    ("expected", "shown"),
    [
        ("", ""),
        ("a|b", "a|b"),
        ("...", "a|b"),
        ("...", ""),
        ("a|...", "a|b|c"),
        ("...|c", "a|b|c"),
        ("...|b|...", "a|b|c"),
        ("a|...|c", "a|c"),
    ],
)
def test_what_agrees_has_no_difference(expected: str, shown: str) -> None:
    assert parted(expected, shown) is None


@pytest.mark.parametrize(
    ("expected", "shown", "line", "came"),
    [
        ("a", "", 1, None),
        ("", "a", None, "a"),
        ("a|b", "a|x", 2, "x"),
        ("a|b", "a", 2, None),
        ("a", "a|b", None, "b"),
        ("a ", "a", 1, "a"),
        ("...|c", "a|c|d", 2, "d"),
        ("...|b|c|...", "a|b|x", 3, "x"),
    ],
)
def test_the_first_difference_is_found_at_its_line(
    expected: str, shown: str, line: int | None, came: str | None
) -> None:
    found = parted(expected, shown)
    assert found is not None
    assert found[0] == line
    if expected != "...|c":
        assert found[1] == came


texts = st.lists(st.sampled_from(["a", "b", "c d", ""]), min_size=1, max_size=8)


@given(texts, st.data())
def test_any_changed_line_is_found(shown: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(shown) - 1))
    expected = [Line(text + "!" if number == at else text, number) for number, text in enumerate(shown)]
    found = first_difference(expected, shown)
    assert found is not None
    assert found[0] == expected[at]


@given(texts, st.data())
def test_lines_left_out_are_no_difference(shown: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(shown)))
    end = data.draw(st.integers(start, len(shown)))
    kept = [*shown[:start], "...", *shown[end:]]
    assert first_difference([Line(text, 1) for text in kept], shown) is None


# -- tasks ------------------------------------------------------------------------------------------------------------

TASK = """+++
title = "t"
teaches = "t"
prompts = {{ docker-host = "$ ", outside = "outside$ " }}
+++
```console
$ touch /tmp/played
```
<!-- docklab
hints = ["think", "touch it"]
solution = [{solution}]
-->
```check
$ ls -1 /tmp
...
{wanted}
...
```
"""


def lesson(solution: str, wanted: str = "wanted") -> Lesson:
    text = TASK.format(solution=solution, wanted=wanted)
    return lesson_from_text(text, name="l", path="l.md", language="ko")


def mistakes(lesson: Lesson) -> list[str]:
    return [str(difference) for _, difference in check(lesson) if difference]


def test_a_task_is_not_a_step() -> None:
    assert [step.is_check for step in lesson("").steps] == [False]
    assert [step.is_check for step in lesson("").blocks] == [False, True]


def test_a_task_that_its_solution_solves_passes() -> None:
    assert mistakes(lesson('"touch /tmp/wanted"')) == []


@pytest.mark.parametrize(
    ("solution", "wanted", "said"),
    [
        ('"touch /tmp/other"', "wanted", "l.md:16: $ ls -1 /tmp\n  - wanted"),
        ("", "played", "solved before anything was done"),
        ('"outside$ touch /tmp/wanted"', "wanted", "- wanted"),
    ],
)
def test_a_task_that_cannot_be_solved_or_is_solved_already_is_a_mistake(solution: str, wanted: str, said: str) -> None:
    assert any(said in mistake for mistake in mistakes(lesson(solution, wanted)))


def test_a_task_is_solved_whichever_way_it_was_done() -> None:
    player = Player(lesson(""))
    player.play()
    task = player.lesson.blocks[-1]
    assert missing(player, task) is not None
    player.lab.run("mv /tmp/played /tmp/wanted")
    assert missing(player, task) is None
