"""The lessons that come with docklab are true."""

from __future__ import annotations

import pytest

from simulator.lesson import library
from simulator.lesson.check import check, compare
from simulator.lesson.document import Lesson, lesson_from_text
from simulator.lesson.player import Player

NAMES, LANGUAGES = library.names(), library.languages()


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_shows_what_it_says(name: str) -> None:
    lesson = library.load(name, library.ORIGINAL)
    assert [str(difference) for _, difference in check(lesson) if difference] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_has_the_same_steps_in_every_language(name: str) -> None:
    original = library.load(name, library.ORIGINAL)
    for language in LANGUAGES:
        lesson = library.load(name, language)
        assert lesson.steps == original.steps
        assert [block.commands for block in lesson.blocks] == [block.commands for block in original.blocks]


@pytest.mark.parametrize("name", NAMES)
def test_a_changed_character_of_an_expected_output_is_found_at_its_line(name: str) -> None:
    """Each line in its turn has one character changed; the playback is one and the same."""
    path = library.folder() / f"{name}.{library.ORIGINAL}.md"
    text = path.read_text(encoding="utf-8")
    player = Player(library.load_file(path))
    played = [shown for _ in player.lesson.steps for shown in player.play()]
    for shown in played:
        for index, line in enumerate(shown.command.expected):
            if line.text.strip() in ("", "..."):
                continue
            changed = _changed(text, line.number, str(path))
            commands = [command for step in changed.steps for command in step.commands]
            other = next(command for command in commands if command.number == shown.command.number)
            assert other.expected[index].text != line.text
            shown_otherwise = type(shown)(other, shown.output, shown.status)
            assert compare(shown_otherwise, str(path)) is not None, f"{path.name}:{line.number}"


def _changed(text: str, number: int, path: str) -> Lesson:
    lines = text.splitlines()
    lines[number - 1] = lines[number - 1][:-1] + ("x" if lines[number - 1][-1] != "x" else "y")
    return lesson_from_text("\n".join(lines), name="l", path=path, language="ko")


def test_going_back_and_on_again_shows_the_same() -> None:
    lesson = library.load(NAMES[0], library.ORIGINAL)
    player = Player(lesson)
    first = [[shown.output for shown in player.play()] for _ in lesson.steps]
    player.go_to(1)
    assert player.position == 1
    assert [[shown.output for shown in player.play()] for _ in lesson.steps[1:]] == first[1:]


@pytest.mark.parametrize("name", NAMES)
def test_what_a_lesson_presets_is_drawn(name: str) -> None:
    """A preset that no draw takes is a mistake of the lesson."""
    player = Player(library.load(name, library.ORIGINAL))
    for _ in player.lesson.steps:
        player.play()
    chance = player.lab.clock.chance
    kinds = {kind for step in player.lesson.steps for kind in step.settings.chance} | set(player.lesson.settings.chance)
    assert {kind: chance.left(kind) for kind in sorted(kinds) if chance.left(kind)} == {}


def test_lessons_are_written_in_korean_and_english() -> None:
    assert set(LANGUAGES) >= {"ko", "en"}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_lesson_ends_with_a_task_that_has_hints(name: str, language: str) -> None:
    task = library.load(name, language).blocks[-1]
    assert task.is_check and task.settings.hints and task.settings.solution
